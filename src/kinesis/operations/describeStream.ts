/** DescribeStream: one stream and a page of its shards. @source documented */
import {
  boolean,
  type Infer,
  integer,
  list,
  operation,
  required,
  string,
  structure,
  timestamp,
} from '../shape.ts';
import {
  encryptionType,
  enhancedMetrics,
  pageLimit,
  shard,
  shardId,
  streamArn,
  streamMembers,
  streamModeDetails,
  streamName,
  streamStatus,
} from '../shapes.ts';

export const streamDescription = structure({
  StreamName: required(streamName),
  StreamARN: required(streamArn),
  StreamStatus: required(streamStatus),
  StreamModeDetails: streamModeDetails,
  Shards: required(list(shard)),
  HasMoreShards: required(boolean),
  RetentionPeriodHours: required(integer()),
  StreamCreationTimestamp: required(timestamp),
  EnhancedMonitoring: required(list(enhancedMetrics)),
  EncryptionType: encryptionType,
  KeyId: string(),
});
export type StreamDescription = Infer<typeof streamDescription>;

export const describeStream = operation('DescribeStream', {
  input: structure({ ...streamMembers, Limit: pageLimit, ExclusiveStartShardId: shardId }),
  output: structure({ StreamDescription: required(streamDescription) }),
});

export type DescribeStreamInput = Infer<typeof describeStream.input>;
export type DescribeStreamOutput = Infer<typeof describeStream.output>;
