// A segment as it is known in memory: its names, its marks and its lanes.
import { describe, expect, test } from 'vitest';
import { Segment } from '../../../src/engine/log/segment.ts';

describe('Segment', () => {
  const header = {
    firstOrdinal: 5,
    epoch: 1,
    salt: 0,
    lastKey: 40,
    lastTimeMs: 50,
    createdMs: 0,
    mayHaveGaps: false,
  };
  const run = { lane: 3, firstKey: 41, lastKey: 45, firstTimeMs: 51, lastTimeMs: 55 };
  const place = { position: 96, length: 100, count: 5 };

  test('counts its batches and keeps the highest marks', () => {
    const segment = new Segment('a/b', header);
    expect([segment.path, segment.indexPath]).toEqual([
      ...['a/b/0000000000000005.log', 'a/b/0000000000000005.idx'],
    ]);
    const marks = () => [segment.lastKey, segment.lastTimeMs, segment.nextOrdinal, segment.size];
    expect([...marks(), segment.isEmpty]).toEqual([40, 50, 5, 64, true]);
    const low = { ...run, lane: 2, firstKey: 1, lastKey: 2, firstTimeMs: 1, lastTimeMs: 2 };
    segment.addBatch(200, [{ ...low, ...place }]);
    expect([...marks(), segment.isEmpty]).toEqual([40, 50, 6, 264, false]);
    segment.addBatch(300, [{ ...run, ...place }]);
    const more = { ...run, firstKey: 46, lastKey: 49, firstTimeMs: 56, lastTimeMs: 59 };
    segment.addBatch(300, [{ ...more, ...place }]);
    expect(marks()).toEqual([49, 59, 8, 864]);
    expect(segment.lanes.get(3)).toMatchObject({
      ...{ firstKey: 41, lastKey: 49, firstTimeMs: 51, lastTimeMs: 59 },
    });
    expect(segment.lanes.get(3)!.runs!.count).toBe(2);
  });

  test('takes over lanes, and marks that are higher than those before it', () => {
    const from = new Segment('a', { ...header, lastKey: 0, lastTimeMs: 0 });
    from.addBatch(100, [{ ...run, ...place }]);
    const marksOf = (lastKey: number, lastTimeMs: number) => {
      const segment = new Segment('a', { ...header, lastKey, lastTimeMs });
      segment.restore(from.lanes, { size: 777, batchCount: 9 });
      expect([segment.size, segment.nextOrdinal, [...segment.lanes.keys()]]).toEqual([
        ...[777, 14, [3]],
      ]);
      return [segment.lastKey, segment.lastTimeMs];
    };
    expect([marksOf(40, 50), marksOf(60, 70)]).toEqual([
      [45, 55],
      [60, 70],
    ]);
  });
});
