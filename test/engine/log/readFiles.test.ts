// Which files reading opens, what it reads of them and what it keeps; what a log takes and holds by default.
import { describe, expect, test } from 'vitest';
import { nullLogger } from '../../../src/base/logger.ts';
import { IndexCache, PartRuns } from '../../../src/engine/log/memory.ts';
import { nodeCrc32 } from '../../../src/engine/log/nodeFiles.ts';
import { openLog } from '../../../src/engine/log/openLog.ts';
import { collectGarbage } from '../../support/collectGarbage.ts';
import { FaultyFiles } from '../../support/faultyFiles.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { TestClock } from '../../support/testClock.ts';
import { countReads, resetCount } from './countedFiles.ts';
import { FOLDER, fill, filler, open, readAll, segmentPaths } from './support.ts';

const batchBytes = 32 + 32 + 3 + 10;
/** Two batches in each segment. */
const segmentBytesMax = 64 + 2 * batchBytes;
const all = { lane: 0, fromKey: 0, horizonMs: 0, countMax: 1000, bytesMax: 2 ** 30 };

describe('reading', () => {
  test('at the end opens no segment but the one that is wanted', async () => {
    const files = memoryFiles();
    const first = await open({ files, segmentBytesMax });
    await fill(first.log, { count: 21 });
    await first.log.close();
    const { log } = await open({ files, segmentBytesMax });
    const opened: string[] = [];
    const { open: openFile } = files;
    files.open = (path, mode) => {
      opened.push(path.slice(-7));
      return openFile.call(files, path, mode);
    };
    await log.read({ ...all, fromKey: 18, countMax: 1 });
    expect(opened).toEqual(['018.idx', '018.log']);
    await log.read({ ...all, horizonMs: 16, countMax: 1 });
    expect(opened.slice(2)).toEqual(['016.idx', '016.log']);
    expect([await log.keyAtTime(0, 12), await log.firstTimeMs(0, 0)]).toEqual([12, 0]);
    expect(opened.slice(4)).toEqual([]);
    await log.read({ ...all, fromKey: 21 });
    await log.read({ ...all, lane: 5 });
    expect(opened.slice(4)).toEqual([]);
  });

  test('of one entry brings one run, though a batch holds many', async () => {
    const files = memoryFiles();
    const { log } = await open({ files, cacheBytesMax: 0 });
    const appended = Array.from({ length: 100 }, (_, key) =>
      log.append({ lane: 0, key, timeMs: 0, bytes: new Uint8Array(10_000).fill(key) }),
    );
    await Promise.all(appended);
    const count = countReads(files);
    const { entries } = await log.read({ ...all, fromKey: 60, countMax: 1 });
    expect(entries[0]!.bytes[0]).toBe(60);
    expect(count.bytes).toBeLessThan(64 * 1024 + 10_100);
  });

  test('at a moment that was searched for brings nothing more', async () => {
    const files = memoryFiles();
    const { log } = await open({ files, cacheBytesMax: 0 });
    const appended = Array.from({ length: 1000 }, (_, key) =>
      log.append({ lane: 0, key, timeMs: key, bytes: filler(500, key) }),
    );
    await Promise.all(appended);
    const count = countReads(files);
    const fromKey = (await log.keyAtTime(0, 600))!;
    const { bytes } = count;
    expect(bytes).toBeLessThan(64 * 1024 + 600);
    const page = await log.read({ ...all, fromKey, countMax: 1 });
    expect(page.entries).toEqual([{ key: 600, timeMs: 600, bytes: filler(500, 600) }]);
    expect(count.bytes).toBe(bytes);
  });

  test('of one lane by many at once loads its index once', async () => {
    const files = memoryFiles();
    const indexCache = new IndexCache(1);
    const { log } = await open({ files, segmentBytesMax, indexCache, cacheBytesMax: 0 });
    await fill(log, { count: 5 });
    const count = countReads(files);
    const page = { ...all, countMax: 1 };
    await Promise.all([log.read(page), log.read(page), log.read(page)]);
    expect(count.byKind.get('idx')).toBe(2 * 7 * 8);
    resetCount(count);
    await log.read(page);
    expect(count.byKind.get('idx')).toBeUndefined();
  });

  test('of a damaged index by many at once scans the segment once', async () => {
    const files = memoryFiles();
    const first = await open({ files, segmentBytesMax });
    await fill(first.log, { lane: 0, count: 1 });
    await fill(first.log, { lane: 1, from: 1, count: 4 });
    await first.log.close();
    const index = files.raw(`${FOLDER}/0000000000000000.idx`);
    index[index.length - 1]! ^= 1;
    index[index.length - 60]! ^= 1;
    const warnings: string[] = [];
    const logger = { ...nullLogger, warn: (text: string) => warnings.push(text) };
    const { log } = await open({ files, logger, cacheBytesMax: 0 });
    const count = countReads(files);
    const [one, other] = [
      log.read({ ...all, countMax: 1 }),
      log.read({ ...all, lane: 1, countMax: 1 }),
    ];
    expect([(await one).entries[0]!.key, (await other).entries[0]!.key]).toEqual([0, 1]);
    // The segment behind its header, then one run for each.
    expect(count.byKind.get('log')).toBe(2 * batchBytes + 2 * (batchBytes - 32));
    const path = `${FOLDER}/0000000000000000.idx`;
    expect(warnings).toEqual([`${path} is damaged and rebuilt`, `${path} is damaged and rebuilt`]);
  });

  test('an index that is gone is built again, and said so', async () => {
    const files = memoryFiles();
    const first = await open({ files, segmentBytesMax });
    const entries = await fill(first.log, { count: 5 });
    await first.log.close();
    const warnings: string[] = [];
    const logger = { ...nullLogger, warn: (text: string) => warnings.push(text) };
    const { log } = await open({ files, logger });
    const path = `${FOLDER}/0000000000000000.idx`;
    const before = files.raw(path).slice();
    await files.remove(path);
    expect(await readAll(log)).toEqual(entries);
    expect(warnings).toEqual([`${path} is rebuilt: ENOENT: ${path}`]);
    expect(files.raw(path)).toEqual(before);
  });

  test('a segment that somebody removed is damage, and named', async () => {
    const files = memoryFiles();
    const first = await open({ files, segmentBytesMax });
    await fill(first.log, { count: 5 });
    await first.log.close();
    const { log } = await open({ files });
    const path = segmentPaths(files)[0]!;
    await files.remove(path);
    await expect(log.read(all)).rejects.toMatchObject({
      code: 'CORRUPT',
      path,
      message: `${path} is damaged at byte 0: the file is missing.`,
    });
  });

  test('keeps the run that a page ended in, unless the page took all of it', async () => {
    const partRuns = new PartRuns();
    const { log } = await open({ partRuns, cacheBytesMax: 0 });
    const appended = Array.from({ length: 10 }, (_, key) =>
      log.append({ lane: 0, key, timeMs: 0, bytes: filler(10, key) }),
    );
    await Promise.all(appended);
    await log.read({ ...all, countMax: 10 });
    await log.read({ ...all, fromKey: 5, countMax: 5 });
    expect(partRuns.bytes).toBe(0);
    await log.read({ ...all, countMax: 9 });
    expect(partRuns.bytes).toBe(32 + 10 * 13 + 256);
  });

  test('holds no index of a segment that was removed while it was loaded', async () => {
    const indexCache = new IndexCache();
    const files = new FaultyFiles();
    const first = await open({ files, segmentBytesMax });
    await fill(first.log, { count: 20 });
    await first.log.close();
    const { log } = await open({ files, indexCache, cacheBytesMax: 0 });
    const reading = Array.from({ length: 5 }, () => log.read(all));
    await Promise.all([...reading, log.trim(18)]);
    await log.read(all);
    await log.close();
    expect(indexCache.bytes).toBe(0);
  });
});

