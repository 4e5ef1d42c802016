// The indexes of sealed segments, seen through a log: what stays loaded, what is built again, what comes of damage.
import { describe, expect, test } from 'vitest';
import type { Files } from '../../../src/engine/log/files.ts';
import { IndexCache } from '../../../src/engine/log/memory.ts';
import { ReadHandles } from '../../../src/engine/log/readHandles.ts';
import { type MemoryFiles, memoryFiles } from '../../support/memoryFiles.ts';
import { settle } from '../../support/testClock.ts';
import { countReads, resetCount } from './countedFiles.ts';
import { held } from './openedFiles.ts';
import { FOLDER, fill, open, readAll, segmentPaths } from './support.ts';

const batchBytes = 32 + 32 + 3 + 10;
/** Two batches in each segment. */
const segmentBytesMax = 64 + 2 * batchBytes;
const all = { lane: 0, fromKey: 0, horizonMs: 0, countMax: 1000, bytesMax: 2 ** 30 };
const indexOf = (ordinal: number) => `${FOLDER}/${String(ordinal).padStart(16, '0')}.idx`;

/** A closed log of `count` entries, two in each sealed segment. */
async function closedLog(count: number): Promise<MemoryFiles> {
  const files = memoryFiles();
  const { log } = await open({ files, segmentBytesMax });
  await fill(log, { count });
  await log.close();
  return files;
}

/** Makes the runs of a segment's only lane unreadable; its head and bounds stay right. */
function damageRuns(files: MemoryFiles, ordinal: number): void {
  const bytes = files.raw(indexOf(ordinal));
  bytes[bytes.length - 1]! ^= 1;
}

/** Reads of the oldest segment stay under way until they are let go. */
function holdReads(files: Files): () => void {
  const { until, letGo } = held();
  const { open: openFile } = files;
  files.open = async (path, mode) => {
    const file = await openFile.call(files, path, mode);
    if (!path.endsWith('0000.log')) return file;
    return { ...file, read: (target, at) => until.then(() => file.read(target, at)) };
  };
  return letGo;
}

const keysOf = ({ entries }: { entries: { key: number }[] }) => entries.map(({ key }) => key);

describe('an index in memory', () => {
  test('that is read again and again stays, while those read once go', async () => {
    const files = await closedLog(21);
    const each = 200 + 2 * 7 * 8;
    const indexCache = new IndexCache(3 * each);
    const { log } = await open({ files, indexCache, cacheBytesMax: 0 });
    const read = (fromKey: number) => log.read({ ...all, fromKey, countMax: 1 });
    await read(0);
    const count = countReads(files);
    for (let key = 2; key < 20; key += 2) {
      await read(key);
      await read(0);
    }
    // Every other index once.
    expect(count.byKind.get('idx')).toBe(9 * 2 * 7 * 8);
    await read(18);
    expect(count.byKind.get('idx')).toBe(9 * 2 * 7 * 8);
    await read(2);
    expect(count.byKind.get('idx')).toBe(10 * 2 * 7 * 8);
    expect(indexCache.bytes).toBe(3 * each);
  });

  test('of a segment just sealed needs no file to be read', async () => {
    const files = memoryFiles();
    const { log } = await open({ files, segmentBytesMax, cacheBytesMax: 0 });
    await fill(log, { count: 5 });
    const count = countReads(files);
    expect((await readAll(log)).map(({ key }) => key)).toEqual([0, 1, 2, 3, 4]);
    expect(count.byKind.get('idx')).toBeUndefined();
  });
});

describe('an index that cannot be used', () => {
  test('is written anew as it was, and not built again for the next reader', async () => {
    const files = await closedLog(5);
    const before = files.raw(indexOf(0)).slice();
    damageRuns(files, 0);
    const [indexCache, readHandles] = [new IndexCache(), new ReadHandles(files)];
    const first = await open({ files, indexCache, readHandles, cacheBytesMax: 0 });
    expect(keysOf(await first.log.read({ ...all, countMax: 1 }))).toEqual([0]);
    expect(files.raw(indexOf(0))).toEqual(before);
    expect(indexCache.bytes).toBeGreaterThan(0);
    const count = countReads(files);
    await first.log.read({ ...all, fromKey: 1, countMax: 1 });
    expect(count.byKind.get('log') ?? 0).toBeLessThanOrEqual(batchBytes - 32);
    await first.log.close();
    expect([indexCache.bytes, readHandles.openCount, files.openCount]).toEqual([0, 0, 0]);
    resetCount(count);
    const { log } = await open({ files, cacheBytesMax: 0 });
    expect(keysOf(await log.read({ ...all, countMax: 2 }))).toEqual([0, 1]);
  });

  test('and whose segment is damaged too is damage, with file and byte, each time it is asked for', async () => {
    const files = await closedLog(5);
    damageRuns(files, 0);
    const path = segmentPaths(files)[0]!;
    files.raw(path)[64 + batchBytes + 40]! ^= 1;
    const { log } = await open({ files, cacheBytesMax: 0 });
    for (let call = 0; call < 2; call++) {
      await expect(log.read(all)).rejects.toMatchObject({
        code: 'CORRUPT',
        path,
        position: 64 + batchBytes,
        message: expect.stringMatching(
          / is damaged at byte 141: the checksum of the run .* is wrong/,
        ),
      });
    }
    expect(keysOf(await log.read({ ...all, fromKey: 2 }))).toEqual([2, 3, 4]);
  });

  test('once only is no reason to refuse the next reader', async () => {
    const files = await closedLog(5);
    const { log } = await open({ files, cacheBytesMax: 0 });
    const { open: openFile } = files;
    files.open = async (path, mode) => {
      if (mode === 'read') throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
      return openFile.call(files, path, mode);
    };
    await expect(log.read(all)).rejects.toThrow('EMFILE');
    files.open = openFile;
    expect(keysOf(await log.read(all))).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('a segment that goes while its index is', () => {
  test('built again leaves no index file and nothing in memory', async () => {
    const files = await closedLog(5);
    damageRuns(files, 0);
    const indexCache = new IndexCache();
    const { log } = await open({ files, indexCache, cacheBytesMax: 0 });
    const letGo = holdReads(files);
    const reading = log.read(all);
    await settle();
    const trimmed = log.trim(2);
    await settle();
    letGo();
    await Promise.all([reading, trimmed]);
    expect(files.paths.filter((path) => path.includes('0000000000000000.'))).toEqual([]);
    expect(keysOf(await log.read(all))).toEqual([2, 3, 4]);
    await log.close();
    expect(indexCache.bytes).toBe(0);
  });

  test('loaded leaves nothing in memory', async () => {
    const files = await closedLog(5);
    const indexCache = new IndexCache();
    const { log } = await open({ files, indexCache, cacheBytesMax: 0 });
    const { until, letGo } = held();
    const { open: openFile } = files;
    files.open = async (path, mode) => {
      const file = await openFile.call(files, path, mode);
      if (path !== indexOf(0)) return file;
      return { ...file, read: (target, at) => until.then(() => file.read(target, at)) };
    };
    const reading = log.read({ ...all, countMax: 1 });
    await settle();
    const trimmed = log.trim(2);
    await settle();
    letGo();
    await trimmed;
    // The reader went on to the segment behind it.
    expect(keysOf(await reading)).toEqual([2]);
    await log.close();
    expect(indexCache.bytes).toBe(0);
  });
});
