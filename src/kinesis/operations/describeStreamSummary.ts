/** DescribeStreamSummary: one stream without its shards. @source documented */
import {
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
  recordDistributionStrategy,
  streamArn,
  streamMembers,
  streamModeDetails,
  streamName,
  streamStatus,
  warmThroughput,
} from '../shapes.ts';

export const streamDescriptionSummary = structure({
  StreamName: required(streamName),
  StreamARN: required(streamArn),
  StreamStatus: required(streamStatus),
  StreamModeDetails: streamModeDetails,
  RetentionPeriodHours: required(integer()),
  StreamCreationTimestamp: required(timestamp),
  EnhancedMonitoring: required(list(enhancedMetrics)),
  EncryptionType: encryptionType,
  KeyId: string(),
  OpenShardCount: required(integer()),
  ConsumerCount: integer(),
  WarmThroughput: warmThroughput,
  MaxRecordSizeInKiB: integer(),
  /** On-demand streams only. */
  RecordDistributionStrategy: recordDistributionStrategy,
});
export type StreamDescriptionSummary = Infer<typeof streamDescriptionSummary>;

export const describeStreamSummary = operation('DescribeStreamSummary', {
  input: structure(streamMembers),
  output: structure({ StreamDescriptionSummary: required(streamDescriptionSummary) }),
});

export type DescribeStreamSummaryInput = Infer<typeof describeStreamSummary.input>;
export type DescribeStreamSummaryOutput = Infer<typeof describeStreamSummary.output>;
