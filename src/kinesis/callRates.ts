/** How often Kinesis lets an account call each operation. Numbers only; nothing here counts. */

export interface CallRate {
  /** Calls in a second. */
  readonly perSecond: number;
  /** Whether all streams of an account and region share it, or each stream has its own. */
  readonly per: 'account' | 'stream';
}

const perAccount = (perSecond: number): CallRate => ({ perSecond, per: 'account' });
const perStream = (perSecond: number): CallRate => ({ perSecond, per: 'stream' });

/** Not published: as most of the control plane. @source guessed */
const guessedRate = perAccount(5);

/**
 * By operation. Those of records, of iterators and of subscriptions are limited by their shard instead;
 * UpdateStreamMode's rate is not published. @source documented
 */
export const callRates: ReadonlyMap<string, CallRate> = new Map([
  ['AddTagsToStream', perAccount(5)],
  ['CreateStream', perAccount(5)],
  ['DecreaseStreamRetentionPeriod', perAccount(5)],
  ['DeleteStream', perAccount(5)],
  ['DeleteResourcePolicy', guessedRate],
  ['DeregisterStreamConsumer', perStream(5)],
  ['DescribeAccountSettings', perAccount(5)],
  ['DescribeLimits', perAccount(1)],
  ['DescribeStream', perAccount(10)],
  ['DescribeStreamConsumer', perStream(20)],
  ['DescribeStreamSummary', perAccount(20)],
  ['DisableEnhancedMonitoring', perAccount(5)],
  ['EnableEnhancedMonitoring', perAccount(5)],
  ['GetResourcePolicy', guessedRate],
  ['IncreaseStreamRetentionPeriod', perAccount(5)],
  ['ListShards', perStream(1000)],
  ['ListStreamConsumers', perStream(5)],
  ['ListStreams', perAccount(5)],
  ['ListTagsForResource', guessedRate],
  ['ListTagsForStream', perAccount(5)],
  ['MergeShards', perAccount(5)],
  ['PutResourcePolicy', guessedRate],
  ['RegisterStreamConsumer', perAccount(5)],
  ['RemoveTagsFromStream', perAccount(5)],
  ['SplitShard', perAccount(5)],
  ['StartStreamEncryption', perAccount(5)],
  ['StopStreamEncryption', perAccount(5)],
  ['TagResource', guessedRate],
  ['UntagResource', guessedRate],
  ['UpdateAccountSettings', perAccount(5)],
  ['UpdateMaxRecordSize', guessedRate],
  ['UpdateShardCount', perAccount(10)],
  ['UpdateStreamRecordDistributionStrategy', guessedRate],
  ['UpdateStreamWarmThroughput', perAccount(5)],
]);
