// A small form of the run of subscriptions: five consumers on ten shards; `npm run test:fanOut` is the full one.
import path from 'node:path';
import { expect, test } from 'vitest';
import { runFanOut } from './fanOut/fanOutRun.ts';
import { entry } from './support/engineProcess.ts';

const [consumers, shards, records] = [5, 10, 200];

test(`${consumers} consumers on ${shards} shards get each record once through renewals, takeovers and cut sockets`, async () => {
  const report = await runFanOut({
    consumers,
    shards,
    records,
    seed: 7,
    entry: path.resolve(entry),
  });
  expect(report.complaints).toEqual([]);
  const subscriptions = consumers * shards;
  expect(report.deliveries).toBe(report.recordsPut * consumers);
  expect(report.recordsPut).toBeGreaterThanOrEqual(records * shards);
  // Two laps of a renewal while records come and three between; who is cut meanwhile is not renewed.
  expect(report.renewals).toBeGreaterThan(6 * subscriptions);
  const { destroy, reset, halfClose, stream, takeover, silent } = report.cuts;
  for (const count of [destroy, reset, halfClose, stream, takeover, silent]) {
    expect(count).toBeGreaterThan(0);
  }
  expect(report.takenOver).toBe(takeover);
});
