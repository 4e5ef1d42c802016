// However many logs are written to, a bounded number of files is open for it; an active one stays open.
import { describe, expect, test } from 'vitest';
import type { Files } from '../../../src/engine/log/files.ts';
import { boundedAppends } from '../../../src/engine/log/writeHandles.ts';
import { FaultyFiles } from '../../support/faultyFiles.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { settle } from '../../support/testClock.ts';
import { held, OpenedFiles } from './openedFiles.ts';
import { fill, filler, open, readAll } from './support.ts';

/** Files whose handles for appending are counted. */
function counted() {
  const files = new FaultyFiles();
  const count = { open: 0, most: 0, opened: 0 };
  const { open: openFile } = files;
  files.open = async (path, mode) => {
    const file = await openFile.call(files, path, mode);
    if (mode === 'read' || !path.endsWith('.log')) return file;
    count.opened += 1;
    count.open += 1;
    count.most = Math.max(count.most, count.open);
    const { close } = file;
    return {
      ...file,
      close: () => {
        count.open -= 1;
        return close();
      },
    };
  };
  return { files, count };
}

const logs = (files: Files, length: number) =>
  Promise.all(
    Array.from({ length }, async (_, index) => (await open({ files, folder: `s/${index}` })).log),
  );

describe('boundedAppends()', () => {
  test('logs that take turns share the handles, and lose nothing', async () => {
    const { files, count } = counted();
    const many = await logs(boundedAppends(files, 4), 40);
    for (let round = 0; round < 3; round++) {
      await Promise.all(many.map((log) => fill(log, { from: round, count: 1 })));
    }
    expect(count.most).toBe(4);
    for (const log of many) {
      expect((await readAll(log)).map(({ key }) => key)).toEqual([0, 1, 2]);
      await log.close();
    }
    expect([count.open, files.openCount]).toEqual([0, 0]);
    const again = await logs(files, 40);
    for (const log of again) expect(await readAll(log)).toHaveLength(3);
  });

  test('active logs within the limit are opened once each, whoever came and went', async () => {
    const { files, count } = counted();
    const [first, second, ...others] = await logs(boundedAppends(files, 3), 20);
    await fill(first!, { count: 1 });
    await fill(second!, { count: 1 });
    for (const [round, other] of others.entries()) {
      await fill(other, { count: 1 });
      await fill(first!, { from: 1 + round, count: 1 });
      await fill(second!, { from: 1 + round, count: 1 });
    }
    expect(count).toMatchObject({ most: 3, opened: 20 });
  });

  test('flush() brings to the disk what went through a handle that was closed since', async () => {
    const { files } = counted();
    const [log, other] = await logs(boundedAppends(files, 1), 2);
    await fill(log!, { count: 1 });
    await fill(other!, { count: 1 });
    const synced = () => files.operations.filter(({ kind }) => kind === 'sync').length;
    const before = synced();
    await log!.flush();
    expect(synced()).toBe(before + 1);
  });

  test('a file that cannot be opened takes no place', async () => {
    const { files } = counted();
    const bounded = boundedAppends(files, 1);
    files.faultFor = ({ kind }) => (kind === 'create' ? { code: 'EMFILE' } : undefined);
    await expect(bounded.open('a', 'append')).rejects.toMatchObject({ code: 'EMFILE' });
    files.faultFor = undefined;
    await (await bounded.open('b', 'append')).close();
    expect(files.openCount).toBe(0);
  });
});

