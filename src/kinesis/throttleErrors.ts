/** AWS's sentences for what is over a limit of throughput or of calls. Nothing here decides. */
import { KinesisError, limitExceeded, type StreamId } from './errors.ts';

/** A shard, as a sentence names it. */
export interface ThrottledShard {
  /** `shardId-000000000000` */
  readonly ShardId: string;
  readonly stream: StreamId;
}

/** Of a failed entry of PutRecords too. */
export const throughputExceeded = 'ProvisionedThroughputExceededException';

/** Of PutRecord and of each entry of PutRecords. @source measured */
export const putRateText = ({ ShardId, stream: { name, account } }: ThrottledShard): string =>
  `Rate exceeded for shard ${ShardId} in stream ${name} under account ${account}.`;

/** PutRecord. @source measured */
export const putThrottled = (shard: ThrottledShard): KinesisError =>
  new KinesisError(throughputExceeded, putRateText(shard));

/** GetRecords; no full stop. @source measured: since 2023; before that it was putRateText's sentence. */
export const readThrottled = ({
  ShardId,
  stream: { name, account },
}: ThrottledShard): KinesisError =>
  new KinesisError(throughputExceeded, `Rate exceeded for Shard - ${account}/${name}/${ShardId}`);

/** GetShardIterator. @source guessed: the sentence of the other shard limits. */
export const iteratorThrottled = (shard: ThrottledShard): KinesisError =>
  new KinesisError(throughputExceeded, putRateText(shard));

/** Calls of an operation that names a stream. @source measured */
export const callsOfStreamThrottled = ({ name, account }: StreamId): KinesisError =>
  limitExceeded(`Rate exceeded for stream ${name} under account ${account}.`);

/** Calls of one that does not. @source guessed: after "Rate exceeded". */
export const callsThrottled = (account: string): KinesisError =>
  limitExceeded(`Rate exceeded for account ${account}.`);
