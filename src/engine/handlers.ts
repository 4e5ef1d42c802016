/** The engine's operations by AWS's name. A table; nothing is decided here. */
import type { OperationName } from '../kinesis/operations.ts';
import type { Handler } from './engineParts.ts';
import { createStream } from './operations/createStream.ts';
import { decreaseStreamRetentionPeriod } from './operations/decreaseStreamRetentionPeriod.ts';
import { deleteStream } from './operations/deleteStream.ts';
import { deregisterStreamConsumer } from './operations/deregisterStreamConsumer.ts';
import { describeLimits } from './operations/describeLimits.ts';
import { describeStream } from './operations/describeStream.ts';
import { describeStreamConsumer } from './operations/describeStreamConsumer.ts';
import { describeStreamSummary } from './operations/describeStreamSummary.ts';
import { getRecords } from './operations/getRecords.ts';
import { getShardIterator } from './operations/getShardIterator.ts';
import { increaseStreamRetentionPeriod } from './operations/increaseStreamRetentionPeriod.ts';
import { listShards } from './operations/listShards.ts';
import { listStreamConsumers } from './operations/listStreamConsumers.ts';
import { listStreams } from './operations/listStreams.ts';
import { mergeShards } from './operations/mergeShards.ts';
import { putRecord } from './operations/putRecord.ts';
import { putRecords } from './operations/putRecords.ts';
import { registerStreamConsumer } from './operations/registerStreamConsumer.ts';
import { splitShard } from './operations/splitShard.ts';
import { subscribeToShard } from './operations/subscribeToShard.ts';
import { updateShardCount } from './operations/updateShardCount.ts';
import { updateStreamMode } from './operations/updateStreamMode.ts';
import { updateStreamWarmThroughput } from './operations/updateStreamWarmThroughput.ts';

export const handlers: { readonly [N in OperationName]: Handler<N> } = {
  CreateStream: createStream,
  DecreaseStreamRetentionPeriod: decreaseStreamRetentionPeriod,
  DeleteStream: deleteStream,
  DeregisterStreamConsumer: deregisterStreamConsumer,
  DescribeLimits: describeLimits,
  DescribeStream: describeStream,
  DescribeStreamConsumer: describeStreamConsumer,
  DescribeStreamSummary: describeStreamSummary,
  GetRecords: getRecords,
  GetShardIterator: getShardIterator,
  IncreaseStreamRetentionPeriod: increaseStreamRetentionPeriod,
  ListShards: listShards,
  ListStreamConsumers: listStreamConsumers,
  ListStreams: listStreams,
  MergeShards: mergeShards,
  PutRecord: putRecord,
  PutRecords: putRecords,
  RegisterStreamConsumer: registerStreamConsumer,
  SplitShard: splitShard,
  SubscribeToShard: subscribeToShard,
  UpdateShardCount: updateShardCount,
  UpdateStreamMode: updateStreamMode,
  UpdateStreamWarmThroughput: updateStreamWarmThroughput,
};
