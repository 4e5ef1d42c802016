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
export const streamMode = oneOf('PROVISIONED', 'ON_DEMAND');
export const streamModeDetails = structure({ StreamMode: required(streamMode) });
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

export const tags = map(string({ min: 1, max: 128 }), string({ min: 0, max: 256 }), {
  min: 1,
  max: 200,
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

export const enhancedMetrics = structure({ ShardLevelMetrics: list(string()) });

export const record = structure({
  SequenceNumber: required(sequenceNumber),
  ApproximateArrivalTimestamp: timestamp,
  Data: required(data),
  PartitionKey: required(partitionKey),
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
