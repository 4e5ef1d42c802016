/** From an operation's name to the SDK's command for it. */
import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeAccountSettingsCommand,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  DisableEnhancedMonitoringCommand,
  EnableEnhancedMonitoringCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListShardsCommand,
  ListStreamsCommand,
  ListTagsForResourceCommand,
  ListTagsForStreamCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RemoveTagsFromStreamCommand,
  SplitShardCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAccountSettingsCommand,
  UpdateMaxRecordSizeCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
  UpdateStreamRecordDistributionStrategyCommand,
  UpdateStreamWarmThroughputCommand,
} from '@aws-sdk/client-kinesis';
import type { InputOf, OperationName } from '../kinesis/operations.ts';

const commands = {
  AddTagsToStream: AddTagsToStreamCommand,
  CreateStream: CreateStreamCommand,
  DecreaseStreamRetentionPeriod: DecreaseStreamRetentionPeriodCommand,
  DeleteStream: DeleteStreamCommand,
  DescribeAccountSettings: DescribeAccountSettingsCommand,
  DescribeLimits: DescribeLimitsCommand,
  DescribeStream: DescribeStreamCommand,
  DescribeStreamSummary: DescribeStreamSummaryCommand,
  DisableEnhancedMonitoring: DisableEnhancedMonitoringCommand,
  EnableEnhancedMonitoring: EnableEnhancedMonitoringCommand,
  GetRecords: GetRecordsCommand,
  GetShardIterator: GetShardIteratorCommand,
  IncreaseStreamRetentionPeriod: IncreaseStreamRetentionPeriodCommand,
  ListShards: ListShardsCommand,
  ListStreams: ListStreamsCommand,
  ListTagsForResource: ListTagsForResourceCommand,
  ListTagsForStream: ListTagsForStreamCommand,
  MergeShards: MergeShardsCommand,
  PutRecord: PutRecordCommand,
  PutRecords: PutRecordsCommand,
  RemoveTagsFromStream: RemoveTagsFromStreamCommand,
  SplitShard: SplitShardCommand,
  TagResource: TagResourceCommand,
  UntagResource: UntagResourceCommand,
  UpdateAccountSettings: UpdateAccountSettingsCommand,
  UpdateMaxRecordSize: UpdateMaxRecordSizeCommand,
  UpdateShardCount: UpdateShardCountCommand,
  UpdateStreamMode: UpdateStreamModeCommand,
  UpdateStreamRecordDistributionStrategy: UpdateStreamRecordDistributionStrategyCommand,
  UpdateStreamWarmThroughput: UpdateStreamWarmThroughputCommand,
} as const satisfies Record<OperationName, unknown>;

/** The types of input agree with the SDK's: drift.ts proves it, which the compiler cannot per operation. */
export function commandFor<N extends OperationName>(
  operation: N,
  input: InputOf<N>,
): DescribeStreamSummaryCommand {
  const Command = commands[operation] as unknown as new (
    input: InputOf<N>,
  ) => DescribeStreamSummaryCommand;
  return new Command(input);
}
