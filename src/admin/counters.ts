/** What the engine counts, as plain data: per shard and second over a bounded window, and calls by operation. */
import type { LimitsMode } from './adminApi.ts';

export interface CountersQuery {
  /** Only this stream, with its seconds one by one; all streams, without them, when absent. */
  readonly stream?: string | undefined;
  /** How far to look back: 1 to 300, 60 when absent. */
  readonly seconds?: number | undefined;
}

/** What happened in a shard; the extension's own calls are not in it. */
export interface ShardCount {
  readonly recordsIn: number;
  /** Data and partition keys, as all bytes here. */
  readonly bytesIn: number;
  readonly recordsOut: number;
  readonly bytesOut: number;
  /** Calls of GetRecords. */
  readonly reads: number;
  /** Records refused for the shard's throughput. */
  readonly putsThrottled: number;
  /** Records stored though AWS would have refused them: `limits: warn`. */
  readonly putsOverLimit: number;
  /** Calls of GetRecords and GetShardIterator refused for the shard's throughput. */
  readonly readsThrottled: number;
  /** Such calls answered though AWS would have refused them: `limits: warn`. */
  readonly readsOverLimit: number;
  /** The highest age of the last record of an answer, milliseconds; absent when no record was read. */
  readonly iteratorAgeMs?: number;
}

/** A second in which something happened. */
export interface ShardSecond extends ShardCount {
  /** 0 is the second that is under way. */
  readonly secondsAgo: number;
}

export interface CallerUse {
  /** The access key of the requests; empty for calls that named none. */
  readonly caller: string;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface ShardCounters {
  readonly ShardId: string;
  readonly total: ShardCount;
  /** Oldest first; only when one stream was asked for. */
  readonly perSecond?: readonly ShardSecond[];
  /** Eight at most, the largest first; of the last minutes, whatever `seconds` says. */
  readonly topCallers: readonly CallerUse[];
}

export interface StreamCounters {
  readonly stream: string;
  readonly account: string;
  readonly region: string;
  /** Shards in which something happened, by rising id. */
  readonly shards: readonly ShardCounters[];
}

/** Calls of one operation since the engine started, by all accounts. */
export interface OperationCounters {
  readonly operation: string;
  readonly calls: number;
  /** Refused for AWS's call rates or quotas. */
  readonly throttled: number;
  /** Answered though AWS would have refused them for those: `limits: warn`. */
  readonly overLimit: number;
}

export interface EngineCounters {
  /** The engine's time, milliseconds since 1970. */
  readonly atMs: number;
  readonly limits: LimitsMode;
  /** How far the counters look back. */
  readonly seconds: number;
  readonly streams: readonly StreamCounters[];
  readonly operations: readonly OperationCounters[];
}
