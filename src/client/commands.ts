/** From an operation's name to the SDK's command for it. */
import {
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListShardsCommand,
  ListStreamConsumersCommand,
  ListStreamsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  SubscribeToShardCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
  UpdateStreamWarmThroughputCommand,
} from '@aws-sdk/client-kinesis';
import type { InputOf, OperationName } from '../kinesis/operations.ts';

const commands = {
  CreateStream: CreateStreamCommand,
  DecreaseStreamRetentionPeriod: DecreaseStreamRetentionPeriodCommand,
  DeleteStream: DeleteStreamCommand,
  DeregisterStreamConsumer: DeregisterStreamConsumerCommand,
  DescribeLimits: DescribeLimitsCommand,
  DescribeStream: DescribeStreamCommand,
  DescribeStreamConsumer: DescribeStreamConsumerCommand,
  DescribeStreamSummary: DescribeStreamSummaryCommand,
  GetRecords: GetRecordsCommand,
  GetShardIterator: GetShardIteratorCommand,
  IncreaseStreamRetentionPeriod: IncreaseStreamRetentionPeriodCommand,
  ListShards: ListShardsCommand,
  ListStreamConsumers: ListStreamConsumersCommand,
  ListStreams: ListStreamsCommand,
  MergeShards: MergeShardsCommand,
  PutRecord: PutRecordCommand,
  PutRecords: PutRecordsCommand,
  RegisterStreamConsumer: RegisterStreamConsumerCommand,
  SplitShard: SplitShardCommand,
  SubscribeToShard: SubscribeToShardCommand,
  UpdateShardCount: UpdateShardCountCommand,
  UpdateStreamMode: UpdateStreamModeCommand,
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
