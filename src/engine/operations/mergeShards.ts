/** MergeShards: UPDATING at once, durable before the answer; the child appears after the delay. */
import { shardsNotAdjacent } from '../../kinesis/reshardErrors.ts';
import { formatShardId } from '../../kinesis/shardId.ts';
import { type Call, type EngineParts, type Handler, namedStream } from '../engineParts.ts';
import { checkOpen, parseShards, presentShard, reshardable } from '../reshardChecks.ts';
import type { StreamEntry } from '../streamEntry.ts';

export const mergeShards: Handler<'MergeShards'> = async (engine, call) => {
  let id = '';
  await engine.catalog.update(() => {
    const { stream, shards } = check(engine, call);
    id = stream.id;
    const pending = { kind: 'merge', shards } as const;
    return [{ type: 'change', id, set: { status: 'UPDATING' }, pending }];
  });
  engine.transitions.start(id);
  return {};
};

/** The first shard must end where the second starts: the order of the arguments counts. @source measured */
function check(
  engine: EngineParts,
  call: Call<'MergeShards'>,
): { stream: StreamEntry; shards: number[] } {
  const { ShardToMerge, AdjacentShardToMerge } = call.input;
  const key = namedStream(call);
  const indices = parseShards(key, [ShardToMerge, AdjacentShardToMerge]);
  const stream = reshardable(engine, key);
  const shards = indices.map((index) => presentShard(stream, index));
  for (const shard of shards) checkOpen(stream, shard);
  const [low, high] = shards;
  if (low!.range.end + 1n === high!.range.start) return { stream, shards: indices };
  throw shardsNotAdjacent(indices.map(formatShardId), stream);
}
