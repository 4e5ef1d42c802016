// The panel's "now" is that of its stream, which on the local engine may have been moved.
import { expect, test } from 'vitest';
import type { PanelSubject } from '../../src/protocol/panel.ts';
import type { Surroundings } from '../../webview/state/host.ts';
import { Panel } from '../../webview/state/panel.ts';

const machineMs = Date.UTC(2026, 10, 28, 14);
const hourMs = 3_600_000;

function subjectOf(clock: PanelSubject['clock']): PanelSubject {
  const connection = { id: 'local', kind: 'local', label: 'Local engine', region: 'r' } as const;
  return {
    stream: 'flights',
    connection: { ...connection, place: '', writable: true },
    where: 'editor',
    timeZone: 'local',
    clock,
  };
}

/** A panel without a page, and what it asked of its host. */
async function panelOf(subject: PanelSubject) {
  const asked: unknown[] = [];
  const call = async (method: string, params: unknown) => {
    asked.push([method, params]);
    return method === 'ready' ? subject : undefined;
  };
  const world: Surroundings = {
    host: { call, on: () => ({ dispose: () => undefined }) } as unknown as Surroundings['host'],
    clock: { now: () => machineMs, schedule: () => ({ dispose: () => undefined }) },
    timeZone: () => 'Europe/Berlin',
    utcOffsetMinutes: () => 60,
    savedState: () => undefined,
    saveState: () => undefined,
  };
  const panel = new Panel(world);
  await panel.start();
  return { panel, asked };
}

test.each([
  ['was stepped', { aheadMs: 25 * hourMs, rate: 1 }, 25 * hourMs],
  ['stands still', { aheadMs: -hourMs, rate: 0 }, -hourMs],
  ['is not known', undefined, 0],
])('minutes ago, and in minutes, count from the clock that %s', async (_, moved, aheadMs) => {
  const nowMs = machineMs + aheadMs;
  const { panel, asked } = await panelOf(subjectOf(moved && { ...moved, nowMs, now: '' }));
  panel.restartMinutesAgo(10);
  panel.stopInMinutes(10);
  const at = (timestampMs: number) => ({ type: 'AT_TIMESTAMP', timestampMs });
  expect(asked.slice(-2)).toEqual([
    ['restart', { start: at(nowMs - 600_000) }],
    ['stopAt', { stop: at(nowMs + 600_000) }],
  ]);
});
