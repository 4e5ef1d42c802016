// When the engine is asked for its counters, how often, and what becomes of its answers.
import { describe, expect, test } from 'vitest';
import type { CountersQuery, EngineCounters } from '../../src/admin/counters.ts';
import { pollIntervalMs, TrafficCounters } from '../../src/extension/tree/trafficCounters.ts';
import { TestClock } from '../support/testClock.ts';
import { account, engineCounters, region, streamCounters } from './support/counters.ts';

const minuteMs = 60_000;

function bench() {
  const clock = new TestClock();
  const asked: CountersQuery[] = [];
  const changed: string[] = [];
  const state = {
    isRunning: true,
    answer: (): Promise<EngineCounters> => Promise.resolve(engineCounters()),
  };
  const counters = new TrafficCounters({
    clock,
    source: () =>
      state.isRunning
        ? {
            account,
            region,
            counters: (query) => {
              asked.push(query);
              return state.answer();
            },
          }
        : undefined,
  });
  counters.onChange((stream) => changed.push(stream));
  const answerWith = (...streams: Parameters<typeof engineCounters>): void => {
    state.answer = () => Promise.resolve(engineCounters(...streams));
  };
  return { clock, counters, asked, changed, state, answerWith };
}

describe('TrafficCounters', () => {
  test('asks nothing before the tree is shown, and sets no timer', async () => {
    const { clock, asked } = bench();
    await clock.advance(minuteMs);
    expect([asked, clock.pendingTimers]).toEqual([[], 0]);
  });

  test('asks once for all streams when shown, then every 5 s', async () => {
    const { clock, counters, asked } = bench();
    counters.show(true);
    await clock.advance(0);
    expect(asked).toEqual([{ seconds: 60 }]);
    await clock.advance(minuteMs);
    expect([asked.length, pollIntervalMs]).toEqual([13, 5_000]);
  });

  test('asks nothing while hidden, keeps nothing, and says so of its streams', async () => {
    const { clock, counters, asked, changed, answerWith } = bench();
    answerWith(streamCounters('orders', 1));
    counters.show(true);
    await clock.advance(0);
    expect([counters.isKnown, counters.ofStream('orders')?.shards.length]).toEqual([true, 1]);
    counters.show(false);
    expect([counters.isKnown, counters.ofStream('orders')]).toEqual([false, undefined]);
    expect(changed).toEqual(['orders', 'orders']);
    await clock.advance(minuteMs);
    expect([asked.length, clock.pendingTimers]).toEqual([1, 0]);
  });

  test('asks no more often when the tree is hidden and shown in turns', async () => {
    const { clock, counters, asked } = bench();
    for (let turn = 0; turn < 100; turn++) {
      counters.show(turn % 2 === 0);
      await clock.advance(100);
    }
    expect(asked.length).toBe(2);
    counters.show(true);
    counters.show(true);
    await clock.advance(pollIntervalMs - 1);
    expect([asked.length, clock.pendingTimers]).toEqual([3, 1]);
  });

  test('waits for an answer before it asks again', async () => {
    const { clock, counters, asked, state } = bench();
    let answer: (counters: EngineCounters) => void = () => undefined;
    state.answer = () => new Promise((resolve) => (answer = resolve));
    counters.show(true);
    await clock.advance(minuteMs);
    counters.show(false);
    counters.show(true);
    await clock.advance(minuteMs);
    expect([asked.length, clock.pendingTimers]).toEqual([1, 0]);
    answer(engineCounters());
    await clock.advance(pollIntervalMs - 1);
    expect(asked.length).toBe(1);
    await clock.advance(1);
    expect(asked.length).toBe(2);
  });

  test('an answer that comes after the tree was hidden is dropped', async () => {
    const { clock, counters, changed, state } = bench();
    let answer: (counters: EngineCounters) => void = () => undefined;
    state.answer = () => new Promise((resolve) => (answer = resolve));
    counters.show(true);
    await clock.advance(0);
    counters.show(false);
    answer(engineCounters(streamCounters('orders', 1)));
    await clock.advance(minuteMs);
    expect([counters.isKnown, changed]).toEqual([false, []]);
  });

  test('tells only of streams of which something else is known', async () => {
    const { clock, counters, changed, answerWith } = bench();
    answerWith(streamCounters('orders', 1), streamCounters('clicks', 1));
    counters.show(true);
    await clock.advance(0);
    expect(changed.splice(0)).toEqual(['orders', 'clicks']);
    await clock.advance(pollIntervalMs);
    expect(changed).toEqual([]);
    answerWith(streamCounters('orders', 2));
    await clock.advance(pollIntervalMs);
    expect(changed).toEqual(['orders', 'clicks']);
  });

  test('takes no streams of other accounts and regions', async () => {
    const { clock, counters, answerWith } = bench();
    answerWith(
      streamCounters('orders', 1),
      streamCounters('orders', 2, { region: 'eu-west-1' }),
      streamCounters('clicks', 3, { account: '111111111111' }),
    );
    counters.show(true);
    await clock.advance(0);
    expect(counters.ofStream('orders')?.shards[0]?.total.recordsIn).toBe(1);
    expect(counters.ofStream('clicks')).toBe(undefined);
  });

  test('asks nothing without an engine, and begins with the next one', async () => {
    const { clock, counters, asked, state, answerWith } = bench();
    state.isRunning = false;
    counters.show(true);
    await clock.advance(minuteMs);
    expect([asked.length, clock.pendingTimers]).toEqual([0, 0]);
    state.isRunning = true;
    answerWith(streamCounters('orders', 1));
    counters.restart();
    await clock.advance(0);
    expect([asked.length, counters.isKnown]).toEqual([1, true]);
    state.isRunning = false;
    counters.restart();
    expect(counters.isKnown).toBe(false);
    await clock.advance(minuteMs);
    expect(asked.length).toBe(1);
  });

  test('a failure is forgotten with what was known, and the next question comes in its time', async () => {
    const { clock, counters, asked, state, answerWith } = bench();
    answerWith(streamCounters('orders', 1));
    counters.show(true);
    await clock.advance(0);
    state.answer = () => Promise.reject(new Error('gone'));
    await clock.advance(pollIntervalMs);
    expect([asked.length, counters.isKnown]).toEqual([2, false]);
    answerWith(streamCounters('orders', 2));
    await clock.advance(pollIntervalMs);
    expect([asked.length, counters.isKnown]).toEqual([3, true]);
  });
});
