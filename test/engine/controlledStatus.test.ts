// What a controlled engine says of its clock and its faults, and that each change of them is told.
import { expect, test } from 'vitest';
import type { EngineChange } from '../../src/engine/engine.ts';
import { ControlledBench, rejection } from './support/controlledBench.ts';

const hourMs = 3_600_000;

async function listening() {
  const bench = await ControlledBench.open();
  await bench.streams('orders');
  const told: EngineChange[] = [];
  bench.controlled.onDidChange((change) => told.push(change));
  /** What was told since it was last asked. */
  const news = (): EngineChange[] => told.splice(0);
  return { bench, news };
}

test('each change of the clock is told, after the clock says so itself', async () => {
  const { bench, news } = await listening();
  const { controls, controlled } = bench;
  await controls.stopClock();
  expect([controlled.clock.rate, news()]).toEqual([0, ['status']]);
  await controls.startClock();
  expect([controlled.clock.rate, news()]).toEqual([1, ['status']]);
  await controls.setClockRate(60);
  expect([controlled.clock.rate, news()]).toEqual([60, ['status']]);
  await controls.setClockRate(1);
  news();
  await controls.stepClock(hourMs);
  expect([controlled.clock.aheadMs, news()]).toEqual([hourMs, expect.arrayContaining(['status'])]);
  await controls.reset();
  expect([controlled.clock.aheadMs, news()]).toEqual([0, expect.arrayContaining(['status'])]);
});

test('rules for faults are counted and told as they come and go, also by their last call', async () => {
  const { bench, news } = await listening();
  const { controls, controlled } = bench;
  const rule = await controls.addFault({ effect: 'throttle', operation: 'PutRecord', count: 1 });
  expect([controlled.faultCount, news()]).toEqual([1, ['status']]);
  await rejection(bench.put('orders', 'a'));
  expect([controlled.faultCount, news()]).toEqual([0, ['status']]);
  expect((await rejection(controls.removeFault(rule.id))).name).toBe('ResourceNotFoundException');
  expect(news()).toEqual([]);
  const other = await controls.addFault({ effect: 'throttle' });
  await controls.removeFault(other.id);
  await controls.addFault({ effect: 'throttle' });
  await controls.clearFaults();
  expect([controlled.faultCount, news()]).toEqual([0, Array(4).fill('status')]);
});

test('a reset takes back what was said of a clock that an earlier run had moved', async () => {
  const bench = await ControlledBench.open();
  await bench.controls.stepClock(hourMs);
  const next = await bench.reopen();
  expect(next.controlled.notices).toHaveLength(1);
  await next.controls.reset();
  expect(next.controlled.notices).toEqual([]);
});
