// The bound on bytes of request bodies that are held at once.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BodyBudget } from '../../src/server/bodyBudget.ts';

test('take() waits for room and goes on in the order of asking', () => {
  const budget = new BodyBudget(100);
  const [first, second, third] = [budget.lease(), budget.lease(), budget.lease()];
  const went: string[] = [];
  expect(first.take(80, () => undefined)).toBe(true);
  expect(second.take(40, () => went.push('second'))).toBe(false);
  expect(third.take(10, () => went.push('third'))).toBe(false);
  expect(budget.bytes).toBe(80);
  first.release();
  expect([went, budget.bytes]).toEqual([['second', 'third'], 50]);
});

test('take() lets one go on when all would wait for each other', () => {
  const budget = new BodyBudget(100);
  const [first, second] = [budget.lease(), budget.lease()];
  const went: string[] = [];
  first.take(60, () => undefined);
  second.take(40, () => undefined);
  expect(first.take(10, () => went.push('first'))).toBe(false);
  expect(second.take(10, () => went.push('second'))).toBe(false);
  expect([went, budget.bytes]).toEqual([['first'], 110]);
});

test('take() of the one that all wait for is granted at once, not also called back', () => {
  const budget = new BodyBudget(100);
  const [first, second] = [budget.lease(), budget.lease()];
  const went: string[] = [];
  first.take(60, () => undefined);
  second.take(40, () => undefined);
  second.take(10, () => went.push('second'));
  expect(first.take(10, () => went.push('first'))).toBe(true);
  expect([went, budget.bytes]).toEqual([[], 110]);
});

test('many that send at once are never held beyond the budget and one of them', () => {
  const budget = new BodyBudget(100);
  const bodies = Array.from({ length: 10 }, () => ({ lease: budget.lease(), left: 60 }));
  const ready = [...bodies];
  let most = 0;
  let ended = 0;
  for (let body = ready.shift(); body; body = ready.shift()) {
    const next = body;
    next.left -= 5;
    const goOn = (): void => {
      most = Math.max(most, budget.bytes);
      if (next.left > 0) return void ready.push(next);
      ended += 1;
      next.lease.release();
    };
    if (next.lease.take(5, goOn)) goOn();
  }
  expect([ended, budget.bytes]).toEqual([10, 0]);
  expect(most).toBeLessThanOrEqual(100 + 60);
});

test('nothing is lost, and nobody waits when nothing is held', () => {
  const step = fc.record({ lease: fc.nat(4), bytes: fc.integer({ min: 1, max: 60 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const budget = new BodyBudget(100);
      const leases = Array.from({ length: 5 }, () => budget.lease());
      const waiting = new Set<number>();
      for (const { lease, bytes } of steps) {
        if (waiting.has(lease)) continue;
        waiting.add(lease);
        if (leases[lease]!.take(bytes, () => waiting.delete(lease))) waiting.delete(lease);
        expect(budget.bytes).toBeLessThanOrEqual(100 + 60 * 5);
        expect(waiting.size).toBeLessThan(5);
      }
      for (const lease of leases) lease.release();
      expect(budget.bytes).toBe(0);
    }),
  );
});
