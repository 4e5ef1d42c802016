// What logs keep in memory stays within its limits, and nothing depends on it being there.
import { describe, expect, test } from 'vitest';
import { BatchBuffers } from '../../../src/engine/log/batchBuffers.ts';
import type { Log } from '../../../src/engine/log/log.ts';
import { IndexCache, RecentPool, RecentRuns } from '../../../src/engine/log/memory.ts';
import { ReadHandles } from '../../../src/engine/log/readHandles.ts';
import { Segment } from '../../../src/engine/log/segment.ts';
import { collectGarbage } from '../../support/collectGarbage.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { fill, filler, open, readAll } from './support.ts';

/** What a batch of one entry of 100 bytes counts: its buffer, 256 bytes at least, and one run's overhead. */
const runBytes = 256 + 256;

/** A log whose reads of segment files are counted. */
async function counted(options: { cacheBytesMax?: number; recentPool?: RecentPool }) {
  const files = memoryFiles();
  const readHandles = new ReadHandles(files);
  let reads = 0;
  const { use } = readHandles;
  readHandles.use = (path, task) => {
    reads += 1;
    return use.call(readHandles, path, task) as ReturnType<typeof task>;
  };
  const { log } = await open({ files, readHandles, ...options });
  return { log, reads: () => reads };
}

async function readsFrom(log: { log: Log; reads: () => number }, fromKey: number): Promise<number> {
  const before = log.reads();
  await log.log.read({ lane: 0, fromKey, horizonMs: 0, countMax: 1, bytesMax: 1 });
  return log.reads() - before;
}

describe('RecentRuns', () => {
  test('serves the newest entries without reading a file, and lets older ones go', async () => {
    const log = await counted({ cacheBytesMax: 10 * runBytes });
    await fill(log.log, { count: 30, length: 100 });
    expect([await readsFrom(log, 20), await readsFrom(log, 29)]).toEqual([0, 0]);
    expect(await readsFrom(log, 19)).toBe(1);
  });

  test('an entry over the limit is not kept', async () => {
    const log = await counted({ cacheBytesMax: 1000 });
    await fill(log.log, { count: 1, length: 100 });
    await fill(log.log, { from: 1, count: 1, length: 1000 });
    expect([await readsFrom(log, 0), await readsFrom(log, 1)]).toEqual([0, 1]);
  });
});

describe('what is given up', () => {
  const header = {
    firstOrdinal: 0,
    epoch: 1,
    salt: 0,
    lastKey: -1,
    lastTimeMs: 0,
    createdMs: 0,
    mayHaveGaps: false,
  };
  const held = (refs: readonly WeakRef<object>[]): number =>
    refs.filter((ref) => ref.deref() !== undefined).length;

  /** A log's newest runs: 20 batches with a buffer each. */
  function recentRuns(of: { limit: number; pool: RecentPool }) {
    const recent = new RecentRuns({ ...of, buffers: new BatchBuffers() });
    const segment = new Segment('a', header);
    const buffers: WeakRef<object>[] = [];
    for (let position = 0; position < 20; position++) {
      const buffer = new Uint8Array(1024 * 1024);
      buffers.push(new WeakRef(buffer));
      recent.add(segment, { position: position * 10, buffer, bytes: buffer.subarray(0, 10) });
    }
    return { recent, buffers };
  }

  test('is held by nobody, but for the buffers that lie idle', async () => {
    const limit = 3 * (1024 * 1024 + 256);
    const { recent, buffers } = recentRuns({ limit, pool: new RecentPool() });
    await collectGarbage();
    expect(held(buffers)).toBe(8 + 3);
    expect(recent.bytes).toBe(limit);
  });

  test('is not held by the pool either, nor is a log that has nothing any more', async () => {
    const pool = new RecentPool();
    const closed = (): WeakRef<object> => {
      const { recent } = recentRuns({ limit: 8 * 1024 * 1024, pool });
      recent.clear();
      return new WeakRef(recent);
    };
    const logs = Array.from({ length: 5 }, closed);
    await collectGarbage();
    expect(held(logs)).toBe(0);
    expect(pool.bytes).toBe(0);
  });
});

