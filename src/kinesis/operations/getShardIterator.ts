/** GetShardIterator: a position in a shard, valid for five minutes. @source documented */
import { type Infer, operation, required, structure, timestamp } from '../shape.ts';
import {
  dryRunMember,
  sequenceNumber,
  shardId,
  shardIterator,
  shardIteratorType,
  streamMembers,
} from '../shapes.ts';

export const getShardIterator = operation('GetShardIterator', {
  input: structure({
    ...streamMembers,
    ShardId: required(shardId),
    ShardIteratorType: required(shardIteratorType),
    StartingSequenceNumber: sequenceNumber,
    Timestamp: timestamp,
    ...dryRunMember,
  }),
  output: structure({ ShardIterator: shardIterator }),
});

export type GetShardIteratorInput = Infer<typeof getShardIterator.input>;
export type GetShardIteratorOutput = Infer<typeof getShardIterator.output>;
