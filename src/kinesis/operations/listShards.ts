/** ListShards: a page of shards, filtered. @source documented */
import { type Infer, list, operation, required, structure, timestamp } from '../shape.ts';
import { nextToken, pageLimit, shard, shardFilterType, shardId, streamMembers } from '../shapes.ts';

export const shardFilter = structure({
  Type: required(shardFilterType),
  ShardId: shardId,
  Timestamp: timestamp,
});
export type ShardFilter = Infer<typeof shardFilter>;

export const listShards = operation('ListShards', {
  input: structure({
    ...streamMembers,
    NextToken: nextToken,
    ExclusiveStartShardId: shardId,
    MaxResults: pageLimit,
    StreamCreationTimestamp: timestamp,
    ShardFilter: shardFilter,
  }),
  output: structure({ Shards: list(shard), NextToken: nextToken }),
});

export type ListShardsInput = Infer<typeof listShards.input>;
export type ListShardsOutput = Infer<typeof listShards.output>;
