// Plans of UpdateShardCount under both policies: the hash space is always covered, the lineage is whole.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type PlannedShard,
  planMerge,
  planSplit,
  type Round,
} from '../../src/engine/reshardPlan.ts';
import { planScaling, type ScalingPolicy, scalingPolicies } from '../../src/engine/scalingPlan.ts';
import { evenRanges, hashKeyMax } from '../../src/kinesis/hashKey.ts';

const evenly = (count: number): PlannedShard[] =>
  evenRanges(count).map((range, index) => ({ index, range }));

/** Applies a plan, checking each round, and returns what is open at the end and how many ever were. */
function applied(open: readonly PlannedShard[], rounds: readonly Round[]) {
  const now = new Map(open.map((shard) => [shard.index, shard]));
  let nextIndex = Math.max(...now.keys()) + 1;
  let listed = open.length;
  for (const round of rounds) {
    expect(round).not.toEqual([]);
    for (const replacement of round) {
      checkLineage(now, replacement);
      for (const index of replacement.parents) now.delete(index);
      for (const child of replacement.children) {
        expect(child.index).toBe(nextIndex++);
        listed += 1;
      }
    }
    // Only now: no child of a round is a parent of the same round.
    for (const { children } of round) for (const child of children) now.set(child.index, child);
    expect(hole([...now.values()])).toBeUndefined();
  }
  return { open: [...now.values()].sort(byRange), listed };
}

/** A replacement is what SplitShard or MergeShards would do with open shards. */
function checkLineage(
  open: ReadonlyMap<number, PlannedShard>,
  { parents, children }: Round[number],
) {
  const [low, high] = parents.map((index) => open.get(index)!);
  const nextIndex = children[0]!.index;
  const replacement = high
    ? planMerge({ low: low!, high }, nextIndex)
    : planSplit(low!, { at: children[1]!.range.start, nextIndex });
  expect({ parents, children }).toEqual(replacement);
  for (const { range } of children) expect(range.end - range.start >= 1n).toBe(true);
}

const byRange = (a: PlannedShard, b: PlannedShard): number =>
  a.range.start < b.range.start ? -1 : 1;

/** The first hash key that no shard or more than one covers. */
function hole(shards: PlannedShard[]): bigint | undefined {
  let next = 0n;
  for (const { range } of shards.sort(byRange)) {
    if (range.start !== next || range.end < range.start) return next;
    next = range.end + 1n;
  }
  return next === hashKeyMax + 1n ? undefined : next;
}

function scaled(open: readonly PlannedShard[], target: number, policy: ScalingPolicy) {
  const nextIndex = Math.max(...open.map(({ index }) => index)) + 1;
  return applied(open, planScaling({ open, target, nextIndex }, policy)!);
}

/** Shares of the hash space in hash order, as fractions of `unit`. */
const sharesOf = (shards: readonly PlannedShard[], unit: number): number[] =>
  shards.map(
    ({ range }) => Math.round((Number(range.end - range.start + 1n) / 2 ** 128) * unit * 1e9) / 1e9,
  );

const anyCount = fc.integer({ min: 1, max: 60 });
const anyPolicy = fc.constantFrom(...scalingPolicies);

