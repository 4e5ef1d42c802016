// Plans of a split and a merge: which keys may divide a shard, and what the children cover.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSplitKey, planMerge, planSplit } from '../../src/engine/reshardPlan.ts';

const anyRange = fc
  .tuple(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), fc.bigInt({ min: 0n, max: 99n }))
  .map(([start, width]) => ({ start, end: start + width }));

describe('isSplitKey()', () => {
  it('is true exactly for keys that leave each child two keys or more', () => {
    fc.assert(
      fc.property(anyRange, fc.bigInt({ min: -3n, max: 103n }), (range, offset) => {
        const at = range.start + offset;
        expect(isSplitKey(range, at)).toBe(at - range.start >= 2n && range.end - at >= 1n);
      }),
    );
  });
});

describe('planSplit() and planMerge()', () => {
  it('number the children on from the next index and cover what the parents did', () => {
    const shard = { index: 3, range: { start: 10n, end: 99n } };
    const split = planSplit(shard, { at: 40n, nextIndex: 7 });
    expect(split).toEqual({
      parents: [3],
      children: [
        { index: 7, range: { start: 10n, end: 39n } },
        { index: 8, range: { start: 40n, end: 99n } },
      ],
    });
    const [low, high] = split.children;
    expect(planMerge({ low: low!, high: high! }, 9)).toEqual({
      parents: [7, 8],
      children: [{ index: 9, range: shard.range }],
    });
  });
});
