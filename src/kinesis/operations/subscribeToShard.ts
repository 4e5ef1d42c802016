/** SubscribeToShard: the records of a shard, pushed as they come, for five minutes. @source documented */
import { eventStream, type Infer, operation, required, structure, timestamp } from '../shape.ts';
import {
  consumerArn,
  dryRunMember,
  sequenceNumber,
  shardId,
  shardIteratorType,
  streamId,
} from '../shapes.ts';
import { subscribeToShardEvent } from '../subscribeToShardEvent.ts';

export const startingPosition = structure({
  Type: required(shardIteratorType),
  SequenceNumber: sequenceNumber,
  Timestamp: timestamp,
});
export type StartingPosition = Infer<typeof startingPosition>;

export const subscribeToShard = operation('SubscribeToShard', {
  input: structure({
    ConsumerARN: required(consumerArn),
    StreamId: streamId,
    ShardId: required(shardId),
    StartingPosition: required(startingPosition),
    ...dryRunMember,
  }),
  output: structure({
    EventStream: required(eventStream({ SubscribeToShardEvent: subscribeToShardEvent })),
  }),
});

export type SubscribeToShardInput = Infer<typeof subscribeToShard.input>;
export type SubscribeToShardOutput = Infer<typeof subscribeToShard.output>;
