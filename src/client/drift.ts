/**
 * Fails the type check when AWS's published types have a member or value that ours lack, or the other
 * way round. Types only: nothing of this file is in a bundle.
 */
import type * as Sdk from '@aws-sdk/client-kinesis';
import type { InputOf, OperationName, OutputOf } from '../kinesis/operations.ts';

interface SdkInputs {
  AddTagsToStream: Sdk.AddTagsToStreamCommandInput;
  CreateStream: Sdk.CreateStreamCommandInput;
  DecreaseStreamRetentionPeriod: Sdk.DecreaseStreamRetentionPeriodCommandInput;
  DeleteResourcePolicy: Sdk.DeleteResourcePolicyCommandInput;
  DeleteStream: Sdk.DeleteStreamCommandInput;
  DeregisterStreamConsumer: Sdk.DeregisterStreamConsumerCommandInput;
  DescribeAccountSettings: Sdk.DescribeAccountSettingsCommandInput;
  DescribeLimits: Sdk.DescribeLimitsCommandInput;
  DescribeStream: Sdk.DescribeStreamCommandInput;
  DescribeStreamConsumer: Sdk.DescribeStreamConsumerCommandInput;
  DescribeStreamSummary: Sdk.DescribeStreamSummaryCommandInput;
  DisableEnhancedMonitoring: Sdk.DisableEnhancedMonitoringCommandInput;
  EnableEnhancedMonitoring: Sdk.EnableEnhancedMonitoringCommandInput;
  GetRecords: Sdk.GetRecordsCommandInput;
  GetResourcePolicy: Sdk.GetResourcePolicyCommandInput;
  GetShardIterator: Sdk.GetShardIteratorCommandInput;
  IncreaseStreamRetentionPeriod: Sdk.IncreaseStreamRetentionPeriodCommandInput;
  ListShards: Sdk.ListShardsCommandInput;
  ListStreamConsumers: Sdk.ListStreamConsumersCommandInput;
  ListStreams: Sdk.ListStreamsCommandInput;
  ListTagsForResource: Sdk.ListTagsForResourceCommandInput;
  ListTagsForStream: Sdk.ListTagsForStreamCommandInput;
  MergeShards: Sdk.MergeShardsCommandInput;
  PutRecord: Sdk.PutRecordCommandInput;
  PutRecords: Sdk.PutRecordsCommandInput;
  PutResourcePolicy: Sdk.PutResourcePolicyCommandInput;
  RegisterStreamConsumer: Sdk.RegisterStreamConsumerCommandInput;
  RemoveTagsFromStream: Sdk.RemoveTagsFromStreamCommandInput;
  SplitShard: Sdk.SplitShardCommandInput;
  StartStreamEncryption: Sdk.StartStreamEncryptionCommandInput;
  StopStreamEncryption: Sdk.StopStreamEncryptionCommandInput;
  SubscribeToShard: Sdk.SubscribeToShardCommandInput;
  TagResource: Sdk.TagResourceCommandInput;
  UntagResource: Sdk.UntagResourceCommandInput;
  UpdateAccountSettings: Sdk.UpdateAccountSettingsCommandInput;
  UpdateMaxRecordSize: Sdk.UpdateMaxRecordSizeCommandInput;
  UpdateShardCount: Sdk.UpdateShardCountCommandInput;
  UpdateStreamMode: Sdk.UpdateStreamModeCommandInput;
  UpdateStreamRecordDistributionStrategy: Sdk.UpdateStreamRecordDistributionStrategyCommandInput;
  UpdateStreamWarmThroughput: Sdk.UpdateStreamWarmThroughputCommandInput;
}

interface SdkOutputs {
  AddTagsToStream: Sdk.AddTagsToStreamCommandOutput;
  CreateStream: Sdk.CreateStreamCommandOutput;
  DecreaseStreamRetentionPeriod: Sdk.DecreaseStreamRetentionPeriodCommandOutput;
  DeleteResourcePolicy: Sdk.DeleteResourcePolicyCommandOutput;
  DeleteStream: Sdk.DeleteStreamCommandOutput;
  DeregisterStreamConsumer: Sdk.DeregisterStreamConsumerCommandOutput;
  DescribeAccountSettings: Sdk.DescribeAccountSettingsCommandOutput;
  DescribeLimits: Sdk.DescribeLimitsCommandOutput;
  DescribeStream: Sdk.DescribeStreamCommandOutput;
  DescribeStreamConsumer: Sdk.DescribeStreamConsumerCommandOutput;
  DescribeStreamSummary: Sdk.DescribeStreamSummaryCommandOutput;
  DisableEnhancedMonitoring: Sdk.DisableEnhancedMonitoringCommandOutput;
  EnableEnhancedMonitoring: Sdk.EnableEnhancedMonitoringCommandOutput;
  GetRecords: Sdk.GetRecordsCommandOutput;
  GetResourcePolicy: Sdk.GetResourcePolicyCommandOutput;
  GetShardIterator: Sdk.GetShardIteratorCommandOutput;
  IncreaseStreamRetentionPeriod: Sdk.IncreaseStreamRetentionPeriodCommandOutput;
  ListShards: Sdk.ListShardsCommandOutput;
  ListStreamConsumers: Sdk.ListStreamConsumersCommandOutput;
  ListStreams: Sdk.ListStreamsCommandOutput;
  ListTagsForResource: Sdk.ListTagsForResourceCommandOutput;
  ListTagsForStream: Sdk.ListTagsForStreamCommandOutput;
  MergeShards: Sdk.MergeShardsCommandOutput;
  PutRecord: Sdk.PutRecordCommandOutput;
  PutRecords: Sdk.PutRecordsCommandOutput;
  PutResourcePolicy: Sdk.PutResourcePolicyCommandOutput;
  RegisterStreamConsumer: Sdk.RegisterStreamConsumerCommandOutput;
  RemoveTagsFromStream: Sdk.RemoveTagsFromStreamCommandOutput;
  SplitShard: Sdk.SplitShardCommandOutput;
  StartStreamEncryption: Sdk.StartStreamEncryptionCommandOutput;
  StopStreamEncryption: Sdk.StopStreamEncryptionCommandOutput;
  SubscribeToShard: Sdk.SubscribeToShardCommandOutput;
  TagResource: Sdk.TagResourceCommandOutput;
  UntagResource: Sdk.UntagResourceCommandOutput;
  UpdateAccountSettings: Sdk.UpdateAccountSettingsCommandOutput;
  UpdateMaxRecordSize: Sdk.UpdateMaxRecordSizeCommandOutput;
  UpdateShardCount: Sdk.UpdateShardCountCommandOutput;
  UpdateStreamMode: Sdk.UpdateStreamModeCommandOutput;
  UpdateStreamRecordDistributionStrategy: Sdk.UpdateStreamRecordDistributionStrategyCommandOutput;
  UpdateStreamWarmThroughput: Sdk.UpdateStreamWarmThroughputCommandOutput;
}

/** Members of the SDK that we know of and leave out on purpose: channels are not done yet. */
type LeftOutOfOutputs = '$metadata' | 'ChannelCount' | 'ChannelCountLimit' | 'StreamId';

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
  [N in OperationName]: Same<Plain<SdkInputs[N], never>, Plain<InputOf<N>, never>> extends true
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
