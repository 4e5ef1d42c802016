/** SplitShard: UPDATING at once, durable before the answer; the children appear after the delay. */
import { badSplitKey } from '../../kinesis/reshardErrors.ts';
import { formatShardId } from '../../kinesis/shardId.ts';
import { type Call, type EngineParts, type Handler, namedStream } from '../engineParts.ts';
import { checkShardQuota } from '../quotas.ts';
import { checkOpen, parseShards, presentShard, reshardable } from '../reshardChecks.ts';
import { isSplitKey } from '../reshardPlan.ts';
import type { ShardEntry, StreamEntry } from '../streamEntry.ts';

export const splitShard: Handler<'SplitShard'> = async (engine, call) => {
  let id = '';
  await engine.catalog.update(() => {
    const { stream, shard, at } = check(engine, call);
    id = stream.id;
    const pending = { kind: 'split', shard: shard.index, at } as const;
    return [{ type: 'change', id, set: { status: 'UPDATING' }, pending }];
  });
  engine.transitions.start(id);
  return {};
};

/** @source measured: the order of the checks. */
function check(
  engine: EngineParts,
  call: Call<'SplitShard'>,
): { stream: StreamEntry; shard: ShardEntry; at: bigint } {
  const { input, scope } = call;
  const key = namedStream(call);
  const [index] = parseShards(key, [input.ShardToSplit]);
  const stream = reshardable(engine, key);
  const shard = presentShard(stream, index!);
  const { account, region } = stream;
  engine.callLimits.underQuota({ operation: 'SplitShard', scope }, () =>
    checkShardQuota(engine, { account, region, additional: 1 }),
  );
  checkOpen(stream, shard);
  const at = BigInt(input.NewStartingHashKey);
  if (isSplitKey(shard.range, at)) return { stream, shard, at };
  const ShardId = formatShardId(shard.index);
  throw badSplitKey({ key: input.NewStartingHashKey, shard: ShardId, stream, range: shard.range });
}
