/** Which shards replace which in a split, a merge and a scaling. Pure; it neither checks states nor writes. */
import { type HashRange, middleOf } from '../kinesis/hashKey.ts';

export interface PlannedShard {
  readonly index: number;
  readonly range: HashRange;
}

/** One split (one parent, two children) or one merge (two parents, one child). */
export interface Replacement {
  readonly parents: readonly number[];
  readonly children: readonly PlannedShard[];
}

/** Replacements that happen at the same time, one second after those of the round before. */
export type Round = readonly Replacement[];

/** True when `key` may be SplitShard's NewStartingHashKey. @source measured: each child has 2 keys or more. */
export function isSplitKey(range: HashRange, key: bigint): boolean {
  return key > range.start + 1n && key < range.end;
}

export function planSplit(
  shard: PlannedShard,
  { at, nextIndex }: { at: bigint; nextIndex: number },
): Replacement {
  const { start, end } = shard.range;
  return {
    parents: [shard.index],
    children: [
      { index: nextIndex, range: { start, end: at - 1n } },
      { index: nextIndex + 1, range: { start: at, end } },
    ],
  };
}

/** `low` ends where `high` starts. */
export function planMerge(
  { low, high }: { low: PlannedShard; high: PlannedShard },
  nextIndex: number,
): Replacement {
  const range = { start: low.range.start, end: high.range.end };
  return { parents: [low.index, high.index], children: [{ index: nextIndex, range }] };
}

/**
 * How UpdateShardCount gets from `open` to `target` shards: every open shard is split at its middle until
 * there are enough, then neighbours are merged in pairs from the low end. Empty when nothing is to do;
 * undefined when shards are too narrow to be split.
 * @source measured for the number of shards; guessed for which pairs merge.
 */
export function planScaling(plan: {
  open: readonly PlannedShard[];
  target: number;
  nextIndex: number;
}): Round[] | undefined {
  const rounds: Round[] = [];
  let { nextIndex } = plan;
  let open = [...plan.open].sort(byRange);
  while (open.length !== plan.target) {
    const isGrowing = open.length < plan.target;
    const round = isGrowing
      ? splitAll(open, nextIndex)
      : mergePairs({ open, count: open.length - plan.target, nextIndex });
    if (round.length === 0) return undefined;
    rounds.push(round);
    nextIndex += round.reduce((sum, { children }) => sum + children.length, 0);
    open = afterRound(open, round);
  }
  return rounds;
}

const byRange = (a: PlannedShard, b: PlannedShard): number =>
  a.range.start < b.range.start ? -1 : 1;

function splitAll(open: readonly PlannedShard[], nextIndex: number): Round {
  const round: Replacement[] = [];
  for (const shard of open) {
    const at = middleOf(shard.range);
    if (!isSplitKey(shard.range, at)) continue;
    round.push(planSplit(shard, { at, nextIndex: nextIndex + 2 * round.length }));
  }
  return round;
}

function mergePairs(merging: {
  open: readonly PlannedShard[];
  count: number;
  nextIndex: number;
}): Round {
  const round: Replacement[] = [];
  const pairs = Math.min(merging.count, Math.floor(merging.open.length / 2));
  for (let pair = 0; pair < pairs; pair++) {
    const low = merging.open[2 * pair]!;
    const high = merging.open[2 * pair + 1]!;
    round.push(planMerge({ low, high }, merging.nextIndex + pair));
  }
  return round;
}

function afterRound(open: readonly PlannedShard[], round: Round): PlannedShard[] {
  const gone = new Set(round.flatMap(({ parents }) => parents));
  const kept = open.filter(({ index }) => !gone.has(index));
  return [...kept, ...round.flatMap(({ children }) => children)].sort(byRange);
}
