// Where the rows of a shard belong that was found after those that go on from it.
import { expect, test, vi } from 'vitest';
import type { Shard } from '../../src/kinesis/shapes.ts';
import { formatShardId } from '../../src/kinesis/shardId.ts';
import { ShardTable } from '../../src/tail/shardTable.ts';

const shardOf = (number: number, ...parents: number[]): Shard => ({
  ShardId: formatShardId(number),
  ParentShardId: parents[0] === undefined ? undefined : formatShardId(parents[0]),
  AdjacentParentShardId: parents[1] === undefined ? undefined : formatShardId(parents[1]),
  HashKeyRange: { StartingHashKey: '0', EndingHashKey: '1' },
  SequenceNumberRange: { StartingSequenceNumber: '1', EndingSequenceNumber: '2' },
});

test('it belongs before the first record behind it, however many splits and merges lie between', () => {
  const table = new ShardTable();
  const cycles = 40;
  // Each shard is split, and its halves are merged: two ways from one to the next.
  const shards = Array.from({ length: cycles }, (_, cycle) => {
    const [parent, left, right, merged] = [0, 1, 2, 3].map((step) => 3 * cycle + step);
    return [shardOf(left!, parent!), shardOf(right!, parent!), shardOf(merged!, left!, right!)];
  }).flat();
  table.addListed(shards, () => ({ type: 'TRIM_HORIZON' }));
  table.addFound([shardOf(0)]);
  const last = table.get(formatShardId(3 * cycles))!;
  last.firstMs = 1000;
  const first = table.get(formatShardId(0))!;
  first.reachedMs = 5000;
  const looks = vi.spyOn(table, 'childrenOf');
  expect(table.placeMs(first)).toBeLessThan(1000);
  expect(looks.mock.calls.length).toBeLessThanOrEqual(3 * cycles + 1);
  expect(table.placeMs(last)).toBe(Number.NEGATIVE_INFINITY);
});

test('what follows a shard that was left is not read, in whichever order its shards become known', () => {
  const id = formatShardId;
  const child = (number: number, ...parents: number[]) => ({
    ShardId: id(number),
    ParentShards: parents.map(id),
    HashKeyRange: { StartingHashKey: '0', EndingHashKey: '1' },
  });
  const table = new ShardTable();
  table.addListed([shardOf(0), shardOf(1)], () => ({ type: 'TRIM_HORIZON' }));
  const [left, read] = [table.get(id(0))!, table.get(id(1))!];
  table.leave(left);
  left.reading = read.reading = 'drained';
  // Of 2, which follows the one that was left, nobody knows yet.
  table.addChildren([child(3, 1, 2)]);
  table.addFound([shardOf(2, 0), shardOf(3, 1, 2), shardOf(4, 3)]);
  expect(table.ready()).toEqual([]);
  expect(table.isAllDrained).toBe(true);
});
