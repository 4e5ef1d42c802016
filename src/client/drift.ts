/**
 * Fails the type check when AWS's published types have a member or value that ours lack, or the other
 * way round. Types only: nothing of this file is in a bundle.
 */
import type * as Sdk from '@aws-sdk/client-kinesis';
import type { InputOf, OperationName, OutputOf } from '../kinesis/operations.ts';

interface SdkInputs {
  CreateStream: Sdk.CreateStreamCommandInput;
  DecreaseStreamRetentionPeriod: Sdk.DecreaseStreamRetentionPeriodCommandInput;
  DeleteStream: Sdk.DeleteStreamCommandInput;
  DeregisterStreamConsumer: Sdk.DeregisterStreamConsumerCommandInput;
  DescribeLimits: Sdk.DescribeLimitsCommandInput;
  DescribeStream: Sdk.DescribeStreamCommandInput;
  DescribeStreamConsumer: Sdk.DescribeStreamConsumerCommandInput;
  DescribeStreamSummary: Sdk.DescribeStreamSummaryCommandInput;
  GetRecords: Sdk.GetRecordsCommandInput;
  GetShardIterator: Sdk.GetShardIteratorCommandInput;
  IncreaseStreamRetentionPeriod: Sdk.IncreaseStreamRetentionPeriodCommandInput;
  ListShards: Sdk.ListShardsCommandInput;
  ListStreamConsumers: Sdk.ListStreamConsumersCommandInput;
  ListStreams: Sdk.ListStreamsCommandInput;
  MergeShards: Sdk.MergeShardsCommandInput;
  PutRecord: Sdk.PutRecordCommandInput;
  PutRecords: Sdk.PutRecordsCommandInput;
  RegisterStreamConsumer: Sdk.RegisterStreamConsumerCommandInput;
  SplitShard: Sdk.SplitShardCommandInput;
  SubscribeToShard: Sdk.SubscribeToShardCommandInput;
  UpdateShardCount: Sdk.UpdateShardCountCommandInput;
  UpdateStreamMode: Sdk.UpdateStreamModeCommandInput;
  UpdateStreamWarmThroughput: Sdk.UpdateStreamWarmThroughputCommandInput;
}

interface SdkOutputs {
  CreateStream: Sdk.CreateStreamCommandOutput;
  DecreaseStreamRetentionPeriod: Sdk.DecreaseStreamRetentionPeriodCommandOutput;
  DeleteStream: Sdk.DeleteStreamCommandOutput;
  DeregisterStreamConsumer: Sdk.DeregisterStreamConsumerCommandOutput;
  DescribeLimits: Sdk.DescribeLimitsCommandOutput;
  DescribeStream: Sdk.DescribeStreamCommandOutput;
  DescribeStreamConsumer: Sdk.DescribeStreamConsumerCommandOutput;
  DescribeStreamSummary: Sdk.DescribeStreamSummaryCommandOutput;
  GetRecords: Sdk.GetRecordsCommandOutput;
  GetShardIterator: Sdk.GetShardIteratorCommandOutput;
  IncreaseStreamRetentionPeriod: Sdk.IncreaseStreamRetentionPeriodCommandOutput;
  ListShards: Sdk.ListShardsCommandOutput;
  ListStreamConsumers: Sdk.ListStreamConsumersCommandOutput;
  ListStreams: Sdk.ListStreamsCommandOutput;
  MergeShards: Sdk.MergeShardsCommandOutput;
  PutRecord: Sdk.PutRecordCommandOutput;
  PutRecords: Sdk.PutRecordsCommandOutput;
  RegisterStreamConsumer: Sdk.RegisterStreamConsumerCommandOutput;
  SplitShard: Sdk.SplitShardCommandOutput;
  SubscribeToShard: Sdk.SubscribeToShardCommandOutput;
  UpdateShardCount: Sdk.UpdateShardCountCommandOutput;
  UpdateStreamMode: Sdk.UpdateStreamModeCommandOutput;
  UpdateStreamWarmThroughput: Sdk.UpdateStreamWarmThroughputCommandOutput;
}

/** Members of the SDK that we know of and leave out on purpose: AUTO distribution is not done yet. */
type LeftOutOfInputs = 'RecordDistributionStrategy';
/** Channels likewise; metric names are plain strings here. */
type LeftOutOfOutputs =
  | '$metadata'
  | 'ChannelCount'
  | 'ChannelCountLimit'
  | 'RecordDistributionStrategy'
  | 'ShardLevelMetrics'
  | 'StreamId';

/** A type without its optionality, blobs and dates as words, so that only names and kinds are compared. */
type Plain<T, Left> = T extends Uint8Array
  ? 'blob'
  : T extends Date
    ? 'timestamp'
    : T extends readonly (infer I)[]
      ? Plain<I, Left>[]
      : T extends object
        ? { [K in keyof T as K extends Left ? never : K]-?: Plain<NonNullable<T[K]>, Left> }
        : T;

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** The names of the operations whose types have drifted; each must be `never`. */
type DriftedInputs = {
  [N in OperationName]: Same<
    Plain<SdkInputs[N], LeftOutOfInputs>,
    Plain<InputOf<N>, LeftOutOfInputs>
  > extends true
    ? never
    : N;
}[OperationName];
type DriftedOutputs = {
  [N in OperationName]: Same<
    Plain<SdkOutputs[N], LeftOutOfOutputs>,
    Plain<OutputOf<N>, LeftOutOfOutputs>
  > extends true
    ? never
    : N;
}[OperationName];

type MustBeNone<T extends never> = T;
export type NoDrift = MustBeNone<DriftedInputs> | MustBeNone<DriftedOutputs>;
