/** What is told of calls that were admitted though AWS would have refused them: one sentence a minute and stream. */
import { formatShardId } from '../../kinesis/shardId.ts';
import type { ReadRefusal } from './readLimit.ts';
import type { PutRefusal } from './writeLimit.ts';

/** A limit that a call has met. */
export type Met =
  | { readonly call: 'PutRecord'; readonly limit: PutRefusal }
  | { readonly call: 'GetRecords'; readonly limit: ReadRefusal }
  | { readonly call: 'GetShardIterator'; readonly limit: 'calls' };

const calls = 'more than 5 calls in a second';
const reasons: { readonly [call in Met['call']]: Readonly<Record<string, string>> } = {
  PutRecord: {
    bytes: 'more than 1 MiB in a second',
    records: 'more than 1,000 records in a second',
  },
  GetRecords: {
    calls,
    bytes: 'more than 2 MiB in a second',
    penalty: 'another call within a second of one that it refuses',
  },
  GetShardIterator: { calls },
};

/** Seconds between two sentences of one stream. */
export const toldEverySeconds = 60;

/** The sentence for the engine's log. */
export const overLimitText = (stream: string, at: Met & { readonly shard: number }): string =>
  `Stream ${stream}, ${formatShardId(at.shard)}: AWS would have refused ${at.call} for ` +
  `${reasons[at.call][at.limit]}. It was admitted, since limits is warn; the counters tell how many more.`;
