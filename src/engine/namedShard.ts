/** The shard that a call names, on the stream that it names. */
import { couldNotFindShard, shardDoesNotExist } from '../kinesis/errors.ts';
import { formatShardId, parseShardId } from '../kinesis/shardId.ts';
import { type EngineParts, namedStream, type Scope, type StreamNaming } from './engineParts.ts';
import { horizonMs, isListed } from './shardView.ts';
import { type ShardEntry, type StreamEntry, shardAt } from './streamEntry.ts';

/**
 * The shard id is looked at before the stream, and laxly. @source measured; guessed: a shard that is no
 * longer listed does not exist.
 */
export function findShard(
  engine: EngineParts,
  call: { input: StreamNaming & { readonly ShardId: string }; scope: Scope },
): { stream: StreamEntry; shard: ShardEntry } {
  const key = namedStream(call);
  const index = parseShardId(call.input.ShardId);
  if (index === undefined) throw couldNotFindShard(call.input.ShardId, key);
  const stream = engine.catalog.byName(key);
  const shard = stream && shardAt(stream, index);
  const isThere = stream && shard && isListed(shard, horizonMs(stream, engine.ages));
  if (!isThere) throw shardDoesNotExist(formatShardId(index), key);
  return { stream, shard };
}
