/** The six shard filters of ListShards. Pure. */
import type { ShardFilter } from '../kinesis/operations/listShards.ts';
import { filterNeeds } from '../kinesis/readErrors.ts';
import { formatShardId } from '../kinesis/shardId.ts';
import type { Ages } from './ages.ts';
import { endMs, horizonMs, listedShards, startMs } from './shardView.ts';
import { isOpen, type ShardEntry, type StreamEntry } from './streamEntry.ts';

/** A filter checked and complete. */
export interface CheckedFilter {
  readonly type: ShardFilter['Type'];
  /** For the types with a time. */
  readonly timeMs: number;
  /** Only ids above this one, compared as text; empty for all. */
  readonly after: string;
}

/** Throws InvalidArgument when the type's own member is missing. */
export function checkFilter(filter: ShardFilter | undefined): CheckedFilter {
  const type = filter?.Type ?? 'FROM_TRIM_HORIZON';
  const needsTime = type === 'AT_TIMESTAMP' || type === 'FROM_TIMESTAMP';
  if (needsTime && filter?.Timestamp === undefined) throw filterNeeds(type, 'Timestamp');
  if (type === 'AFTER_SHARD_ID' && filter?.ShardId === undefined)
    throw filterNeeds(type, 'ShardId');
  return {
    type,
    timeMs: needsTime ? (filter?.Timestamp?.getTime() ?? 0) : 0,
    after: type === 'AFTER_SHARD_ID' ? (filter?.ShardId ?? '') : '',
  };
}

/**
 * The shards that pass, by rising id. A shard covers the time from its creation to its children's, so
 * the shards at any one time cover the hash space without a hole.
 */
export function filterShards(
  stream: StreamEntry,
  { filter, ages }: { filter: CheckedFilter; ages: Ages },
): ShardEntry[] {
  const passes = predicate(filter, { stream, ages });
  return listedShards(stream, ages).filter(
    (shard) => formatShardId(shard.index) > filter.after && passes(shard),
  );
}

function predicate(
  filter: CheckedFilter,
  { stream, ages }: { stream: StreamEntry; ages: Ages },
): (shard: ShardEntry) => boolean {
  const horizon = horizonMs(stream, ages);
  const first = Math.min(...stream.shards.map(startMs));
  const at = (timeMs: number) => {
    const time = Math.max(timeMs, horizon, first);
    return (shard: ShardEntry) => startMs(shard) <= time && endMs(shard) > time;
  };
  switch (filter.type) {
    case 'AT_LATEST':
      return isOpen;
    case 'AT_TRIM_HORIZON':
      return at(horizon);
    case 'AT_TIMESTAMP':
      return at(filter.timeMs);
    case 'FROM_TIMESTAMP':
      return (shard) => endMs(shard) > Math.max(filter.timeMs, horizon);
    default:
      return () => true;
  }
}
