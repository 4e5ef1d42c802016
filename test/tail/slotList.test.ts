// Slots in the order of their rows: as a sorted array would have them, whatever comes late.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SlotList } from '../../src/tail/slotList.ts';

const deed = fc.oneof(
  fc.record({ merge: fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }) }),
  fc.record({ shift: fc.nat(4) }),
  fc.record({ prepend: fc.nat(4) }),
);

test('merge(), shift() and prepend() keep what an array would, and merge() tells where rows came between', () => {
  const property = fc.property(fc.array(deed, { maxLength: 300 }), (deeds) => {
    /** The order of each slot, in the order in which slots were made. */
    const orders: number[] = [];
    const compare = (a: number, b: number): number => orders[a]! - orders[b]! || a - b;
    const list = new SlotList(compare);
    let model: number[] = [];
    for (const step of deeds) {
      if ('merge' in step) {
        const slots = step.merge.map((order) => orders.push(order) - 1).sort(compare);
        const told = list.merge(slots);
        let moved = [...model];
        for (const { at, count } of told) {
          moved = [...moved.slice(0, at), ...Array<number>(count).fill(-1), ...moved.slice(at)];
        }
        const before = model.length;
        model = [...model, ...slots].sort(compare);
        const atEnd = model.length - moved.length;
        moved.push(...Array<number>(atEnd).fill(-1));
        expect(moved.map((slot, at) => (slot === -1 ? -1 : model[at]))).toEqual(moved);
        expect(moved.filter((slot) => slot !== -1)).toHaveLength(before);
      } else if ('shift' in step) {
        for (let index = 0; index < step.shift && model.length > 0; index++) {
          list.shift();
          model.shift();
        }
      } else {
        const lowest = (model.length > 0 ? orders[model[0]!]! : 0) - 1;
        const slots = Array.from({ length: step.prepend }, () => orders.push(lowest) - 1);
        list.prepend(slots);
        model.unshift(...slots);
      }
      expect(Array.from({ length: list.length }, (_, index) => list.at(index))).toEqual(model);
    }
  });
  fc.assert(property, { numRuns: 300 });
});

test('a long list costs the same to append to and to shorten as a short one', () => {
  const list = new SlotList((a, b) => a - b);
  for (let slot = 0; slot < 100_000; slot++) list.push(slot);
  for (let slot = 100_000; slot < 400_000; slot++) {
    list.shift();
    list.push(slot);
  }
  expect([list.length, list.at(0), list.at(99_999)]).toEqual([100_000, 300_000, 399_999]);
});
