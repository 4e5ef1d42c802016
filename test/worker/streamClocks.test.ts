// The clocks that streams go by, as the window tells them.
import { expect, test } from 'vitest';
import { StreamClocks } from '../../src/worker/streamClocks.ts';
import { TestClock } from '../support/testClock.ts';

const now = '';

test('a clock that was handed out goes by what was told last', async () => {
  const machine = new TestClock(1_000_000);
  const clocks = new StreamClocks(machine);
  const clock = clocks.of('local');
  expect(clock.now()).toBe(1_000_000);
  clocks.tell('local', { nowMs: 5_000_000, now, aheadMs: 4_000_000, rate: 1 });
  await machine.advance(1000);
  expect(clock.now()).toBe(5_001_000);
  clocks.tell('local', { nowMs: 5_001_000, now, aheadMs: 4_000_000, rate: 0 });
  await machine.advance(1000);
  expect(clock.now()).toBe(5_001_000);
  clocks.tell('local', { nowMs: 5_001_000, now, aheadMs: 3_999_000, rate: 60 });
  await machine.advance(1000);
  expect(clock.now()).toBe(5_061_000);
  expect(clocks.of('aws:prod').now()).toBe(machine.now());
  expect(clock.monotonic()).toBe(machine.monotonic());
});
