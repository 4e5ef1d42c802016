// What the extension costs those who do not use it, and what its activation costs those who do.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { openWindow } from './support/openWindow.ts';

interface Probe {
  wasActive: boolean;
  emptyMs: number;
  shardscopeMs: number;
}

/** Opens a window in which the probe wakes up and reads what it measured. */
async function probe(): Promise<Probe> {
  const window = await openWindow({ files: { 'probe.wanted': '' } });
  const file = path.join(window.folder, 'probe.json');
  await vi.waitUntil(() => existsSync(file), { timeout: 120_000, interval: 100 });
  const measured = JSON.parse(readFileSync(file, 'utf8')) as Probe;
  await window.close();
  return measured;
}

test('activation costs at most 50 ms of CPU above an empty extension, and no window pays it unasked', async () => {
  const probes: Probe[] = [];
  for (let run = 0; run < 5; run++) probes.push(await probe());
  // Each at its best: a window in which the empty one was slow would make ours look cheap.
  const emptyMs = Math.min(...probes.map((one) => one.emptyMs));
  const cost = Math.min(...probes.map((one) => one.shardscopeMs)) - emptyMs;
  process.stdout.write(`activation: ${cost.toFixed(1)} ms of CPU above an empty extension\n`);
  expect(probes.map(({ wasActive }) => wasActive)).toEqual([false, false, false, false, false]);
  expect(cost).toBeLessThanOrEqual(50);
});
