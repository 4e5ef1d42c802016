// The pool of files open for reading: what is opened, what stays open, who waits, what is closed first.
import { describe, expect, test } from 'vitest';
import { ReadHandles } from '../../../src/engine/log/readHandles.ts';
import { settle } from '../../support/testClock.ts';
import { held, OpenedFiles } from './openedFiles.ts';

function pool(limit?: number) {
  const files = new OpenedFiles();
  const handles = new ReadHandles(files.files, limit);
  const read = (path: string) => handles.use(path, async () => path);
  /** Reads `path` until `letGo` is called; `done` says whether the reader got the file. */
  const reading = (path: string) => {
    const { until, letGo } = held();
    const state = { isIn: false };
    const done = handles.use(path, () => {
      state.isIn = true;
      return until;
    });
    return { state, done, letGo };
  };
  return { files, handles, read, reading };
}

describe('use()', () => {
  test('answers what the task does, and opens a file once for all who read it', async () => {
    const { files, handles, read } = pool(4);
    expect(await Promise.all([read('a'), read('a'), read('b')])).toEqual(['a', 'a', 'b']);
    expect(await read('a')).toBe('a');
    expect([files.opened, files.closed, handles.openCount]).toEqual([['a', 'b'], [], 2]);
    expect([...files.modes]).toEqual(['read']);
  });

  test('closes the file that was idle longest when another needs its place', async () => {
    const { files, read } = pool(2);
    for (const path of ['a', 'b', 'a', 'c']) await read(path);
    expect([files.opened, files.closed]).toEqual([['a', 'b', 'c'], ['b']]);
    await read('a');
    expect(files.opened).toHaveLength(3);
  });

  test('never closes a file that somebody reads, however old', async () => {
    const { files, read, reading } = pool(2);
    const first = reading('a');
    for (const path of ['b', 'c', 'd']) await read(path);
    expect(files.closed).toEqual(['b', 'c']);
    first.letGo();
    await first.done;
  });

  test('waits while all places are taken, and goes on when any is given back', async () => {
    const { files, reading } = pool(2);
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(reading);
    await settle();
    expect([a!, b!, c!, d!].map(({ state }) => state.isIn)).toEqual([true, true, false, false]);
    b!.letGo();
    await settle();
    expect([c!.state.isIn, d!.state.isIn, files.closed]).toEqual([true, false, ['b']]);
    for (const reader of [a!, c!, d!]) reader.letGo();
    await Promise.all([a!.done, c!.done, d!.done]);
    expect(files.most).toBe(2);
  });

  test('serves every reader of a file that is open while others wait for a place', async () => {
    const { read, reading } = pool(1);
    const first = reading('a');
    const other = reading('b');
    await settle();
    expect(await read('a')).toBe('a');
    expect(other.state.isIn).toBe(false);
    first.letGo();
    other.letGo();
    await Promise.all([first.done, other.done]);
    expect(other.state.isIn).toBe(true);
  });

  test('holds 64 files open by default', async () => {
    const { files, handles, reading } = pool();
    const readers = Array.from({ length: 70 }, (_, at) => reading(`${at}`));
    await settle();
    expect([files.now, handles.openCount]).toEqual([64, 64]);
    for (const { letGo } of readers) letGo();
    await Promise.all(readers.map(({ done }) => done));
    expect(files.most).toBe(64);
  });

  test('of a task that fails gives the place back and keeps the file open', async () => {
    const { files, handles, read } = pool(1);
    const failed = handles.use('a', () => Promise.reject(new Error('unreadable')));
    await expect(failed).rejects.toThrow('unreadable');
    await read('a');
    expect([files.opened, handles.openCount]).toEqual([['a'], 1]);
    await read('b');
    expect([files.closed, files.now]).toEqual([['a'], 1]);
  });

  test('of a file that cannot be opened takes no place, and the next reader tries again', async () => {
    const { files, handles, read } = pool(1);
    files.failureOf = () => new Error('EMFILE');
    await expect(Promise.all([read('a'), read('a')])).rejects.toThrow('EMFILE');
    await settle();
    expect(handles.openCount).toBe(0);
    files.failureOf = () => undefined;
    expect(await read('a')).toBe('a');
  });

  test('loses no handle, whenever readers come while an opening fails', async () => {
    const { files, handles, read } = pool(3);
    let failures = 1;
    files.failureOf = () => (failures-- > 0 ? new Error('EMFILE') : undefined);
    const readers: Promise<unknown>[] = [];
    for (let step = 0; step < 30; step++) {
      readers.push(read('a').catch(() => undefined));
      await Promise.resolve();
    }
    await Promise.all(readers);
    expect([handles.openCount, files.opened]).toEqual([1, ['a']]);
  });
});

describe('drop()', () => {
  test('closes a file that is idle; of one that is not open there is nothing to do', async () => {
    const { files, handles, read } = pool(2);
    await handles.drop('a');
    await read('a');
    await read('b');
    await handles.drop('a');
    expect([files.closed, handles.openCount]).toEqual([['a'], 1]);
    await read('a');
    expect(files.opened).toEqual(['a', 'b', 'a']);
  });

  test('waits for every reader of the file', async () => {
    const { files, handles, reading } = pool(2);
    const [first, second] = [reading('a'), reading('a')];
    let isDropped = false;
    const dropped = handles.drop('a').then(() => {
      isDropped = true;
    });
    first.letGo();
    await first.done;
    await settle();
    expect([isDropped, files.closed]).toEqual([false, []]);
    second.letGo();
    await dropped;
    expect([files.closed, handles.openCount]).toEqual([['a'], 0]);
  });

  test('resolves once the file is closed, also when closing fails', async () => {
    const { files, handles, read } = pool(2);
    files.failsToClose = true;
    await read('a');
    await handles.drop('a');
    expect([files.closed, handles.openCount]).toEqual([['a'], 0]);
  });
});

test('closing that fails, of a file whose place another takes, is nobody`s failure', async () => {
  const { files, read } = pool(1);
  files.failsToClose = true;
  for (const path of ['a', 'b', 'c']) expect(await read(path)).toBe(path);
  await settle();
  expect(files.closed).toEqual(['a', 'b']);
});
