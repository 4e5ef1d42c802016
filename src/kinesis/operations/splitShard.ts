/** SplitShard: one open shard becomes two at a hash key. @source documented */
import { type Infer, operation, required, structure } from '../shape.ts';
import { hashKey, shardId, streamMembers } from '../shapes.ts';

export const splitShard = operation('SplitShard', {
  input: structure({
    ...streamMembers,
    ShardToSplit: required(shardId),
    NewStartingHashKey: required(hashKey),
  }),
  output: structure({}),
});

export type SplitShardInput = Infer<typeof splitShard.input>;
