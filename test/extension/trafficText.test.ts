// How counters are worded.
import { describe, expect, test } from 'vitest';
import { bytesText, isOverLimits, trafficLines } from '../../src/extension/tree/trafficText.ts';
import { shardCounters } from './support/counters.ts';

describe('trafficLines()', () => {
  test('says what came in and went out of one shard', () => {
    const shard = shardCounters(0, {
      recordsIn: 1_200,
      bytesIn: 1_536,
      recordsOut: 1,
      bytesOut: 100,
      reads: 60,
      iteratorAgeMs: 90_000,
    });
    expect(trafficLines([shard])).toEqual([
      'Last minute in: 1,200 records, 1.5 KiB',
      'Last minute out: 1 record, 100 B by 60 reads',
      'Iterator age: 1 min 30 s',
    ]);
  });

  test('adds the shards of a stream up, and takes the oldest age', () => {
    const shards = [
      shardCounters(0, { recordsIn: 3, putsThrottled: 1, iteratorAgeMs: 5 }),
      shardCounters(1, { recordsIn: 4, readsThrottled: 2, iteratorAgeMs: 2_000 }),
      shardCounters(2, { putsOverLimit: 38, readsOverLimit: 1 }),
    ];
    expect(trafficLines(shards)).toEqual([
      'Last minute in: 7 records, 0 B',
      'Last minute out: 0 records, 0 B',
      'Throttled: 1 record, 2 reads',
      'AWS would have throttled: 38 records, 1 read',
      'Iterator age: 2 s',
    ]);
  });

  test('names the three callers that moved most, over all shards', () => {
    const use = (caller: string, bytesIn: number, bytesOut = 0) => ({ caller, bytesIn, bytesOut });
    const shards = [
      shardCounters(0, {}, [use('AKIAONE', 10), use('AKIATWO', 30), use('AKIALEAST', 1)]),
      shardCounters(1, {}, [use('AKIAONE', 40, 10), use('', 0, 20)]),
    ];
    expect(trafficLines(shards).at(-1)).toBe(
      'Top callers: AKIAONE (50 B in, 10 B out); AKIATWO (30 B in); unsigned (20 B out)',
    );
  });

  test('says that nothing happened', () => {
    expect(trafficLines([])).toEqual(['Last minute: nothing came in, nothing was read']);
  });
});

test.each([
  [{ recordsIn: 9 }, false],
  [{ putsThrottled: 1 }, true],
  [{ putsOverLimit: 1 }, true],
  [{ readsThrottled: 1 }, true],
  [{ readsOverLimit: 1 }, true],
])('isOverLimits() of a shard with %o is %o', (total, expected) => {
  expect(isOverLimits([shardCounters(0, {}), shardCounters(1, total)])).toBe(expected);
});

test.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1024, '1 KiB'],
  [1_600, '1.6 KiB'],
  [20 * 1024 * 1024, '20 MiB'],
  [5 * 1024 ** 4, '5,120 GiB'],
])('bytesText() of %i is %s', (bytes, expected) => {
  expect(bytesText(bytes)).toBe(expected);
});
