/** Shapes that several operations share. @source documented */
import { dataBytesMax, partitionKeyCharactersMax } from './limits.ts';
import {
  blob,
  boolean,
  type Infer,
  integer,
  list,
  map,
  oneOf,
  required,
  string,
  structure,
  timestamp,
} from './shape.ts';

const namePattern = '[a-zA-Z0-9_.-]+';

export const streamName = string({ min: 1, max: 128, pattern: namePattern });
export const streamArn = string({
  min: 1,
  max: 2048,
  pattern: 'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+',
});
/** Reserved by AWS: accepted and ignored. */
export const streamId = string({ min: 24, max: 24, pattern: '[a-z0-9]{20}-[a-z0-9]{3}' });
export const consumerName = string({ min: 1, max: 128, pattern: namePattern });
export const consumerArn = string({
  min: 1,
  max: 2048,
  pattern:
    '^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+',
});
export const shardId = string({ min: 1, max: 128, pattern: namePattern });
export const sequenceNumber = string({ pattern: '0|([1-9]\\d{0,128})' });
export const hashKey = string({ pattern: '0|([1-9]\\d{0,38})' });
export const partitionKey = string({ min: 1, max: partitionKeyCharactersMax });
export const data = blob({ max: dataBytesMax });
export const shardIterator = string({ min: 1, max: 512 });
export const nextToken = string({ min: 1, max: 1_048_576 });
export const pageLimit = integer({ min: 1, max: 10_000 });
/** Its bounds are no constraint of the shape: beyond them InvalidArgument is answered. */
export const retentionHours = integer();

export const streamStatus = oneOf('CREATING', 'DELETING', 'ACTIVE', 'UPDATING');
export type StreamStatus = Infer<typeof streamStatus>;
export const encryptionType = oneOf('NONE', 'KMS');
/** A key's id or ARN, or an alias or its ARN. */
export const keyId = string({ min: 1, max: 2048 });
export const streamMode = oneOf('PROVISIONED', 'ON_DEMAND');
export const streamModeDetails = structure({ StreamMode: required(streamMode) });
export const recordSizeKiB = integer({ min: 1024, max: 10_240 });
/** By what records are spread over an on-demand stream's shards. */
export const recordDistributionStrategy = oneOf('AUTO', 'USER_PARTITION_KEY');
export type RecordDistributionStrategy = Infer<typeof recordDistributionStrategy>;
/** What an account pays for whether or not it uses it; warm throughput needs it. */
export const billingCommitment = structure({
  Status: required(oneOf('ENABLED', 'DISABLED', 'ENABLED_UNTIL_EARLIEST_ALLOWED_END')),
  StartedAt: timestamp,
  EndedAt: timestamp,
  EarliestAllowedEndAt: timestamp,
});
export type BillingCommitment = Infer<typeof billingCommitment>;
/** MiB a second that an on-demand stream takes at once. */
export const warmThroughput = structure({ TargetMiBps: integer(), CurrentMiBps: integer() });
export const shardIteratorType = oneOf(
  'AFTER_SEQUENCE_NUMBER',
  'LATEST',
  'AT_TIMESTAMP',
  'AT_SEQUENCE_NUMBER',
  'TRIM_HORIZON',
);
export type ShardIteratorType = Infer<typeof shardIteratorType>;
export const shardFilterType = oneOf(
  'AFTER_SHARD_ID',
  'AT_TRIM_HORIZON',
  'FROM_TRIM_HORIZON',
  'AT_LATEST',
  'AT_TIMESTAMP',
  'FROM_TIMESTAMP',
);

export const tagKey = string({ min: 1, max: 128 });
export const tagValue = string({ min: 0, max: 256 });
/** The shape allows more than a resource may have. */
export const tags = map(tagKey, tagValue, { min: 1, max: 200 });
export const tagKeys = list(tagKey, { min: 1, max: 50 });
export const tag = structure({ Key: required(tagKey), Value: tagValue });
export type Tag = Infer<typeof tag>;

/** A stream, a consumer or a channel. */
export const resourceArn = string({
  min: 1,
  max: 2048,
  pattern: 'arn:aws.*:kinesis:.*:\\d{12}:.*(stream|channel)/\\S+',
});

export const hashKeyRange = structure({
  StartingHashKey: required(hashKey),
  EndingHashKey: required(hashKey),
});
export const sequenceNumberRange = structure({
  StartingSequenceNumber: required(sequenceNumber),
  /** Absent while the shard is open. */
  EndingSequenceNumber: sequenceNumber,
});
export const shard = structure({
  ShardId: required(shardId),
  ParentShardId: shardId,
  AdjacentParentShardId: shardId,
  HashKeyRange: required(hashKeyRange),
  SequenceNumberRange: required(sequenceNumberRange),
});
export type Shard = Infer<typeof shard>;

export const childShard = structure({
  ShardId: required(shardId),
  ParentShards: required(list(shardId)),
  HashKeyRange: required(hashKeyRange),
});
export type ChildShard = Infer<typeof childShard>;

export const metricsName = oneOf(
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
  'ALL',
);
export type MetricsName = Infer<typeof metricsName>;
export const enhancedMetrics = structure({ ShardLevelMetrics: list(metricsName) });
/** What both operations on enhanced monitoring take and answer. */
export const enhancedMonitoring = {
  input: structure({
    StreamName: streamName,
    StreamARN: streamArn,
    StreamId: streamId,
    ShardLevelMetrics: required(list(metricsName, { min: 1, max: 7 })),
  }),
  output: structure({
    StreamName: streamName,
    /** Before the call. */
    CurrentShardLevelMetrics: list(metricsName),
    /** When the stream is ACTIVE again. */
    DesiredShardLevelMetrics: list(metricsName),
    StreamARN: streamArn,
  }),
};

export const record = structure({
  SequenceNumber: required(sequenceNumber),
  ApproximateArrivalTimestamp: timestamp,
  Data: required(data),
  /** Absent of a record that was put without one, which a stream with distribution AUTO takes. */
  PartitionKey: partitionKey,
  EncryptionType: encryptionType,
});
/** A record as GetRecords returns it. */
export type KinesisRecord = Infer<typeof record>;

export const consumerStatus = oneOf('CREATING', 'DELETING', 'ACTIVE');
const consumerFacts = {
  ConsumerName: required(consumerName),
  ConsumerARN: required(consumerArn),
  ConsumerStatus: required(consumerStatus),
  ConsumerCreationTimestamp: required(timestamp),
};
export const consumer = structure(consumerFacts);
export type Consumer = Infer<typeof consumer>;
export const consumerDescription = structure({ ...consumerFacts, StreamARN: required(streamArn) });

/** How an operation names a consumer: by its ARN, or by its name on a stream. */
export const consumerMembers = {
  StreamARN: streamArn,
  ConsumerName: consumerName,
  ConsumerARN: consumerArn,
  StreamId: streamId,
};

/** Check the call and refuse it with DryRunOperationException instead of doing it. */
export const dryRunMember = { DryRun: boolean };

/** How nearly every operation names its stream; at least one of the two is needed. */
export const streamMembers = { StreamName: streamName, StreamARN: streamArn, StreamId: streamId };

/** How operations on tags and policies name what they are about. */
export const resourceMembers = { ResourceARN: required(resourceArn), StreamId: streamId };
