// How streams and shards are worded.
import { describe, expect, test } from 'vitest';
import {
  byHashRange,
  counted,
  parentsText,
  percentRange,
  restartSentence,
  restartText,
  shardDescription,
  shardLabel,
} from '../../src/extension/tree/labels.ts';
import { evenRanges, hashKeyMax } from '../../src/kinesis/hashKey.ts';
import type { Shard } from '../../src/kinesis/shapes.ts';
import { openShard } from './support/shards.ts';

describe('percentRange()', () => {
  test.each([
    [1, ['0-100 %']],
    [4, ['0-25 %', '25-50 %', '50-75 %', '75-100 %']],
    [3, ['0-33.33 %', '33.33-66.67 %', '66.67-100 %']],
  ])('cuts the ranges of %i shards where they touch', (count, expected) => {
    expect(evenRanges(count).map(percentRange)).toEqual(expected);
  });

  test('keeps two decimals of an eighth', () => {
    const eighth = (hashKeyMax + 1n) / 8n;
    expect(percentRange({ start: eighth * 2n, end: eighth * 3n - 1n })).toBe('25-37.5 %');
  });
});

describe('shardDescription()', () => {
  const shard: Shard = {
    ...openShard(5, evenRanges(4)[1]!),
    ParentShardId: 'shardId-000000000001',
  };

  test('names place, rate, heat and parent', () => {
    expect(shardDescription(shard, { recordsPerSecond: 704.4, isHot: true })).toBe(
      '25-50 %, 704/s, hot (child of 1)',
    );
  });

  test('names the place alone when nothing else is known', () => {
    expect(shardDescription(openShard(0, evenRanges(4)[0]!))).toBe('0-25 %');
  });

  test('names both parents of a merged shard', () => {
    const merged = { ...shard, AdjacentParentShardId: 'shardId-000000000002' };
    expect(parentsText(merged)).toBe('child of 1 and 2');
  });
});

test('shardLabel() says to a screen reader what the row shows', () => {
  const range = evenRanges(2)[1]!;
  const closed = openShard(3, range);
  closed.SequenceNumberRange.EndingSequenceNumber = '9';
  expect(shardLabel(closed)).toBe('Shard 3, 50 to 100 percent of the hash keys, closed');
});

test('byHashRange() puts a parent before its first child', () => {
  const [low, high] = evenRanges(2);
  const shards = [openShard(1, high!), openShard(2, low!), openShard(0, low!)];
  expect(shards.toSorted(byHashRange).map((shard) => Number(shard.ShardId.slice(-2)))).toEqual([
    0, 2, 1,
  ]);
});

test('counted() has one and many', () => {
  expect([counted(0, 'shard'), counted(1, 'shard'), counted(1200, 'shard')]).toEqual([
    '0 shards',
    '1 shard',
    '1,200 shards',
  ]);
});

test('a restart is told in UTC, which it names: this machine may not be where its user is', () => {
  const atMs = Date.UTC(2026, 10, 25, 16, 20, 31);
  expect(restartText({ count: 1, atMs })).toBe('restarted 16:20:31 UTC');
  expect(restartSentence({ count: 2, atMs })).toContain('2 times, last at 16:20:31 UTC');
});
