/** Which shards replace which in a split and in a merge. Pure; it neither checks states nor writes. */
import type { HashRange } from '../kinesis/hashKey.ts';

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
