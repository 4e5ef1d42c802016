/** SubscribeToShard: the records of a shard, pushed as they come, for five minutes. @source documented */
import {
  eventStream,
  type Infer,
  list,
  long,
  operation,
  required,
  structure,
  timestamp,
} from '../shape.ts';
import {
  childShard,
  consumerArn,
  dryRunMember,
  record,
  sequenceNumber,
  shardId,
  shardIteratorType,
  streamId,
} from '../shapes.ts';

export const startingPosition = structure({
  Type: required(shardIteratorType),
  SequenceNumber: sequenceNumber,
  Timestamp: timestamp,
});
export type StartingPosition = Infer<typeof startingPosition>;

export const subscribeToShardEvent = structure({
  Records: required(list(record)),
  /** Absent in the last event of a closed shard, although AWS's model requires it. @source measured */
  ContinuationSequenceNumber: sequenceNumber,
  MillisBehindLatest: required(long()),
  /** In the last event of a closed shard only. */
  ChildShards: list(childShard),
});
export type SubscribeToShardEvent = Infer<typeof subscribeToShardEvent>;

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