describe('a file of boundedAppends()', () => {
  /** Files of which one write stays under way until it is let go. */
  function bounded(limit?: number) {
    const opened = new OpenedFiles();
    const { files } = opened;
    const { until, letGo } = held();
    const { open: openFile } = files;
    files.open = async (path, mode) => {
      const file = await openFile(path, mode);
      return path === 'held' ? { ...file, write: () => until } : file;
    };
    return { opened, letGo, files: boundedAppends(files, limit) };
  }

  test('writes, reads, cuts and syncs as the file does', async () => {
    const files = memoryFiles();
    const file = await boundedAppends(files).open('a', 'append');
    await file.write([filler(5), filler(3)], 2);
    const target = new Uint8Array(20);
    expect(await file.read(target, 1)).toBe(9);
    expect(target.subarray(1, 6)).toEqual(filler(5));
    await file.truncate(4);
    await file.sync();
    await file.close();
    expect(files.raw('a')).toEqual(Uint8Array.of(0, 0, ...filler(2)));
    expect(files.openCount).toBe(0);
  });

  test('is not closed while it is written to: who needs its place waits', async () => {
    const { opened, letGo, files } = bounded(1);
    const file = await files.open('held', 'append');
    const written = file.write([filler(1)], 0);
    let isOpen = false;
    const other = files.open('b', 'append').then(() => {
      isOpen = true;
    });
    await settle();
    expect([isOpen, opened.now, opened.closed]).toEqual([false, 1, []]);
    letGo();
    await Promise.all([written, other]);
    expect([isOpen, opened.closed, opened.most]).toEqual([true, ['held'], 1]);
  });

  test('gives its place to one who waits when it is closed', async () => {
    const { opened, letGo, files } = bounded(1);
    const file = await files.open('held', 'append');
    void file.write([filler(1)], 0);
    const other = files.open('b', 'append');
    await settle();
    await file.close();
    await other;
    expect([opened.opened, opened.closed]).toEqual([['held', 'b'], ['held']]);
    letGo();
  });

  test('is opened again by the next write after it was closed for another', async () => {
    const { opened, files } = bounded(1);
    const first = await files.open('a', 'append');
    const second = await files.open('b', 'append');
    await first.write([filler(1)], 0);
    await second.close();
    await second.close();
    await first.close();
    expect([opened.opened, opened.closed]).toEqual([
      ['a', 'b', 'a'],
      ['a', 'b', 'a'],
    ]);
  });

  test('is opened again by the next write when it could not be once', async () => {
    const { opened, files } = bounded(1);
    const file = await files.open('a', 'append');
    await (await files.open('b', 'append')).close();
    opened.failureOf = () => new Error('EMFILE');
    await expect(file.write([filler(1)], 0)).rejects.toThrow('EMFILE');
    opened.failureOf = () => undefined;
    await file.write([filler(1)], 0);
    await file.close();
    expect(opened.now).toBe(0);
  });

  test('loses no handle, whenever writes come while an opening fails', async () => {
    const { opened, files } = bounded(2);
    const file = await files.open('a', 'append');
    await file.close();
    let failures = 1;
    opened.failureOf = () => (failures-- > 0 ? new Error('EMFILE') : undefined);
    const writes: Promise<void>[] = [];
    for (let step = 0; step < 30; step++) {
      writes.push(file.write([filler(1)], 0).catch(() => undefined));
      await Promise.resolve();
    }
    await Promise.all(writes);
    await file.close();
    expect([opened.now, opened.opened]).toEqual([0, ['a', 'a']]);
  });

  test('is one of 64 that are open by default', async () => {
    const { opened, files } = bounded();
    const all = await Promise.all(
      Array.from({ length: 70 }, (_, at) => files.open(`${at}`, 'append')),
    );
    expect([opened.most, opened.now]).toEqual([64, 64]);
    for (const file of all) await file.close();
    expect(opened.now).toBe(0);
  });

  test('closes in vain for another without failing it', async () => {
    const { opened, files } = bounded(1);
    opened.failsToClose = true;
    await files.open('a', 'append');
    await (await files.open('b', 'append')).write([filler(1)], 0);
    await settle();
    expect(opened.closed).toEqual(['a']);
  });
});

test('boundedAppends() creates nothing that is opened for reading', async () => {
  const files = memoryFiles();
  const opening = boundedAppends(files).open('missing', 'read');
  await expect(opening).rejects.toMatchObject({ code: 'ENOENT' });
  expect(files.paths).toEqual([]);
});

test('boundedAppends() changes nothing else that files do', async () => {
  const files = new FaultyFiles();
  files.free = 12_345;
  const bounded = boundedAppends(files, 1);
  const isThere = async (path: string) => (await bounded.stat(path)) !== undefined;
  await bounded.makeFolder('f');
  expect((await files.stat('f'))?.isFolder).toBe(true);
  await bounded.replace('f/a', filler(3));
  expect(await bounded.readAll('f/a')).toEqual(filler(3));
  expect(await bounded.stat('f/a')).toEqual(await files.stat('f/a'));
  expect(await bounded.createExclusive('f/a', filler(1))).toBe(false);
  expect(await bounded.createExclusive('f/b', filler(1))).toBe(true);
  await bounded.rename('f/b', 'f/c');
  await bounded.link('f/c', 'f/d');
  expect(await bounded.list('f')).toEqual(['a', 'c', 'd']);
  await bounded.remove('f/c');
  expect([await isThere('f/c'), await isThere('f/d')]).toEqual([false, true]);
  await bounded.syncFolder('f');
  expect(files.operations.at(-1)).toEqual({ kind: 'syncFolder', path: 'f' });
  expect(await bounded.freeBytes('f')).toBe(12_345);
  const reader = await bounded.open('f/a', 'read');
  await bounded.open('f/e', 'append');
  expect(await reader.read(new Uint8Array(9), 0)).toBe(3);
  await bounded.removeFolder('f');
  expect(await files.list('f')).toEqual([]);
});
