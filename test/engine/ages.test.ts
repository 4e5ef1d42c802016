// Ages against a plain model: what a clock that is set to and fro stamps expires when its time is over.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Ages, driftMsMax, jumpsMax } from '../../src/engine/ages.ts';
import { TestClock } from '../support/testClock.ts';

const yearMs = 365 * 86_400_000;

describe('since()', () => {
  test('of a clock that nobody sets is so long ago, to the millisecond', async () => {
    const clock = new TestClock();
    const ages = new Ages(clock);
    for (const passMs of [0, 1, 999, yearMs]) {
      await clock.advance(passMs);
      for (const agoMs of [0, 1, 300_000, yearMs]) {
        expect(ages.since(agoMs)).toBe(clock.now() - agoMs);
      }
    }
  });

  test('follows drift in either direction', async () => {
    const clock = new TestClock();
    const ages = new Ages(clock);
    for (let turn = 0; turn < 200; turn++) {
      await clock.advance(60_000);
      clock.setWall(clock.now() + (turn % 3 === 0 ? -driftMsMax : driftMsMax));
      expect(ages.since(300_000)).toBe(clock.now() - 300_000);
    }
  });

  test('makes nothing older than it is, and is exact again once the last jump is longer ago', async () => {
    const jump = fc.integer({ min: driftMsMax + 1, max: yearMs });
    const turn = fc.record({
      passMs: fc.nat(4000),
      jumpMs: fc.oneof(
        fc.constant(0),
        jump,
        jump.map((byMs) => -byMs),
      ),
    });
    const turns = fc.array(turn, { maxLength: 3 * jumpsMax, size: 'max' });
    let expired = 0;
    await fc.assert(
      fc.asyncProperty(turns, fc.oneof(fc.nat(9000), fc.nat(300_000)), async (all, agoMs) => {
        const clock = new TestClock();
        const ages = new Ages(clock);
        const stamps: { wallMs: number; atMs: number }[] = [];
        for (const { passMs, jumpMs } of all) {
          stamps.push({ wallMs: clock.now(), atMs: clock.monotonic() });
          await clock.jump(passMs);
          clock.setWall(clock.now() + jumpMs);
          const sinceMs = ages.since(agoMs);
          const old = stamps.filter(({ wallMs }) => wallMs < sinceMs);
          for (const { atMs } of old) expect(clock.monotonic() - atMs).toBeGreaterThan(agoMs);
          expired += old.length;
        }
        await clock.jump(agoMs + 1);
        expect(ages.since(agoMs)).toBe(clock.now() - agoMs);
      }),
      { numRuns: 60 },
    );
    expect(expired).toBeGreaterThan(1000);
  });
});
