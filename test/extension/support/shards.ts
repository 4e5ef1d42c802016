// Shards as ListShards returns them.
import type { HashRange } from '../../../src/kinesis/hashKey.ts';
import { formatShardId } from '../../../src/kinesis/shardId.ts';

/** A shard without an end; its members may be changed. */
export function openShard(index: number, { start, end }: HashRange) {
  const SequenceNumberRange: { StartingSequenceNumber: string; EndingSequenceNumber?: string } = {
    StartingSequenceNumber: '1',
  };
  return {
    ShardId: formatShardId(index),
    HashKeyRange: { StartingHashKey: String(start), EndingHashKey: String(end) },
    SequenceNumberRange,
  };
}
