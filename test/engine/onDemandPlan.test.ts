// The plan of an on-demand stream: how many shards it needs, which are split, what is remembered.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  capacityOf,
  loadOf,
  type PeakDay,
  peaksMs,
  planGrowth,
  shardsForPeak,
  shardsToSplit,
  withPeak,
} from '../../src/engine/onDemandPlan.ts';
import type { StreamEntry } from '../../src/engine/streamEntry.ts';
import { evenRanges, hashKeyMax } from '../../src/kinesis/hashKey.ts';
import { MIB } from '../../src/kinesis/limits.ts';

const DAY_MS = 86_400_000;

const streamOf = (count: number, more: Partial<StreamEntry> = {}): StreamEntry => ({
  id: '00',
  account: '000000000000',
  region: 'us-east-1',
  name: 'orders',
  createdMs: 0,
  status: 'ACTIVE',
  mode: 'ON_DEMAND',
  retentionHours: 24,
  recordBytesMax: MIB,
  tags: [],
  nextShardIndex: count,
  shards: evenRanges(count).map((range, index) => {
    return { index, range, parents: [], createdSeconds: 0, startKey: 0 };
  }),
  scaledMs: [],
  ...more,
});

describe('loadOf() and shardsForPeak()', () => {
  it('take bytes or records, whichever is nearer to its limit', () => {
    expect(loadOf({ bytes: 60 * MIB, records: 60, seconds: 60 })).toBe(1);
    expect(loadOf({ bytes: 60, records: 30_000, seconds: 60 })).toBe(0.5);
  });

  it('ask for double the peak', () => {
    const loads = [0.9, 0.9, 0.9, 0.92].map((load, shard) => ({ shard, load }));
    expect(shardsForPeak(loads)).toBe(8);
    expect(shardsForPeak([{ shard: 0, load: 1 }])).toBe(2);
    expect(shardsForPeak([])).toBe(0);
  });
});

const timesAt = (nowMs: number) => ({ nowMs, sinceMs: nowMs - peaksMs });

describe('withPeak()', () => {
  it('keeps the highest of each of 30 days, and no more', () => {
    const look = fc.record({ passMs: fc.nat(2 * DAY_MS), shards: fc.nat(40) });
    fc.assert(
      fc.property(fc.array(look, { minLength: 1, maxLength: 150 }), (looks) => {
        let peaks: readonly PeakDay[] = [];
        let nowMs = 20_000 * DAY_MS;
        const highest = new Map<number, number>();
        for (const { passMs, shards } of looks) {
          nowMs += passMs;
          peaks = withPeak(peaks, { shards, ...timesAt(nowMs) });
          const day = Math.floor(nowMs / DAY_MS);
          if (shards > 0) highest.set(day, Math.max(shards, highest.get(day) ?? 0));
        }
        const today = Math.floor(nowMs / DAY_MS);
        const kept = [...highest].filter(([day]) => day > today - 30);
        expect(peaks).toEqual(kept.map(([day, shards]) => ({ day, shards })));
        expect(peaks.length).toBeLessThanOrEqual(30);
      }),
    );
  });

  it('goes by how long ago a day was, wherever the clock stands', () => {
    const before = withPeak([], { shards: 9, ...timesAt(100 * DAY_MS) });
    const jumped = { nowMs: 465 * DAY_MS, sinceMs: 99 * DAY_MS };
    expect(withPeak(before, { shards: 2, ...jumped })).toEqual([
      { day: 100, shards: 9 },
      { day: 465, shards: 2 },
    ]);
  });

  it('forgets days that lie ahead once the clock was set back', () => {
    const ahead = withPeak([], { shards: 9, ...timesAt(500 * DAY_MS) });
    const back = withPeak(ahead, { shards: 2, ...timesAt(100 * DAY_MS) });
    expect(back).toEqual([{ day: 100, shards: 2 }]);
  });
});

describe('capacityOf()', () => {
  it('is four shards at least, the highest peak, the warm throughput, and 200 in most regions', () => {
    expect(capacityOf(streamOf(4), [])).toBe(4);
    expect(
      capacityOf(streamOf(4), [
        { day: 1, shards: 9 },
        { day: 2, shards: 7 },
      ]),
    ).toBe(9);
    expect(capacityOf(streamOf(4, { warmMiBps: 12 }), [{ day: 1, shards: 9 }])).toBe(12);
    const peaks = [{ day: 1, shards: 900 }];
    expect(capacityOf(streamOf(4, { region: 'eu-north-1' }), peaks)).toBe(200);
    expect(capacityOf(streamOf(4), peaks)).toBe(900);
  });
});

describe('shardsToSplit()', () => {
  it('names the busiest of the busy, as many as are missing', () => {
    const loads = [0.6, 0.5, 0.9, 0.7].map((load, shard) => ({ shard, load }));
    expect(shardsToSplit(streamOf(4), { loads, capacity: 6 })).toEqual([2, 3]);
    expect(shardsToSplit(streamOf(4), { loads, capacity: 9 })).toEqual([2, 3, 0]);
    expect(shardsToSplit(streamOf(4), { loads, capacity: 4 })).toEqual([]);
  });

  it('passes over shards that closed since and those too narrow to be split', () => {
    const stream = streamOf(2);
    const [first, second] = stream.shards;
    const narrow = { ...second!, range: { start: 0n, end: 2n } };
    const shards = [{ ...first!, closedSeconds: 5 }, narrow];
    const loads = [0, 1, 2].map((shard) => ({ shard, load: 1 }));
    expect(shardsToSplit({ ...stream, shards }, { loads, capacity: 9 })).toEqual([]);
  });
});

describe('planGrowth()', () => {
  it('splits the widest until there are enough, without hole, overlap or merge', () => {
    const counts = fc.record({ open: fc.integer({ min: 1, max: 30 }), target: fc.nat(120) });
    fc.assert(
      fc.property(counts, ({ open: count, target }) => {
        let open = evenRanges(count).map((range, index) => ({ index, range }));
        let nextIndex = count;
        for (const round of planGrowth({ open, target, nextIndex })) {
          for (const { parents, children } of round) {
            const [parent] = open.filter(({ index }) => index === parents[0]);
            expect(parents).toHaveLength(1);
            expect(children.map(({ index }) => index)).toEqual([nextIndex, nextIndex + 1]);
            expect(children[0]!.range.start).toBe(parent!.range.start);
            expect(children[1]!.range).toEqual({
              start: children[0]!.range.end + 1n,
              end: parent!.range.end,
            });
            nextIndex += 2;
            open = [...open.filter((shard) => shard !== parent), ...children];
          }
        }
        expect(open).toHaveLength(Math.max(count, target));
        const widths = open.map(({ range }) => range.end - range.start + 1n);
        expect(widths.reduce((sum, width) => sum + width, 0n)).toBe(hashKeyMax + 1n);
        const sorted = [...widths].sort((a, b) => (a < b ? -1 : 1));
        expect(sorted.at(-1)! <= 2n * sorted[0]! + 2n).toBe(true);
      }),
    );
  });

  it('stops where nothing can be split', () => {
    const open = [{ index: 0, range: { start: 0n, end: 2n } }];
    expect(planGrowth({ open, target: 5, nextIndex: 1 })).toEqual([]);
  });
});
