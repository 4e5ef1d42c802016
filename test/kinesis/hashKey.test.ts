// The hash space of a stream.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesToHashKey,
  evenRanges,
  hashKeyMax,
  hashKeyOf,
  middleOf,
  placeOf,
  shareOf,
} from '../../src/kinesis/hashKey.ts';

describe('evenRanges()', () => {
  it('covers the space without hole or overlap, in steps, the last range taking the rest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (count) => {
        const ranges = evenRanges(count);
        const step = 2n ** 128n / BigInt(count);
        expect(ranges).toHaveLength(count);
        let next = 0n;
        ranges.forEach(({ start, end }, index) => {
          if (start !== next) expect.unreachable(`hole before range ${index}`);
          if (index < count - 1 && end - start + 1n !== step) expect.unreachable('uneven');
          next = end + 1n;
        });
        expect(next).toBe(hashKeyMax + 1n);
      }),
      { numRuns: 40 },
    );
  });

  it('gives the boundaries that AWS gives', () => {
    expect(evenRanges(3).map(({ end }) => end)).toEqual([
      113427455640312821154458202477256070484n,
      226854911280625642308916404954512140969n,
      340282366920938463463374607431768211455n,
    ]);
    expect(evenRanges(2)[1]!.start).toBe(170141183460469231731687303715884105728n);
    expect(evenRanges(4)[1]!.start).toBe(85070591730234615865843651857942052864n);
  });
});

describe('hashKeyOf()', () => {
  it('puts known keys where AWS puts them in a stream of three shards', () => {
    const ranges = evenRanges(3);
    const shardOf = (key: string): number => {
      const hash = hashKeyOf(key);
      return ranges.findIndex(({ start, end }) => start <= hash && hash <= end);
    };
    expect(['a', 'b', 'e', 'f'].map(shardOf)).toEqual([0, 1, 2, 1]);
  });
});

describe('bytesToHashKey()', () => {
  it('reads sixteen bytes, big endian', () => {
    expect(bytesToHashKey(Uint8Array.from({ length: 16 }, () => 255))).toBe(hashKeyMax);
    expect(bytesToHashKey(Uint8Array.from({ length: 16 }, (_, at) => Number(at === 15)))).toBe(1n);
  });
});

describe('middleOf(), shareOf(), placeOf()', () => {
  it('halve the space', () => {
    const [all] = evenRanges(1);
    expect(middleOf(all!)).toBe(2n ** 127n - 1n);
    expect(shareOf(all!)).toBe(1);
    expect(shareOf(evenRanges(4)[2]!)).toBe(0.25);
    expect(placeOf(2n ** 127n)).toBe(0.5);
  });
});
