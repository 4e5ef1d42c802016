// Plans of splits, merges and scalings: ranges always cover the hash space without a hole or an overlap.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlannedShard, planScaling, type Round } from '../../src/engine/reshardPlan.ts';
import { evenRanges, hashKeyMax } from '../../src/kinesis/hashKey.ts';

const evenly = (count: number): PlannedShard[] =>
  evenRanges(count).map((range, index) => ({ index, range }));

/** Applies a plan, checking each round, and returns what is open at the end and how many ever were. */
function applied(open: readonly PlannedShard[], rounds: readonly Round[]) {
  const now = new Map(open.map((shard) => [shard.index, shard]));
  let listed = open.length;
  let nextIndex = Math.max(...now.keys()) + 1;
  for (const round of rounds) {
    for (const { parents, children } of round) {
      expect([parents.length, children.length].sort()).toEqual([1, 2]);
      for (const index of parents) expect(now.delete(index)).toBe(true);
      expect(children[0]!.index).toBe(nextIndex);
      nextIndex += children.length;
      for (const child of children) now.set(child.index, child);
      listed += children.length;
    }
    expect(hole([...now.values()])).toBeUndefined();
  }
  return { open: [...now.values()], listed };
}

/** The first hash key that no shard or more than one covers. */
function hole(shards: PlannedShard[]): bigint | undefined {
  let next = 0n;
  for (const { range } of shards.sort((a, b) => (a.range.start < b.range.start ? -1 : 1))) {
    if (range.start !== next || range.end < range.start) return next;
    next = range.end + 1n;
  }
  return next === hashKeyMax + 1n ? undefined : next;
}

describe('planScaling()', () => {
  it('lists as many shards as AWS was seen to', () => {
    const seen = [
      [2, 4, 6],
      [4, 5, 15],
      [10, 13, 37],
      [4, 2, 6],
      [5, 3, 7],
    ] as const;
    for (const [from, target, listed] of seen) {
      const open = evenly(from);
      const rounds = planScaling({ open, target, nextIndex: from })!;
      expect(applied(open, rounds)).toMatchObject({ listed });
    }
  });

  it('reaches any target from any shape and always covers the hash space', () => {
    const count = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(count, fc.array(count, { minLength: 1, maxLength: 4 }), (from, targets) => {
        let open = evenly(from);
        for (const target of targets) {
          const nextIndex = Math.max(...open.map(({ index }) => index)) + 1;
          const rounds = planScaling({ open, target, nextIndex })!;
          open = applied(open, rounds).open;
          expect(open).toHaveLength(target);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('does nothing when the target is what is open', () => {
    expect(planScaling({ open: evenly(3), target: 3, nextIndex: 3 })).toEqual([]);
  });

  it('gives up when shards hold too few keys', () => {
    const open = [
      { index: 0, range: { start: 0n, end: 2n } },
      { index: 1, range: { start: 3n, end: 5n } },
    ];
    expect(planScaling({ open, target: 4, nextIndex: 2 })).toBeUndefined();
  });
});
