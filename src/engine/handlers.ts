/** The engine's operations by AWS's name. A table; nothing is decided here. */
import type { OperationName } from '../kinesis/operations.ts';
import type { Handler } from './engineParts.ts';
import { addTagsToStream } from './operations/addTagsToStream.ts';
import { createStream } from './operations/createStream.ts';
import { decreaseStreamRetentionPeriod } from './operations/decreaseStreamRetentionPeriod.ts';
import { deleteResourcePolicy } from './operations/deleteResourcePolicy.ts';
import { deleteStream } from './operations/deleteStream.ts';
import { deregisterStreamConsumer } from './operations/deregisterStreamConsumer.ts';
import { describeAccountSettings } from './operations/describeAccountSettings.ts';
import { describeLimits } from './operations/describeLimits.ts';
import { describeStream } from './operations/describeStream.ts';
import { describeStreamConsumer } from './operations/describeStreamConsumer.ts';
import { describeStreamSummary } from './operations/describeStreamSummary.ts';
import { disableEnhancedMonitoring } from './operations/disableEnhancedMonitoring.ts';
import { enableEnhancedMonitoring } from './operations/enableEnhancedMonitoring.ts';
import { getRecords } from './operations/getRecords.ts';
import { getResourcePolicy } from './operations/getResourcePolicy.ts';
import { getShardIterator } from './operations/getShardIterator.ts';
import { increaseStreamRetentionPeriod } from './operations/increaseStreamRetentionPeriod.ts';
import { listShards } from './operations/listShards.ts';
import { listStreamConsumers } from './operations/listStreamConsumers.ts';
import { listStreams } from './operations/listStreams.ts';
import { listTagsForResource } from './operations/listTagsForResource.ts';
import { listTagsForStream } from './operations/listTagsForStream.ts';
import { mergeShards } from './operations/mergeShards.ts';
import { putRecord } from './operations/putRecord.ts';
import { putRecords } from './operations/putRecords.ts';
import { putResourcePolicy } from './operations/putResourcePolicy.ts';
import { registerStreamConsumer } from './operations/registerStreamConsumer.ts';
import { removeTagsFromStream } from './operations/removeTagsFromStream.ts';
import { splitShard } from './operations/splitShard.ts';
import { startStreamEncryption } from './operations/startStreamEncryption.ts';
import { stopStreamEncryption } from './operations/stopStreamEncryption.ts';
import { subscribeToShard } from './operations/subscribeToShard.ts';
import { tagResource } from './operations/tagResource.ts';
import { untagResource } from './operations/untagResource.ts';
import { updateAccountSettings } from './operations/updateAccountSettings.ts';
import { updateMaxRecordSize } from './operations/updateMaxRecordSize.ts';
import { updateShardCount } from './operations/updateShardCount.ts';
import { updateStreamMode } from './operations/updateStreamMode.ts';
import { updateStreamRecordDistributionStrategy } from './operations/updateStreamRecordDistributionStrategy.ts';
import { updateStreamWarmThroughput } from './operations/updateStreamWarmThroughput.ts';

export const handlers: { readonly [N in OperationName]: Handler<N> } = {
  AddTagsToStream: addTagsToStream,
  CreateStream: createStream,
  DecreaseStreamRetentionPeriod: decreaseStreamRetentionPeriod,
  DeleteResourcePolicy: deleteResourcePolicy,
  DeleteStream: deleteStream,
  DeregisterStreamConsumer: deregisterStreamConsumer,
  DescribeAccountSettings: describeAccountSettings,
  DescribeLimits: describeLimits,
  DescribeStream: describeStream,
  DescribeStreamConsumer: describeStreamConsumer,
  DescribeStreamSummary: describeStreamSummary,
  DisableEnhancedMonitoring: disableEnhancedMonitoring,
  EnableEnhancedMonitoring: enableEnhancedMonitoring,
  GetRecords: getRecords,
  GetResourcePolicy: getResourcePolicy,
  GetShardIterator: getShardIterator,
  IncreaseStreamRetentionPeriod: increaseStreamRetentionPeriod,
  ListShards: listShards,
  ListStreamConsumers: listStreamConsumers,
  ListStreams: listStreams,
  ListTagsForResource: listTagsForResource,
  ListTagsForStream: listTagsForStream,
  MergeShards: mergeShards,
  PutRecord: putRecord,
  PutRecords: putRecords,
  PutResourcePolicy: putResourcePolicy,
  RegisterStreamConsumer: registerStreamConsumer,
  RemoveTagsFromStream: removeTagsFromStream,
  SplitShard: splitShard,
  StartStreamEncryption: startStreamEncryption,
  StopStreamEncryption: stopStreamEncryption,
  SubscribeToShard: subscribeToShard,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateAccountSettings: updateAccountSettings,
  UpdateMaxRecordSize: updateMaxRecordSize,
  UpdateShardCount: updateShardCount,
  UpdateStreamMode: updateStreamMode,
  UpdateStreamRecordDistributionStrategy: updateStreamRecordDistributionStrategy,
  UpdateStreamWarmThroughput: updateStreamWarmThroughput,
};
