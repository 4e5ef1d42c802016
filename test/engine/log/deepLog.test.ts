// A log of many segments: opening, finding and reading cost the same wherever in it, counted in bytes and
// calls. `npm run test:tenMillion` measures the same on ten million entries.
import { describe, expect, test } from 'vitest';
import { IndexCache } from '../../../src/engine/log/memory.ts';
import { type MemoryFiles, memoryFiles } from '../../support/memoryFiles.ts';
import { countReads, type ReadCount, resetCount } from './countedFiles.ts';
import { filler, open, readAll, segmentPaths } from './support.ts';

const ENTRIES = 40_000;
const TOGETHER = 100;
const SEGMENT_BYTES = 64 * 1024;
const LANES = 2;

/** Keys are times and rise by one from lane to lane in turn. */
async function written(): Promise<MemoryFiles> {
  const files = memoryFiles();
  const { log } = await open({ files, segmentBytesMax: SEGMENT_BYTES });
  const bytes = filler(200);
  for (let first = 0; first < ENTRIES; first += TOGETHER) {
    const stored = Array.from({ length: TOGETHER }, (_, index) => {
      const key = first + index;
      return log.append({ lane: key % LANES, key, timeMs: key, bytes });
    });
    await Promise.all(stored);
  }
  await log.close();
  return files;
}

/** Opened again, with nothing in memory but what opening brings. */
async function reopened(files: MemoryFiles) {
  const count = countReads(files);
  const indexCache = new IndexCache(20_000);
  const { log } = await open({ files, cacheBytesMax: 0, indexCache });
  return { log, count, indexCache };
}

/** What `call` reads at 1, 50 and 99 % of the log. */
async function atDepths(count: ReadCount, call: (key: number) => Promise<void>) {
  const costs: { reads: number; bytes: number }[] = [];
  for (const share of [0.01, 0.5, 0.97]) {
    resetCount(count);
    await call(Math.floor(ENTRIES * share));
    costs.push({ reads: count.reads, bytes: count.bytes });
  }
  return costs;
}

const spread = (values: readonly number[]): number => Math.max(...values) / Math.min(...values);

describe('a log of a hundred segments', () => {
  test('opening reads the last segment and the lanes of each index, nothing else', async () => {
    const files = await written();
    const { count } = await reopened(files);
    const segments = segmentPaths(files);
    expect(segments.length).toBeGreaterThan(100);
    const lastBytes = files.raw(segments.at(-1)!).length;
    expect(count.byKind.get('log')).toBeLessThanOrEqual(lastBytes + 64);
    expect(count.byKind.get('idx')).toBe((segments.length - 1) * (128 + LANES * 7 * 8));
  });

  test('1,000 entries cost the same at 1 %, 50 % and 99 %', async () => {
    const { log, count } = await reopened(await written());
    const costs = await atDepths(count, async (fromKey) => {
      const page = { lane: 0, fromKey, horizonMs: 0, countMax: 1000, bytesMax: 2 ** 30 };
      const { entries } = await log.read(page);
      expect([entries.length, entries[0]?.key]).toEqual([
        Math.min(1000, (ENTRIES - fromKey) / LANES),
        fromKey,
      ]);
    });
    expect(spread(costs.map(({ bytes }) => bytes))).toBeLessThan(2);
    for (const { bytes } of costs) expect(bytes).toBeLessThan(1000 * 200 * 2);
    expect(spread(costs.map(({ reads }) => reads))).toBeLessThan(2);
  });

  test('a time is found by one index and one run, at any depth', async () => {
    const { log, count } = await reopened(await written());
    const costs = await atDepths(count, async (timeMs) => {
      expect(await log.keyAtTime(1, timeMs - 1)).toBe(timeMs % 2 ? timeMs : timeMs - 1);
    });
    for (const { reads, bytes } of costs) {
      expect(reads).toBeLessThanOrEqual(2);
      expect(bytes).toBeLessThan(20_000);
    }
  });

  test('is read back whole with little in memory', async () => {
    const { log, indexCache } = await reopened(await written());
    for (let lane = 0; lane < LANES; lane++) {
      const keys = (await readAll(log, lane)).map(({ key }) => key);
      expect(keys).toEqual(Array.from({ length: ENTRIES / LANES }, (_, at) => at * LANES + lane));
      expect(indexCache.bytes).toBeLessThanOrEqual(20_000);
    }
  });
});
