/** Shards as Kinesis shows them. Reads the catalog's entries; changes nothing. */
import { shardNumbers } from '../kinesis/recordNumbers.ts';
import type { ChildShard, Shard } from '../kinesis/shapes.ts';
import { formatShardId } from '../kinesis/shardId.ts';
import type { Ages } from './ages.ts';
import { isOpen, type ShardEntry, type StreamEntry } from './streamEntry.ts';

const hourMs = 3_600_000;

/** Records that arrived before this time have expired, also when the retention was shorter then. */
export function horizonMs(stream: StreamEntry, ages: Ages): number {
  const { retentionHours, expiredBeforeMs = Number.NEGATIVE_INFINITY } = stream;
  return Math.max(ages.since(retentionHours * hourMs), expiredBeforeMs);
}

/** The first millisecond that belongs to a closed shard's children; Infinity while open. */
export function endMs(shard: ShardEntry): number {
  return shard.closedSeconds === undefined
    ? Number.POSITIVE_INFINITY
    : (shard.closedSeconds + 1) * 1000;
}

export const startMs = (shard: ShardEntry): number => shard.createdSeconds * 1000;

/** Whether a shard is open, or closed after the horizon: every record of another has expired. */
export const isListed = (shard: ShardEntry, horizon: number): boolean =>
  isOpen(shard) || endMs(shard) > horizon;

/** Shards that Kinesis lists, by rising id. */
export function listedShards(stream: StreamEntry, ages: Ages): ShardEntry[] {
  const horizon = horizonMs(stream, ages);
  return stream.shards.filter((shard) => isListed(shard, horizon));
}

export function shardOf({ index, range, parents, ...shard }: ShardEntry): Shard {
  const shown: Shard = {
    ShardId: formatShardId(index),
    HashKeyRange: rangeOf({ range }),
    SequenceNumberRange: shardNumbers({ index, ...shard }),
  };
  if (parents[0] !== undefined) shown.ParentShardId = formatShardId(parents[0]);
  if (parents[1] !== undefined) shown.AdjacentParentShardId = formatShardId(parents[1]);
  return shown;
}

const rangeOf = ({ range }: Pick<ShardEntry, 'range'>): Shard['HashKeyRange'] => ({
  StartingHashKey: range.start.toString(),
  EndingHashKey: range.end.toString(),
});

/** What follows a closed shard, for the last answer of GetRecords. */
export function childShardsOf(stream: StreamEntry, parent: number): ChildShard[] {
  return stream.shards
    .filter(({ parents }) => parents.includes(parent))
    .map((child) => ({
      ShardId: formatShardId(child.index),
      ParentShards: child.parents.map(formatShardId),
      HashKeyRange: rangeOf(child),
    }));
}
