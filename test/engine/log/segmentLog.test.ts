// The log's own bookkeeping: keys and runs, what a failure ends, what is let go with a segment and at the end.
import { describe, expect, test } from 'vitest';
import { IndexCache, RecentPool } from '../../../src/engine/log/memory.ts';
import { ReadHandles } from '../../../src/engine/log/readHandles.ts';
import { FaultyFiles, failNext } from '../../support/faultyFiles.ts';
import { HeldFiles } from '../../support/heldFiles.ts';
import { type MemoryFiles, memoryFiles } from '../../support/memoryFiles.ts';
import { FOLDER, fill, filler, open, readAll, segmentPaths } from './support.ts';

const batchBytes = 32 + 32 + 3 + 10;
/** Two batches in each segment. */
const segmentBytesMax = 64 + 2 * batchBytes;
const all = { lane: 0, fromKey: 0, horizonMs: 0, countMax: 1000, bytesMax: 2 ** 30 };
const entry = (key: number, length = 10) => {
  return { lane: 0, key, timeMs: key, bytes: filler(length, key) };
};

/** Leaves `count` bytes behind the last whole batch, as a killed process does. */
async function tear(files: MemoryFiles, count: number): Promise<void> {
  const path = segmentPaths(files).at(-1)!;
  const file = await files.open(path, 'append');
  await file.write([filler(count)], files.raw(path).length);
  await file.close();
}

describe('append()', () => {
  test('keeps the highest key of all lanes, whichever lane comes last', async () => {
    const { log } = await open();
    await log.append({ ...entry(10), lane: 1 });
    await log.append({ ...entry(5), timeMs: 10 });
    expect([log.lastKey, log.bounds(0)?.lastKey]).toEqual([10, 5]);
  });

  test('goes on above the key that a lane had when the log was opened', async () => {
    const files = memoryFiles();
    await fill((await open({ files })).log, { count: 3 });
    const { log } = await open({ files });
    expect(() => log.append(entry(2))).toThrow('key 2 of lane 0 does not follow 2');
    await log.append(entry(3));
  });

  test('begins a new run once one holds 64 KiB', async () => {
    const { log } = await open();
    const half = 32 * 1024;
    await Promise.all([0, 1, 2].map((key) => log.append(entry(key, half))));
    // Three bytes before a small entry, five before one of three bytes' length.
    expect(log.bytes).toBe(64 + 32 + 2 * 32 + 3 * (half + 5));
  });

  test('joins the run that waits, also when the one before it was just written', async () => {
    const files = new HeldFiles();
    const { log } = await open({ files });
    const letGo = files.holdNext(({ kind }) => kind === 'write');
    const first = log.append(entry(0));
    await new Promise(setImmediate);
    const second = log.append(entry(1));
    let third: Promise<void> | undefined;
    const joined = first.then(() => {
      third = log.append(entry(2));
    });
    letGo();
    await joined;
    await Promise.all([second, third]);
    expect(log.bytes).toBe(64 + 2 * (32 + 32) + 3 * 13);
  });
});

describe('a failure', () => {
  test('for want of room rejects the appends that wait, not the tasks', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files });
    await log.append(entry(0));
    failNext(files, 'write', { code: 'ENOSPC' });
    const refused = log.append(entry(1));
    const flushed = log.flush();
    await expect(refused).rejects.toMatchObject({ code: 'FULL' });
    await flushed;
    await log.append(entry(2));
  });

  test('for want of room in a task is told and ends nothing', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files });
    await log.append(entry(0));
    failNext(files, 'create', { code: 'ENOSPC' });
    const dropped = log.dropOldest({ mayRoll: true });
    const appended = log.append(entry(1));
    await expect(dropped).rejects.toMatchObject({ code: 'FULL' });
    await appended;
    expect((await readAll(log)).map(({ key }) => key)).toEqual([0, 1]);
  });

  test('of any other kind in trim() ends the log, and stays the reason when it is closed', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files });
    await log.append(entry(0));
    failNext(files, 'create', { code: 'EIO' });
    await expect(log.trim(100)).rejects.toMatchObject({ code: 'POISONED' });
    await log.close();
    await expect(log.append(entry(1))).rejects.toMatchObject({ code: 'POISONED' });
    await expect(log.read(all)).rejects.toMatchObject({ code: 'POISONED' });
  });

  test('leaves no bytes pending, of those that waited neither', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files });
    failNext(files, 'write', { code: 'ENOSPC' });
    const refused = [log.append(entry(0, 7)), log.flush(), log.append(entry(1, 9))];
    expect(log.pendingBytes).toBe(16);
    await Promise.allSettled(refused);
    expect(log.pendingBytes).toBe(0);
  });
});

