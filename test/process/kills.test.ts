// A real engine, killed with SIGKILL under sixteen clients, also in the middle of its own work: nothing acknowledged is lost.
import { expect, test } from 'vitest';
import { runKills } from './kills/killRun.ts';

/** In each durability; `npm run test:kills` is the long run. */
const KILLS = 4;

test.each(['written', 'synced'] as const)(
  `${KILLS} kills with durability %s lose nothing, double nothing and keep the order`,
  async (durability) => {
    const report = await runKills({ durability, kills: KILLS, seed: 5 });
    expect(report.complaints).toEqual([]);
    expect(report.kills).toBe(KILLS);
    expect(report.acknowledged).toBeGreaterThanOrEqual(20 * KILLS);
    const inside = Object.values(report.inside).reduce((sum, count) => sum + count, 0);
    expect(inside).toBeGreaterThanOrEqual(KILLS / 4);
  },
);