describe('planScaling()', () => {
  it.each(scalingPolicies)('by %s covers all hash keys at each round, to any target', (policy) => {
    fc.assert(
      fc.property(anyCount, fc.array(anyCount, { minLength: 1, maxLength: 4 }), (from, targets) => {
        let open = evenly(from);
        for (const target of targets) {
          open = scaled(open, target, policy).open;
          expect(open).toHaveLength(target);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('does nothing when the target is what is open, and evenly', () => {
    for (const policy of scalingPolicies) {
      expect(planScaling({ open: evenly(3), target: 3, nextIndex: 3 }, policy)).toEqual([]);
    }
  });

  it('halves and doubles exactly by either policy', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), anyPolicy, (power, policy) => {
        const count = 2 ** power;
        const rangesOf = (shards: PlannedShard[]) => shards.map(({ range }) => range);
        const twice = scaled(evenly(count), 2 * count, policy).open;
        expect(rangesOf(twice)).toEqual(evenRanges(2 * count));
        expect(rangesOf(scaled(twice, count, policy).open)).toEqual(evenRanges(count));
      }),
    );
  });
});

describe('planScaling() of open shards in any order', () => {
  it.each(scalingPolicies)('by %s plans by their ranges', (policy) => {
    const open = evenly(5);
    for (const target of [3, 7]) {
      const plan = planScaling({ open, target, nextIndex: 5 }, policy);
      const mixed = [3, 0, 4, 2, 1].map((index) => open[index]!);
      expect(planScaling({ open: mixed, target, nextIndex: 5 }, policy)).toEqual(plan);
    }
  });
});

describe('planScaling() by splitAndMerge', () => {
  it.each([
    [2, 4, 6],
    [4, 5, 15],
    [10, 13, 37],
    [4, 2, 6],
    [5, 3, 7],
  ])('lists as many shards as were seen on AWS: %i to %i', (from, target, listed) => {
    expect(scaled(evenly(from), target, 'splitAndMerge')).toMatchObject({ listed });
  });

  it.each([
    [4, 5, 8, [2, 2, 2, 1, 1]],
    [5, 3, 5, [2, 2, 1]],
    [10, 13, 20, [2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1]],
  ])('leaves the ranges that are documented: %i to %i', (from, target, unit, shares) => {
    const { open } = scaled(evenly(from), target, 'splitAndMerge');
    expect(sharesOf(open, unit)).toEqual(shares);
  });

  it('gives up when shards hold too few keys', () => {
    const open = [
      { index: 0, range: { start: 0n, end: 2n } },
      { index: 1, range: { start: 3n, end: 5n } },
    ];
    expect(planScaling({ open, target: 4, nextIndex: 2 }, 'splitAndMerge')).toBeUndefined();
  });
});

describe('planScaling() by uniform', () => {
  it('always ends with equal ranges, to 2^64 hash keys', () => {
    fc.assert(
      fc.property(anyCount, fc.array(anyCount, { minLength: 1, maxLength: 4 }), (from, targets) => {
        let open = scaled(evenly(from), 1 + (from % 7), 'splitAndMerge').open;
        for (const target of targets) {
          open = scaled(open, target, 'uniform').open;
          evenRanges(target).forEach(({ start }, index) => {
            const distance = open[index]!.range.start - start;
            expect(distance <= 2n ** 64n && distance >= -(2n ** 64n)).toBe(true);
          });
        }
      }),
      { numRuns: 100 },
    );
  });

  it('splits no shard for a range that begins a few keys beside it', () => {
    const { listed } = scaled(evenly(3), 6, 'uniform');
    expect(listed).toBe(9);
  });

  it.each([
    [4, 5, 15],
    [5, 3, 13],
  ])('lists what its splits and merges leave: %i to %i', (from, target, listed) => {
    expect(scaled(evenly(from), target, 'uniform')).toMatchObject({ listed });
  });

  it('cuts a whole stream into 1,000 shards', () => {
    const { open } = scaled(evenly(1), 1000, 'uniform');
    expect(open.map(({ range }) => range)).toEqual(evenRanges(1000));
  });

  it.each([
    [2n ** 64n, 0],
    [-(2n ** 64n), 0],
    [2n ** 64n + 1n, 2],
    [-(2n ** 64n) - 1n, 2],
  ])(
    'takes two halves whose border is %s keys beside the middle for even: %i rounds',
    (by, rounds) => {
      const border = 2n ** 127n + by;
      const open = [
        { index: 0, range: { start: 0n, end: border - 1n } },
        { index: 1, range: { start: border, end: hashKeyMax } },
      ];
      const plan = planScaling({ open, target: 2, nextIndex: 2 }, 'uniform');
      expect(plan).toHaveLength(rounds);
    },
  );
});
