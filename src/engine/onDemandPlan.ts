/** How many shards an on-demand stream needs, and which are split to get there. Pure: it neither counts nor writes. */
import { middleOf } from '../kinesis/hashKey.ts';
import {
  onDemandLargeRegions,
  onDemandMbpsMax,
  onDemandPeakDays,
  onDemandShardsAtStart,
  shardBytesInPerSecond,
  shardRecordsInPerSecond,
  shardsPerStreamMax,
} from '../kinesis/limits.ts';
import { isSplitKey, type PlannedShard, planSplit, type Round } from './reshardPlan.ts';
import { openShards, type StreamEntry } from './streamEntry.ts';

const dayMs = 86_400_000;

/** What a shard took on average in a minute; 1 is all that it may take. */
export interface ShardLoad {
  readonly shard: number;
  readonly load: number;
}

/** A shard from here on is split. @source documented: about 500 KB a second. */
const busyLoad = 0.5;

/** The load of `bytes` and `records` in `seconds`: the nearer one to its limit. */
export function loadOf(taken: { bytes: number; records: number; seconds: number }): number {
  const { bytes, records, seconds } = taken;
  return Math.max(bytes / shardBytesInPerSecond, records / shardRecordsInPerSecond) / seconds;
}

/** The most shards that a day's peak asked for: one entry for each of the last 30 days that had traffic. */
export interface PeakDay {
  /** Days since 1970. */
  readonly day: number;
  /** Double the day's peak, in shards. */
  readonly shards: number;
}

/** Peaks count this long. */
export const peaksMs = onDemandPeakDays * dayMs;

/** `peaks` with `shards` in it at `nowMs`, without what is before `sinceMs`; by rising day. */
export function withPeak(
  peaks: readonly PeakDay[],
  { shards, nowMs, sinceMs }: { shards: number; nowMs: number; sinceMs: number },
): readonly PeakDay[] {
  const today = Math.floor(nowMs / dayMs);
  const kept = peaks.filter(({ day }) => day > Math.floor(sinceMs / dayMs) && day <= today);
  const last = kept.at(-1);
  if (last?.day === today) {
    if (shards > last.shards) kept.splice(-1, 1, { day: today, shards });
  } else if (shards > 0) kept.push({ day: today, shards });
  return kept;
}

/** Shards for double a peak. @source documented: the double. */
export const shardsForPeak = (loads: readonly ShardLoad[]): number =>
  Math.ceil(2 * loads.reduce((sum, { load }) => sum + load, 0));

/** Shards that a stream's peak and its warm throughput ask for, four at least. */
export function wantedShards(stream: StreamEntry, peaks: readonly PeakDay[]): number {
  const peak = Math.max(0, ...peaks.map(({ shards }) => shards));
  return Math.max(onDemandShardsAtStart, peak, stream.warmMiBps ?? 0);
}

/** Shards that a stream may grow to now. One that has more already keeps them while they are wanted. */
export const capacityOf = (stream: StreamEntry, peaks: readonly PeakDay[]): number =>
  Math.min(wantedShards(stream, peaks), onDemandShardsMax(stream.region));

/** @source documented: in MB a second; guessed: that this many shards are all of it. */
const onDemandShardsMax = (region: string): number =>
  onDemandLargeRegions.includes(region) ? shardsPerStreamMax : onDemandMbpsMax;

/**
 * The busy shards to be split on the way to `capacity`, the busiest first. A shard busy by one key gains
 * nothing: its range is halved like any other. @source documented: hot keys are not isolated.
 */
export function shardsToSplit(
  stream: StreamEntry,
  { loads, capacity }: { loads: readonly ShardLoad[]; capacity: number },
): number[] {
  const open = new Map(openShards(stream).map((shard) => [shard.index, shard]));
  const busy = loads.filter(({ shard, load }) => {
    const range = open.get(shard)?.range;
    return range !== undefined && load > busyLoad && isSplitKey(range, middleOf(range));
  });
  busy.sort((a, b) => b.load - a.load);
  return busy.slice(0, Math.max(0, capacity - open.size)).map(({ shard }) => shard);
}

/** Splits each of `shards` at its middle, all at once. */
export function planSpread(shards: readonly PlannedShard[], nextIndex: number): Round {
  return shards.map((shard, place) =>
    planSplit(shard, { at: middleOf(shard.range), nextIndex: nextIndex + 2 * place }),
  );
}

/** Splits the widest shards until `target` are open or none can be split; never merges. */
export function planGrowth(plan: {
  open: readonly PlannedShard[];
  target: number;
  nextIndex: number;
}): Round[] {
  const rounds: Round[] = [];
  let { nextIndex } = plan;
  let open = [...plan.open];
  while (open.length < plan.target) {
    const wide = open.filter(({ range }) => isSplitKey(range, middleOf(range))).sort(byWidth);
    const round = planSpread(wide.slice(0, plan.target - open.length), nextIndex);
    if (round.length === 0) break;
    rounds.push(round);
    nextIndex += 2 * round.length;
    const gone = new Set(round.flatMap(({ parents }) => parents));
    open = open.filter(({ index }) => !gone.has(index));
    open.push(...round.flatMap(({ children }) => children));
  }
  return rounds;
}

/** Widest first; of equal ones the lower, so that the plan depends on the ranges alone. */
function byWidth(a: PlannedShard, b: PlannedShard): number {
  const difference = b.range.end - b.range.start - (a.range.end - a.range.start);
  if (difference !== 0n) return difference > 0n ? 1 : -1;
  return a.range.start < b.range.start ? -1 : 1;
}
