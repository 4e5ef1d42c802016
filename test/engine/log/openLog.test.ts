// What a log promises when all goes well: order, limits, reopening, segments that come and go.
import { describe, expect, test } from 'vitest';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { fill, open, readAll, segmentPaths } from './support.ts';

const all = { lane: 0, fromKey: 0, horizonMs: 0, countMax: 1000, bytesMax: 2 ** 30 };

describe('append()', () => {
  test('entries can be read once it has resolved, and not before', async () => {
    const { log } = await open();
    const done = log.append({ lane: 0, key: 5, timeMs: 7, bytes: Uint8Array.of(1) });
    expect(await log.read(all)).toEqual({ entries: [], nextKey: 0 });
    expect(log.bounds(0)).toBeUndefined();
    await done;
    const entries = [{ key: 5, timeMs: 7, bytes: Uint8Array.of(1) }];
    expect(await log.read(all)).toEqual({ entries, nextKey: 6 });
  });

  test('entries survive closing and opening', async () => {
    const files = memoryFiles();
    const first = await open({ files });
    const entries = await fill(first.log, { count: 5 });
    await first.log.close();
    const second = await open({ files });
    expect(await readAll(second.log)).toEqual(entries);
    expect([second.log.lastKey, second.log.lastTimeMs]).toEqual([4, 4]);
    expect(second.epoch).toBe(first.epoch + 1);
    expect(second.notices).toEqual([]);
    expect(segmentPaths(files)).toHaveLength(1);
  });
});
