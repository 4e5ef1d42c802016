/** MergeShards: two neighbours become one; the first ends where the second starts. @source documented */
import { type Infer, operation, required, structure } from '../shape.ts';
import { shardId, streamMembers } from '../shapes.ts';

export const mergeShards = operation('MergeShards', {
  input: structure({
    ...streamMembers,
    ShardToMerge: required(shardId),
    AdjacentShardToMerge: required(shardId),
  }),
  output: structure({}),
});

export type MergeShardsInput = Infer<typeof mergeShards.input>;