describe('what a log holds', () => {
  test('are no entries that were written, nor what wrote them', async () => {
    const { log } = await open();
    const refs: WeakRef<object>[] = [];
    const append = (lane: number): Promise<void> => {
      const bytes = filler(10, lane);
      refs.push(new WeakRef(bytes));
      return log.append({ lane, key: lane, timeMs: 0, bytes });
    };
    await Promise.all([append(1), append(2)]);
    await append(3);
    await collectGarbage();
    expect(refs.filter((ref) => ref.deref() !== undefined)).toEqual([]);
    await log.close();
  });
});

describe('openLog()', () => {
  test('takes segments of up to 1 GiB; of 32 MiB by default', async () => {
    const files = memoryFiles();
    await expect(open({ files, segmentBytesMax: 2 ** 30 + 1 })).rejects.toThrow('at most 1 GiB');
    await (await open({ files, segmentBytesMax: 2 ** 30 })).log.close();
    const { log } = await open({ files });
    const exactly = 16 * 2 ** 20 - 32 - (64 + 6);
    for (const [key, length] of [exactly, exactly, 1].entries()) {
      await log.append({ lane: 0, key, timeMs: 0, bytes: new Uint8Array(length) });
      expect(segmentPaths(files)).toHaveLength(key < 2 ? 1 : 2);
    }
    expect(files.raw(segmentPaths(files)[0]!).length).toBe(32 * 2 ** 20);
  });

  test('serves 8 MiB from memory and opens four files for reading, by default', async () => {
    const files = memoryFiles();
    const { log } = await open({ files, segmentBytesMax: 2 ** 20 });
    for (let key = 0; key < 20; key++) {
      await log.append({ lane: 0, key, timeMs: key, bytes: new Uint8Array(1_000_000) });
    }
    const count = countReads(files);
    const read = (fromKey: number) => log.read({ ...all, fromKey, countMax: 1 });
    for (let key = 13; key < 20; key++) await read(key);
    expect(count.bytes).toBe(0);
    await Promise.all(Array.from({ length: 10 }, (_, key) => read(key)));
    expect(count.byKind.get('log')).toBeGreaterThan(10_000_000);
    expect(files.openCount).toBe(1 + 4);
    await log.close();
    expect(files.openCount).toBe(0);
  });

  test('throws an error of ours as it is', async () => {
    const files = memoryFiles();
    const error = new Error('ours');
    files.list = () => Promise.reject(error);
    const options = { files, folder: FOLDER, clock: new TestClock(), logger: nullLogger };
    const opening = openLog({ ...options, crc32: nodeCrc32, durability: 'written' });
    await expect(opening).rejects.toBe(error);
  });
});