describe('BatchBuffers', () => {
  test('are used again, which no page that was read before notices', async () => {
    const { log } = await counted({ cacheBytesMax: 3 * runBytes });
    const pages: [number, Uint8Array][] = [];
    for (let key = 0; key < 40; key++) {
      await log.append({ lane: 0, key, timeMs: key, bytes: filler(100, key) });
      const request = { lane: 0, fromKey: key, horizonMs: 0, countMax: 1, bytesMax: 1 };
      pages.push([key, (await log.read(request)).entries[0]!.bytes]);
    }
    for (const [key, bytes] of pages) expect(bytes).toEqual(filler(100, key));
  });

  test('give a buffer to one at a time, and keep at most 8 MiB idle', () => {
    const buffers = new BatchBuffers();
    const taken = Array.from({ length: 20 }, () => buffers.take(1_000_000));
    expect(new Set(taken).size).toBe(20);
    for (const buffer of taken) buffers.give(buffer);
    const again = Array.from({ length: 20 }, () => buffers.take(950_000));
    expect(new Set(again).size).toBe(20);
    expect(again.filter((buffer) => taken.includes(buffer))).toHaveLength(8);
  });
});

describe('BatchBuffers of lengths that are no longer asked for', () => {
  test('make way for those that are', () => {
    const buffers = new BatchBuffers();
    const small = Array.from({ length: 20_000 }, () => buffers.take(500));
    for (const buffer of small) buffers.give(buffer);
    buffers.give(new Uint8Array(16 * 1024 * 1024));
    const large = Array.from({ length: 4 }, () => buffers.take(1_000_000));
    for (const buffer of large) buffers.give(buffer);
    const again = Array.from({ length: 4 }, () => buffers.take(1_000_000));
    expect(again.every((buffer) => large.includes(buffer))).toBe(true);
    expect(small).toContain(buffers.take(500));
  });
});

describe('RecentPool', () => {
  test('takes from the log that was quiet longest', async () => {
    const recentPool = new RecentPool(20 * runBytes);
    const [quiet, busy] = [await counted({ recentPool }), await counted({ recentPool })];
    await fill(quiet.log, { count: 10, length: 100 });
    await fill(busy.log, { count: 15, length: 100 });
    expect(recentPool.bytes).toBe(20 * runBytes);
    expect([await readsFrom(quiet, 4), await readsFrom(quiet, 5)]).toEqual([1, 0]);
    expect(await readsFrom(busy, 0)).toBe(0);
    await fill(busy.log, { from: 15, count: 15, length: 100 });
    expect([
      await readsFrom(quiet, 9),
      await readsFrom(busy, 9),
      await readsFrom(busy, 10),
    ]).toEqual([1, 1, 0]);
    await busy.log.close();
    expect(recentPool.bytes).toBe(0);
  });
});

describe('IndexCache', () => {
  test('unloads the indexes of segments not read lately; they are read again when needed', async () => {
    const indexCache = new IndexCache(2000);
    const files = memoryFiles();
    const readHandles = new ReadHandles(files, 1);
    const { log } = await open({ files, readHandles, indexCache, segmentBytesMax: 300 });
    const entries = await fill(log, { count: 100 });
    const opened: string[] = [];
    const { open: openFile } = files;
    files.open = (path, mode) => {
      opened.push(path);
      return openFile.call(files, path, mode);
    };
    expect(indexCache.bytes).toBeGreaterThan(1000);
    for (const _ of [1, 2]) expect(await readAll(log)).toEqual(entries);
    expect(indexCache.bytes).toBeGreaterThan(1000);
    expect(indexCache.bytes).toBeLessThanOrEqual(2000);
    const indexes = files.paths.filter((path) => path.endsWith('.idx'));
    expect(opened.filter((path) => path.endsWith('.idx')).length).toBeGreaterThan(indexes.length);
    await log.close();
    expect(indexCache.bytes).toBe(0);
  });
});

describe('ReadHandles', () => {
  test('drop() closes a file once its readers are done', async () => {
    const files = memoryFiles();
    await files.replace('a', filler(3));
    const handles = new ReadHandles(files, 1);
    let finish = (): void => undefined;
    const reading = handles.use('a', () => new Promise<void>((resolve) => (finish = resolve)));
    let isDropped = false;
    const dropped = handles.drop('a').then(() => {
      isDropped = true;
    });
    await new Promise(setImmediate);
    expect(isDropped).toBe(false);
    finish();
    await Promise.all([reading, dropped]);
    expect([handles.openCount, files.openCount]).toEqual([0, 0]);
  });

  test('a file that cannot be opened takes no place', async () => {
    const files = memoryFiles();
    const handles = new ReadHandles(files, 1);
    const use = (path: string) =>
      handles.use(path, async (file) => file.read(new Uint8Array(9), 0));
    await expect(use('a')).rejects.toMatchObject({ code: 'ENOENT' });
    await files.replace('a', filler(3));
    expect([await use('a'), handles.openCount]).toEqual([3, 1]);
  });
});
