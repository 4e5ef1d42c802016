/** Shards of the made-up stream: even ranges, one of them split when asked, one of them hot. */
import { evenRanges, middleOf } from '../../../../src/kinesis/hashKey.ts';
import { formatShardId } from '../../../../src/kinesis/shardId.ts';
import type { TailShard } from '../../../../src/protocol/tail.ts';

const rates = [88, 61, 54, 31, 29, 212, 7, 0.4];

function shard(index: number, rest: Partial<TailShard>): TailShard {
  const recordsPerSecond = rates[index % rates.length] as number;
  return {
    id: formatShardId(index),
    parents: [],
    startingHashKey: '0',
    endingHashKey: '0',
    isOpen: true,
    reading: 'reading',
    received: 1000 * index,
    recordsPerSecond,
    bytesPerSecond: recordsPerSecond * 312,
    millisBehindLatest: 0,
    ...rest,
  };
}

/** `count` even shards; with `isSplit` shard 1 is closed and two children have its range. */
export function makeShards(count: number, isSplit: boolean): TailShard[] {
  const shards = evenRanges(count).map(({ start, end }, index) =>
    shard(index, { startingHashKey: `${start}`, endingHashKey: `${end}` }),
  );
  const parent = shards[1];
  if (!isSplit || !parent) return shards;
  const start = BigInt(parent.startingHashKey);
  const end = BigInt(parent.endingHashKey);
  const middle = middleOf({ start, end });
  const parents = [parent.id];
  const low = { parents, startingHashKey: `${start}`, endingHashKey: `${middle - 1n}` };
  const high = { parents, startingHashKey: `${middle}`, endingHashKey: `${end}` };
  const hot = { recordsPerSecond: 704, bytesPerSecond: 704 * 312 };
  shards[1] = { ...parent, isOpen: false, reading: 'drained', recordsPerSecond: 0 };
  return [...shards, shard(count, { ...low, ...hot }), shard(count + 1, high)];
}
