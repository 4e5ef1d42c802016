/** How fast a tail reads: on the local engine nearly at once, on AWS inside limits that others share. */
import { shardBytesOutPerSecond, shardReadsPerSecond } from '../kinesis/limits.ts';

export interface TailPace {
  /** From one call to the next on a shard with nothing new. */
  readonly idlePollMs: number;
  /** The same while nobody looks. */
  readonly hiddenPollMs: number;
  /** From the start of one call to the start of the next on a shard, whatever it returned. */
  readonly callIntervalMs: number;
  /** The same at most on a shard that has been quiet for long; 0: quiet shards are asked as often as all. */
  readonly quietIntervalMsMax: number;
  /** What a shard gives all its readers together a second; undefined: ours take from nobody. */
  readonly shared?: SharedReads;
  /** Calls on idle shards over all shards of the tail: with more shards each is asked less often. */
  readonly idleCallsPerSecondMax: number;
  /** Records asked for in one call, at most. */
  readonly recordsPerCall: number;
  /** So large a page is to be, about; undefined: as large as it comes. */
  readonly pageBytes?: number;
  /** Calls in flight over all shards. */
  readonly callsMax: number;
  /** From one ListShards to the next, to find shards that no drained parent told of. */
  readonly listShardsMs: number;
  /** After a failed call: the first wait, doubled up to the longest. */
  readonly retryMs: { readonly first: number; readonly longest: number };
  /** Shards read by subscriptions, each record told as it is stored; more of them are polled. 0: all are. */
  readonly pushShardsMax: number;
  /** While paused: how often to ask how far behind the shards are, more often at first; undefined: never. */
  readonly pausedProbeMs?: number;
}

export interface SharedReads {
  readonly callsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Bytes a second of them that we take at most. */
  readonly ourBytesPerSecond: number;
}

export const localPace: TailPace = {
  idlePollMs: 100,
  hiddenPollMs: 1000,
  callIntervalMs: 0,
  quietIntervalMsMax: 0,
  idleCallsPerSecondMax: 400,
  recordsPerCall: 2000,
  callsMax: 16,
  listShardsMs: 5000,
  retryMs: { first: 200, longest: 2000 },
  pushShardsMax: 200,
  pausedProbeMs: 3000,
};

/**
 * GetRecords has five calls and 2 MiB a second and shard for all readers together: one call is ours, and half of the
 * data, so that a consumer keeps up with all that can be written, 1 MiB a second. A page of more than 2 MiB would have
 * every reader refused until its time is over. @source documented
 */
export const awsPace = {
  idlePollMs: 1000,
  hiddenPollMs: 1000,
  callIntervalMs: 1000,
  quietIntervalMsMax: 4000,
  shared: {
    callsPerSecond: shardReadsPerSecond,
    bytesPerSecond: shardBytesOutPerSecond,
    ourBytesPerSecond: shardBytesOutPerSecond / 2,
  },
  idleCallsPerSecondMax: 200,
  recordsPerCall: 10_000,
  pageBytes: shardBytesOutPerSecond / 2,
  callsMax: 16,
  listShardsMs: 60_000,
  retryMs: { first: 1000, longest: 20_000 },
  pushShardsMax: 0,
  pausedProbeMs: 30_000,
} as const satisfies TailPace;

/**
 * From 0.2 to the 5 of AWS, which are all calls and all data. With less than one call a second pages are larger, though
 * by less than what has others refused for more than a second.
 */
export function awsPaceOf({ readsPerSecond }: { readsPerSecond: number }): TailPace {
  const calls = Math.min(shardReadsPerSecond, Math.max(0.2, readsPerSecond));
  const callIntervalMs = 1000 / calls;
  const part = Math.max(1 / 2, calls / shardReadsPerSecond);
  const pageBytes = awsPace.pageBytes * Math.min(1.5, Math.max(1, 1 / calls));
  const hiddenPollMs = Math.max(awsPace.hiddenPollMs, callIntervalMs);
  const quietIntervalMsMax = Math.max(awsPace.quietIntervalMsMax, callIntervalMs);
  return {
    ...awsPace,
    shared: { ...awsPace.shared, ourBytesPerSecond: shardBytesOutPerSecond * part },
    pageBytes,
    callIntervalMs,
    idlePollMs: callIntervalMs,
    hiddenPollMs,
    quietIntervalMsMax,
  };
}

/** How long to wait before the next try, after so many that failed before the last one. */
export const retryWaitMs = (
  { first, longest }: TailPace['retryMs'],
  failedBefore: number,
): number => Math.min(longest, first * 2 ** Math.min(failedBefore, 20));

/** How long an idle shard waits for its next call, with `readerCount` shards being read. */
export function idleWaitMs(
  pace: TailPace,
  { readerCount, isVisible }: { readerCount: number; isVisible: boolean },
): number {
  const wanted = isVisible ? pace.idlePollMs : pace.hiddenPollMs;
  return Math.max(wanted, (readerCount * 1000) / pace.idleCallsPerSecondMax);
}
