// When ticks are sent: changes at once and then at most one an interval, what can wait beside them.
import { expect, test } from 'vitest';
import { Ticker } from '../../src/tail/ticker.ts';
import { TestClock } from '../support/testClock.ts';

function setUp() {
  const clock = new TestClock();
  const beganMs = clock.monotonic();
  const told: number[] = [];
  const ticker = new Ticker(clock, () => told.push(clock.monotonic() - beganMs));
  return { clock, ticker, told };
}

test('the first change is told at once, the following together after the interval', async () => {
  const { clock, ticker, told } = setUp();
  for (let change = 0; change < 10; change++) {
    ticker.changed();
    await clock.advance(30);
  }
  await clock.advance(1000);
  expect(told).toEqual([0, 100, 200, 300]);
});

test('what can wait goes along with the next change, and is told by itself after a rest', async () => {
  const { clock, ticker, told } = setUp();
  ticker.changed();
  ticker.mention();
  await clock.advance(250);
  ticker.changed();
  expect(told).toEqual([0, 250]);
  await clock.advance(2000);
  expect(told).toEqual([0, 250]);
  ticker.mention();
  ticker.mention();
  expect(told).toEqual([0, 250, 2250]);
  ticker.mention();
  await clock.advance(2000);
  expect(told).toEqual([0, 250, 2250, 2750]);
});

test('what could wait does not hold up a change', async () => {
  const { clock, ticker, told } = setUp();
  ticker.mention();
  await clock.advance(20);
  ticker.changed();
  ticker.changed();
  await clock.advance(100);
  expect(told).toEqual([0, 20, 120]);
});

test('never more than ten in a second, whatever changes', async () => {
  const { clock, ticker, told } = setUp();
  for (let step = 0; step < 1000; step++) {
    if (step % 7 === 0) ticker.mention();
    if (step % 90 < 30) ticker.changed();
    await clock.advance(11);
  }
  const most = Math.max(
    ...told.map((at) => told.filter((to) => to >= at && to < at + 1000).length),
  );
  expect(most).toBeLessThanOrEqual(10);
  expect(told.length).toBeGreaterThan(20);
});

test('hidden it tells nothing and has no timer; shown again it tells at once', async () => {
  const { clock, ticker, told } = setUp();
  ticker.changed();
  ticker.changed();
  ticker.mention();
  ticker.show(false);
  ticker.changed();
  ticker.mention();
  expect(clock.pendingTimers).toBe(0);
  await clock.advance(1000);
  ticker.show(true);
  expect(told).toEqual([0, 1000]);
});
