/** AWS's sentences for SplitShard, MergeShards and UpdateShardCount. Nothing here decides. */
import { invalidArgument, type KinesisError, limitExceeded, type StreamId } from './errors.ts';
import type { HashRange } from './hashKey.ts';

const of = ({ name, account }: StreamId): string => `stream ${name} under account ${account}`;

/** @source measured */
export const badSplitKey = (split: {
  key: string;
  shard: string;
  stream: StreamId;
  range: HashRange;
}): KinesisError =>
  invalidArgument(
    `NewStartingHashKey ${split.key} used in SplitShard() on shard ${split.shard} ` +
      `in ${of(split.stream)} is not both greater than one plus the shard's ` +
      `StartingHashKey ${split.range.start} and less than the shard's EndingHashKey ${split.range.end}.`,
  );

/** @source measured: second hand. */
export const shardAlreadyClosed = (shard: string, stream: StreamId): KinesisError =>
  invalidArgument(
    `Shard ${shard} in ${of(stream)} has already been merged or split, ` +
      'and thus is not eligible for merging or splitting.',
  );

/** No full stop. @source measured */
export const shardsNotAdjacent = (shards: readonly string[], stream: StreamId): KinesisError =>
  invalidArgument(
    `Shards ${shards[0]} and ${shards[1]} in ${of(stream)} ` +
      'are not an adjacent pair of shards eligible for merging',
  );

/** How many shards are open, and how many UpdateShardCount shall leave open. */
export interface Scaling {
  readonly open: number;
  readonly target: number;
}

const counts = ({ open, target }: Scaling): string =>
  `Current open shard count: ${open}, Target shard count: ${target}`;

/** @source measured: second hand. */
export const scaledAboveDouble = (scaling: Scaling): KinesisError =>
  limitExceeded(
    `UpdateShardCount cannot scale up over double your current open shard count. ${counts(scaling)}`,
  );

/** @source measured: second hand. */
export const scaledBelowHalf = (scaling: Scaling): KinesisError =>
  limitExceeded(
    `UpdateShardCount cannot scale down below half your current open shard count. ${counts(scaling)}`,
  );

/** @source measured: second hand. */
export const tooManyShards = (limit: number, scaling: Scaling): KinesisError =>
  limitExceeded(
    `Target shard count or number of open shards cannot be greater than ${limit}. ${counts(scaling)}`,
  );

/** The eleventh call within 24 hours. @source guessed: wording. */
export const scaledTooOften = (limit: number, stream: StreamId): KinesisError =>
  limitExceeded(
    `UpdateShardCount can be called at most ${limit} times in 24 hours on ${of(stream)}.`,
  );

/** Shards of fewer than four hash keys cannot be split. @source guessed */
export const shardsTooNarrow = (scaling: Scaling, stream: StreamId): KinesisError =>
  invalidArgument(
    `The open shards of ${of(stream)} hold too few hash keys to be split further. ${counts(scaling)}`,
  );
