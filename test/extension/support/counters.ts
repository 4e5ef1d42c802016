// Counters as the engine answers them.
import type { EngineCounters, ShardCount, StreamCounters } from '../../../src/admin/counters.ts';
import { formatShardId } from '../../../src/kinesis/shardId.ts';

const nothing: ShardCount = {
  recordsIn: 0,
  bytesIn: 0,
  recordsOut: 0,
  bytesOut: 0,
  reads: 0,
  putsThrottled: 0,
  putsOverLimit: 0,
  readsThrottled: 0,
  readsOverLimit: 0,
};

export const account = '000000000000';
export const region = 'us-east-1';

export const shardCounters = (
  index: number,
  total: Partial<ShardCount>,
  topCallers: StreamCounters['shards'][number]['topCallers'] = [],
) => ({ ShardId: formatShardId(index), total: { ...nothing, ...total }, topCallers });

/** A stream with one shard that took so many records. */
export const streamCounters = (
  stream: string,
  recordsIn: number,
  over: Partial<StreamCounters> = {},
): StreamCounters => ({
  stream,
  account,
  region,
  shards: [shardCounters(0, { recordsIn })],
  ...over,
});

export const engineCounters = (...streams: StreamCounters[]): EngineCounters => ({
  atMs: 0,
  limits: 'warn',
  seconds: 60,
  streams,
  operations: [],
});
