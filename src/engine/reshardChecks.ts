/** Checks that SplitShard, MergeShards and UpdateShardCount share. They change nothing. */
import {
  couldNotFindShard,
  streamIsOnDemand,
  streamNotActive,
  streamNotFound,
} from '../kinesis/errors.ts';
import { shardAlreadyClosed } from '../kinesis/reshardErrors.ts';
import { formatShardId, parseShardId } from '../kinesis/shardId.ts';
import type { StreamKey } from './catalog.ts';
import type { EngineParts } from './engineParts.ts';
import { isOpen, type ShardEntry, type StreamEntry, shardAt } from './streamEntry.ts';

/** Indices of lax shard ids. Throws ResourceNotFound, before any look at the stream. */
export function parseShards(key: StreamKey, ids: readonly string[]): number[] {
  return ids.map((id) => {
    const index = parseShardId(id);
    if (index === undefined) throw couldNotFindShard(id, key);
    return index;
  });
}

/** An ACTIVE, provisioned, undamaged stream. Throws ResourceNotFound, Validation or ResourceInUse. */
export function reshardable({ catalog, streams }: EngineParts, key: StreamKey): StreamEntry {
  const stream = catalog.byName(key);
  if (!stream) throw streamNotFound(key);
  if (stream.mode === 'ON_DEMAND') throw streamIsOnDemand(stream);
  streams.checkWhole(stream.id);
  if (stream.status !== 'ACTIVE') throw streamNotActive(stream, stream.status);
  return stream;
}

/** Throws ResourceNotFound. */
export function presentShard(stream: StreamEntry, index: number): ShardEntry {
  const shard = shardAt(stream, index);
  if (!shard) throw couldNotFindShard(formatShardId(index), stream);
  return shard;
}

/** Throws InvalidArgument for a closed shard. */
export function checkOpen(stream: StreamEntry, shard: ShardEntry): void {
  if (!isOpen(shard)) throw shardAlreadyClosed(formatShardId(shard.index), stream);
}
