// The whole engine under eight clients, cut off at its writes: what was answered is there, what was begun is finished.
import { expect, test } from 'vitest';
import { runSeeds, STRIDE } from './engineRun.ts';

/** `STRIDE` seeds together cut at every change of a workload; `npm run test:crash` is the long run. */
const SEEDS = 2 * STRIDE;

test(`nothing told is lost, doubled or out of order after a kill or a power cut, ${SEEDS} seeds`, async () => {
  const totals = await runSeeds({ from: 1, count: SEEDS });
  expect(totals.complaints).toEqual([]);
  expect(totals.seeds).toBe(SEEDS);
  expect(totals.points * STRIDE).toBeGreaterThan(2 * totals.changes - 4 * STRIDE * SEEDS);
  console.log(`${SEEDS} seeds, ${totals.changes} changes, ${totals.points} crash points`);
});
