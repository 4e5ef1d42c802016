// Reading one lane of many from files: what is read beside what is wanted, counted in bytes and in calls.
import { describe, expect, test } from 'vitest';
import type { Log } from '../../../src/engine/log/log.ts';
import { IndexCache } from '../../../src/engine/log/memory.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { countReads, resetCount } from './countedFiles.ts';
import { filler, open } from './support.ts';

interface Shape {
  readonly lanes: number;
  /** Entries that each lane has in each batch. */
  readonly together: number;
  readonly batches: number;
  readonly length?: number;
}

/** A log on files of its own, closed again: lanes take turns within each batch. */
async function written({ lanes, together, batches, length = 200 }: Shape) {
  const files = memoryFiles();
  const { log } = await open({ files, segmentBytesMax: 1024 * 1024 });
  const bytes = filler(length);
  for (let batch = 0; batch < batches; batch++) {
    const stored = Array.from({ length: lanes * together }, (_, index) => {
      const key = batch * lanes * together + index;
      return log.append({ lane: index % lanes, key, timeMs: batch, bytes });
    });
    await Promise.all(stored);
  }
  await log.close();
  return files;
}

/** Reads lanes one after the other, as a consumer of a whole stream does; bytes of entries returned. */
async function drain(log: Log, lanes: number, countMax = 10_000): Promise<number> {
  let returned = 0;
  for (let lane = 0; lane < lanes; lane++) {
    for (let fromKey = 0; ; ) {
      const page = { lane, fromKey, horizonMs: 0, countMax, bytesMax: 10 * 1024 * 1024 };
      const { entries, nextKey } = await log.read(page);
      if (entries.length === 0) break;
      for (const { bytes } of entries) returned += bytes.length;
      fromKey = nextKey;
    }
  }
  return returned;
}

async function coldDrain(shape: Shape, countMax?: number) {
  const files = await written(shape);
  const count = countReads(files);
  // Neither the newest runs nor the indexes of the lane before are in memory.
  const { log } = await open({ files, cacheBytesMax: 0, indexCache: new IndexCache(10_000) });
  resetCount(count);
  const returned = await drain(log, shape.lanes, countMax);
  expect(returned).toBe(shape.lanes * shape.together * shape.batches * (shape.length ?? 200));
  await log.close();
  return { ...count, returned };
}

describe('read() of one lane among many, cold', () => {
  test.each([
    ['64 lanes, 8 entries each in a batch', { lanes: 64, together: 8, batches: 60 }],
    ['64 lanes, 1 entry each in a batch', { lanes: 64, together: 1, batches: 200 }],
    ['64 lanes, 30 KiB each in a batch', { lanes: 64, together: 30, batches: 4, length: 1024 }],
    ['1,000 lanes, 2 entries each in a batch', { lanes: 1000, together: 2, batches: 12 }],
  ])('%s: at most twice the bytes returned are read', async (_, shape) => {
    const { bytes, returned } = await coldDrain(shape);
    expect(bytes / returned).toBeLessThan(2);
  });

  test('runs that lie apart are read together, but not all at once', async () => {
    const { reads, most } = await coldDrain({ lanes: 64, together: 8, batches: 60 });
    expect(reads).toBeLessThan(64 * 60 * 1.3);
    expect([most > 4, most <= 8]).toEqual([true, true]);
  });

  test('one lane alone is read in large pieces', async () => {
    const { reads, bytes, returned } = await coldDrain({ lanes: 1, together: 512, batches: 60 });
    expect(bytes / returned).toBeLessThan(1.3);
    expect(reads).toBeLessThan(60);
  });

  test('pages of a few entries read no run twice', async () => {
    const { bytes, returned } = await coldDrain({ lanes: 4, together: 1000, batches: 6 }, 100);
    expect(bytes / returned).toBeLessThan(4);
  });
});
