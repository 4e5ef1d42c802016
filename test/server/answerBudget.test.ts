// The bound on pages that are made or wait for their readers.
import { describe, expect, test } from 'vitest';
import {
  AnswerBudget,
  type PageLease,
  pageBytesAhead,
  stuckMs,
  stuckWhileFullMs,
} from '../../src/server/answerBudget.ts';
import { settle, TestClock } from '../support/testClock.ts';

class Reader {
  bytesSent = 0;
  wasCut = false;
  cut(): void {
    this.wasCut = true;
  }
}

function budgetOf(pages: number): { budget: AnswerBudget; clock: TestClock } {
  const clock = new TestClock();
  return { budget: new AnswerBudget(clock, pages * pageBytesAhead), clock };
}

const now = (lease: PageLease | Promise<PageLease>): PageLease => {
  expect(lease).not.toBeInstanceOf(Promise);
  return lease as PageLease;
};

describe('AnswerBudget', () => {
  test('counts a page as the largest until it is made', () => {
    const { budget } = budgetOf(2);
    const page = now(budget.begin());
    expect(budget.bytes).toBe(pageBytesAhead);
    page.made(1000, new Reader());
    expect(budget.bytes).toBe(1000);
    page.end();
    page.end();
    page.made(5, new Reader());
    expect(budget.bytes).toBe(0);
  });

  test('lets pages wait for room, the first one first, and never holds more', async () => {
    const { budget } = budgetOf(3);
    const began: number[] = [];
    const held: PageLease[] = [];
    let most = 0;
    const begin = async (number: number): Promise<void> => {
      held.push(await budget.begin());
      began.push(number);
      most = Math.max(most, budget.bytes);
    };
    for (let number = 0; number < 12; number++) void begin(number);
    await settle();
    expect(began).toEqual([0, 1, 2]);
    for (let ended = 0; ended < 12; ended++) {
      held[ended]!.made(pageBytesAhead / 2, new Reader());
      await settle();
      if (ended % 2 === 1) for (const page of held.slice(0, ended + 1)) page.end();
      await settle();
    }
    expect(began).toEqual(Array.from({ length: 12 }, (_, number) => number));
    for (const page of held) page.end();
    expect([most <= 3 * pageBytesAhead, budget.bytes]).toEqual([true, 0]);
  });

  test('cuts a reader off that takes nothing, and no other', async () => {
    const { budget, clock } = budgetOf(4);
    const [stuck, slow, done] = [new Reader(), new Reader(), new Reader()];
    for (const reader of [stuck, slow]) now(budget.begin()).made(1000, reader);
    const last = now(budget.begin());
    last.made(1000, done);
    last.end();
    now(budget.begin()); // is being made: nobody can take it yet
    for (let passed = 0; passed <= stuckMs + 5000; passed += 5000) {
      slow.bytesSent += 100_000;
      expect(stuck.wasCut).toBe(passed > stuckMs);
      await clock.advance(5000);
    }
    expect([stuck.wasCut, slow.wasCut, done.wasCut]).toEqual([true, false, false]);
  });

  test('is less patient while others wait', async () => {
    const { budget, clock } = budgetOf(1);
    const stuck = new Reader();
    const page = now(budget.begin());
    page.made(pageBytesAhead, stuck);
    const next = budget.begin();
    await clock.advance(stuckWhileFullMs + 5000);
    expect(stuck.wasCut).toBe(true);
    page.end(); // as its exchange does when the connection has ended
    expect((await next).end()).toBeUndefined();
    expect([budget.bytes, clock.pendingTimers]).toEqual([0, 1]);
    budget.dispose();
    expect(clock.pendingTimers).toBe(0);
  });
});
