// The sizes of streams' files: exact after any end of the engine, and cheap to learn at the next start.
import { describe, expect, it } from 'vitest';
import type { MemoryFiles } from '../support/memoryFiles.ts';
import { TestEngine } from './support/testEngine.ts';

/** What really lies below streams/ and in the catalog. */
const realBytes = (files: MemoryFiles): number =>
  files.paths
    .filter((path) => path.startsWith('streams/') || path.endsWith('.cat'))
    .reduce((sum, path) => sum + files.raw(path).length, 0);

/** Calls of the port while `work` runs, by method. */
async function callsOf(files: MemoryFiles, work: () => Promise<void>) {
  const calls = { stat: 0, list: 0, open: 0, readAll: 0 };
  const names = ['stat', 'list', 'open', 'readAll'] as const;
  for (const name of names) {
    const call = files[name].bind(files) as (...args: never[]) => never;
    Object.assign(files, {
      [name]: (...args: never[]) => {
        calls[name] += 1;
        return call(...args);
      },
    });
  }
  await work();
  for (const name of names) Reflect.deleteProperty(files, name);
  return calls;
}

/** An engine with `count` streams of some segments each. */
async function filled(count: number): Promise<TestEngine> {
  const test = await TestEngine.open({ shardQuota: 10_000 });
  for (let index = 0; index < count; index++) await test.stream(`s${index}`);
  for (let index = 0; index < count; index += 3) {
    for (let hour = 0; hour < 3; hour++) await test.put(`s${index}`, 'k', `${hour}`);
  }
  return test;
}

describe('FolderSizes', () => {
  it('opening costs a stat for each stream, and nothing else for any', async () => {
    const few = await filled(30);
    await few.engine.close();
    const [base, more] = [await callsOf(few.files, () => few.reopen()), await filled(330)];
    await more.engine.close();
    const calls = await callsOf(more.files, () => more.reopen());
    expect(calls).toEqual({ ...base, stat: base.stat + 300 });
    expect(calls.stat).toBeLessThanOrEqual(335);
    expect(more.engine.folderUse().bytes).toBe(realBytes(more.files));
  });

  it('after a kill only streams that were in use are added up anew', async () => {
    const test = await filled(60);
    await test.reopen();
    await test.put('s0', 'k', 'more');
    await test.put('s1', 'k', 'first');
    await test.read('s3', '0');
    const calls = await callsOf(test.files, () => test.reopenAfterKill());
    expect(test.engine.folderUse().bytes).toBe(realBytes(test.files));
    expect(calls.list).toBeLessThanOrEqual(3 + 1);
    expect(calls.stat).toBeLessThanOrEqual(60 + 3);
  });

  it('after a kill a stream is added up whose newest file stayed as it was', async () => {
    const test = await filled(6);
    await test.reopen();
    await test.clock.advance(2 * 3_600_000);
    await test.engine.removeExpired(); // begins new files, and writes indexes of the old ones
    await test.reopenAfterKill();
    expect(test.files.paths.some((path) => path.endsWith('.idx'))).toBe(true);
    expect(test.engine.folderUse().bytes).toBe(realBytes(test.files));
  });

  it('a stream is added up when its newest file is not what it was, or a line is damaged', async () => {
    const test = await filled(6);
    await test.engine.close();
    const grown = test.files.paths.find((path) => path.startsWith('streams/'))!;
    const file = await test.files.open(grown, 'append');
    await file.truncate(test.files.raw(grown).length - 1);
    await file.close();
    await test.reopen();
    expect(test.engine.folderUse().bytes).toBe(realBytes(test.files));
    await test.engine.close();
    test.files.raw('catalog/sizes')[20]! ^= 1;
    const calls = await callsOf(test.files, () => test.reopen());
    expect(calls.list).toBeGreaterThanOrEqual(6);
    expect(test.engine.folderUse().bytes).toBe(realBytes(test.files));
  });

  it('a sizes file that cannot be read costs a look at each file, and nothing more', async () => {
    const test = await filled(6);
    await test.engine.close();
    const { readAll } = test.files;
    test.files.readAll = async (path) => {
      if (path === 'catalog/sizes') throw Object.assign(new Error('EIO'), { code: 'EIO' });
      return readAll.call(test.files, path);
    };
    await test.reopen();
    expect(test.engine.folderUse().bytes).toBe(realBytes(test.files));
    test.files.readAll = readAll;
    await test.put('s0', 'k', 'more');
    await test.reopenAfterKill();
    expect(test.engine.folderUse().bytes).toBe(realBytes(test.files));
  });
});
