/**
 * How UpdateShardCount gets from one number of shards to another: by splits and merges alone, so that the
 * lineage of every shard stays whole. Pure; it neither checks limits nor writes.
 */
import { evenRanges } from '../kinesis/hashKey.ts';
import { isSplitKey, type PlannedShard, planMerge, planSplit, type Round } from './reshardPlan.ts';

/**
 * Which shards are split and merged.
 *
 * `splitAndMerge`: every open shard is split at its middle until there are enough, then neighbours are
 * merged in pairs from the low end until there are no more than asked for. Ranges are equal when the number
 * doubles or halves and unequal otherwise.
 * @source measured: how many shards are listed afterwards, second hand; guessed: which pairs merge.
 *
 * `uniform`: shards are split where the ranges of an evenly cut stream begin, then what lies within one
 * such range is merged. Ranges are always equal, to 2^64 hash keys.
 * @source guessed
 */
export type ScalingPolicy = 'splitAndMerge' | 'uniform';

export const scalingPolicies: readonly ScalingPolicy[] = ['splitAndMerge', 'uniform'];

/** What is open and how many shall be. */
export interface Scaling {
  readonly open: readonly PlannedShard[];
  /** 1 to 10,000. */
  readonly target: number;
  /** The first shard index that is free. */
  readonly nextIndex: number;
}

/** The round after which `open` is nearer to the target; undefined when it is reached, empty when it cannot be. */
type NextRound = (scaling: Scaling) => Round | undefined;

/**
 * The rounds of splits and merges from `open` to `target` shards. Empty when nothing is to do; undefined
 * when shards are too narrow to be split.
 */
export function planScaling(scaling: Scaling, policy: ScalingPolicy): Round[] | undefined {
  const nextRound = policy === 'uniform' ? uniform : splitAndMerge;
  const rounds: Round[] = [];
  let { nextIndex } = scaling;
  let open = [...scaling.open].sort(byRange);
  for (;;) {
    const round = nextRound({ open, target: scaling.target, nextIndex });
    if (!round) return rounds;
    if (round.length === 0) return undefined;
    rounds.push(round);
    nextIndex += round.reduce((sum, { children }) => sum + children.length, 0);
    open = afterRound(open, round);
  }
}

const byRange = (a: PlannedShard, b: PlannedShard): number =>
  a.range.start < b.range.start ? -1 : 1;

function afterRound(open: readonly PlannedShard[], round: Round): PlannedShard[] {
  const gone = new Set(round.flatMap(({ parents }) => parents));
  const kept = open.filter(({ index }) => !gone.has(index));
  return [...kept, ...round.flatMap(({ children }) => children)].sort(byRange);
}

const splitAndMerge: NextRound = (scaling) => {
  const { open, target } = scaling;
  if (open.length === target) return undefined;
  if (open.length < target) return splitWhere(scaling, ({ start, end }) => (start + end + 1n) / 2n);
  return mergeWhere(scaling, { countMax: open.length - target, mayMerge: () => true });
};

const uniform: NextRound = (scaling) => {
  const starts = evenStarts(scaling);
  const splits = splitWhere(scaling, (range) => middleOfThose(starts, range));
  if (splits.length > 0) return splits;
  const known = new Set(starts);
  const mayMerge = (high: PlannedShard): boolean => !known.has(high.range.start);
  const merges = mergeWhere(scaling, { countMax: scaling.open.length, mayMerge });
  return merges.length > 0 ? merges : undefined;
};

/** Splits every open shard at the key chosen for it, if there is one and it may be split there. */
function splitWhere(
  { open, nextIndex }: Scaling,
  keyOf: (range: PlannedShard['range']) => bigint | undefined,
): Round {
  const round: Round[number][] = [];
  for (const shard of open) {
    const at = keyOf(shard.range);
    if (at === undefined || !isSplitKey(shard.range, at)) continue;
    round.push(planSplit(shard, { at, nextIndex: nextIndex + 2 * round.length }));
  }
  return round;
}

/** Merges neighbours in pairs from the low end, each shard at most once. */
function mergeWhere(
  { open, nextIndex }: Scaling,
  { countMax, mayMerge }: { countMax: number; mayMerge: (high: PlannedShard) => boolean },
): Round {
  const round: Round[number][] = [];
  for (let at = 0; at + 1 < open.length && round.length < countMax; at++) {
    const low = open[at]!;
    const high = open[at + 1]!;
    if (!mayMerge(high)) continue;
    round.push(planMerge({ low, high }, nextIndex + round.length));
    at += 1;
  }
  return round;
}

/** A range's start this near to where it should be counts as there: no shard is split for so little. */
const nearEnough = 2n ** 64n;

/** Where the ranges of an evenly cut stream begin, moved to starts of open shards that are near enough. */
function evenStarts({ open, target }: Scaling): bigint[] {
  const found = open.map(({ range }) => range.start);
  let at = 0;
  return evenRanges(target).map(({ start }) => {
    while (at < found.length - 1 && found[at]! + nearEnough < start) at++;
    const distance = found[at]! - start;
    return distance <= nearEnough && distance >= -nearEnough ? found[at]! : start;
  });
}

/** The middle one of the rising `starts` that lie inside a range, behind its own start. */
function middleOfThose(
  starts: readonly bigint[],
  { start, end }: PlannedShard['range'],
): bigint | undefined {
  const first = countUpTo(starts, start);
  const last = countUpTo(starts, end);
  return first === last ? undefined : starts[(first + last) >>> 1];
}

/** How many of the rising `values` are `limit` or less. */
function countUpTo(values: readonly bigint[], limit: bigint): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