describe('a removed segment', () => {
  test('takes its indexes and its open files along', async () => {
    const files = memoryFiles();
    const [indexCache, readHandles] = [new IndexCache(), new ReadHandles(files)];
    const first = await open({ files, segmentBytesMax });
    await fill(first.log, { count: 5 });
    await first.log.close();
    const { log } = await open({ files, segmentBytesMax, indexCache, readHandles });
    await readAll(log);
    const [cached, handles] = [indexCache.bytes, readHandles.openCount];
    await log.trim(2);
    expect([indexCache.bytes, readHandles.openCount]).toEqual([cached / 2, handles - 2]);
    await log.close();
    expect([indexCache.bytes, readHandles.openCount, files.openCount]).toEqual([0, 0, 0]);
  });

  test('takes what was cut off its end along, and leaves that of others', async () => {
    const files = memoryFiles();
    await fill((await open({ files })).log, { count: 1 });
    await tear(files, 20);
    const first = await open({ files, segmentBytesMax });
    expect(first.notices).toHaveLength(1);
    await fill(first.log, { from: 1, count: 2 });
    await tear(files, 9);
    const { log } = await open({ files, segmentBytesMax });
    const torn = () => files.paths.filter((path) => path.includes('.torn-'));
    const inFiles = () => files.paths.reduce((sum, path) => sum + files.raw(path).length, 0);
    expect(torn()).toHaveLength(2);
    expect(log.bytes).toBe(inFiles());
    const { bytes } = log;
    expect(await log.trim(2)).toBe(bytes - inFiles());
    expect(torn()).toEqual([`${FOLDER}/0000000000000002.log.torn-1`]);
    expect(log.bytes).toBe(inFiles());
  });

  test('that could not be removed can be read and is removed later, its indexes too', async () => {
    const files = new FaultyFiles();
    const indexCache = new IndexCache();
    await fill((await open({ files, segmentBytesMax })).log, { count: 3 });
    const { log } = await open({ files, segmentBytesMax, indexCache, cacheBytesMax: 0 });
    failNext(files, 'remove', { code: 'EBUSY' });
    await expect(log.dropOldest()).rejects.toMatchObject({ code: 'EBUSY' });
    expect((await readAll(log)).map(({ key }) => key)).toEqual([0, 1, 2]);
    expect(indexCache.bytes).toBeGreaterThan(0);
    expect(await log.dropOldest()).toBeGreaterThan(0);
    expect(indexCache.bytes).toBe(0);
  });
});

describe('clear()', () => {
  test('gives up the newest entries in memory too', async () => {
    const recentPool = new RecentPool();
    const { log } = await open({ recentPool });
    await fill(log, { count: 3 });
    expect(recentPool.bytes).toBeGreaterThan(0);
    await log.clear();
    expect(recentPool.bytes).toBe(0);
  });
});

describe('close()', () => {
  test('happens once, whoever asks for it', async () => {
    const files = memoryFiles();
    const { log } = await open({ files });
    await log.append(entry(0));
    const [first, second] = [log.close(), log.close()];
    expect(second).toBe(first);
    await first;
    expect(files.openCount).toBe(0);
  });

  test('still closes the file when a write before it fails', async () => {
    const files = new FaultyFiles();
    const { log } = await open({ files });
    await log.append(entry(0));
    failNext(files, 'write', { code: 'EIO' });
    const refused = log.append(entry(1));
    const closed = log.close();
    await expect(refused).rejects.toMatchObject({ code: 'POISONED' });
    await closed;
    expect(files.openCount).toBe(0);
  });
});

describe('trim()', () => {
  test('rolls for age alone, and removes nothing that is at the horizon', async () => {
    const { log, clock } = await open({ segmentAgeMs: 1000 });
    await log.append(entry(5));
    await clock.advance(1000);
    expect(await log.trim(5)).toBe(0);
    expect(log.bytes).toBeGreaterThan(64 + batchBytes);
    expect((await readAll(log)).map(({ key }) => key)).toEqual([5]);
    expect(await log.trim(6)).toBeGreaterThan(batchBytes);
  });
});
