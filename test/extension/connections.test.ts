// What a window tells its worker thread, and its panels, of the local engine.
import { expect, test, vi } from 'vitest';
import { Emitter } from '../../src/base/emitter.ts';
import { Connections, type ConnectionsParts } from '../../src/extension/connections/connections.ts';
import type { EngineState } from '../../src/extension/engine/localEngine.ts';
import type { PanelParts } from '../../src/extension/panels/panelParts.ts';
import type { WorkerChannel } from '../../src/extension/worker/workerThread.ts';
import type { WorkerMethods } from '../../src/protocol/worker.ts';
import { runningAt } from './support/times.ts';

vi.mock('vscode', () => ({
  workspace: { getConfiguration: () => ({ get: (_: string, other: unknown) => other }) },
}));

const hourMs = 3_600_000;

/** An engine that runs, whose clock is moved by `move`, and a worker that `start` starts. */
function window() {
  const states = new Emitter<EngineState>();
  const started = new Emitter<WorkerChannel>();
  const told: [method: string, params: unknown][] = [];
  let isRunning = false;
  let state = running({ aheadMs: 0, rate: 1 });
  const engine = {
    get state() {
      return state;
    },
    address: { endpoint: 'http://127.0.0.1:4567', nonce: 'n' },
    onState: states.event,
  } as ConnectionsParts['engine'];
  const worker = {
    get isRunning() {
      return isRunning;
    },
    onStarted: started.event,
    call: async (method: keyof WorkerMethods, params: unknown) => {
      told.push([method, params]);
    },
  } as ConnectionsParts['worker'];
  return {
    ...{ engine, told },
    connections: new Connections({ engine, worker, settings: () => [] }),
    start: () => {
      isRunning = true;
      started.fire({} as WorkerChannel);
    },
    move: (clock: Parameters<typeof running>[0]) => {
      state = running(clock);
      states.fire(state);
    },
  };
}

function running(clock: Parameters<typeof runningAt>[0]): EngineState & { type: 'running' } {
  const state = runningAt(clock) as EngineState & { type: 'running' };
  const status = { ...state.status, region: 'us-east-1', endpoint: 'http://127.0.0.1:4567' };
  return { ...state, status };
}

const clocksIn = (told: readonly [string, unknown][]) =>
  told.flatMap(([method, params]) =>
    method === 'setClock' ? [(params as { clock: { aheadMs: number } }).clock.aheadMs] : [],
  );

test("the worker is told how the engine's clock stands when it starts, and whenever it was moved", () => {
  const { told, start, move } = window();
  move({ aheadMs: hourMs, rate: 1 });
  expect(told).toEqual([]);
  start();
  move({ aheadMs: 2 * hourMs, rate: 1 });
  expect(clocksIn(told)).toEqual([hourMs, 2 * hourMs]);
  start();
  expect(clocksIn(told)).toEqual([hourMs, 2 * hourMs, 2 * hourMs]);
  // Declared again, its calls would be cut off.
  expect(told.filter(([method]) => method === 'connect')).toHaveLength(2);
});

test('a panel of the local engine is told its clock', async () => {
  const { subjectOf } = await import('../../src/extension/panels/panelSubject.ts');
  const { connections, engine, move } = window();
  move({ aheadMs: hourMs, rate: 0 });
  const records: Pick<PanelParts['records'], 'look'> = {
    look: () => ({ pinned: [] }),
  };
  const parts = { connections, engine, records } as PanelParts;
  const place = { connection: 'local', stream: 'orders' };
  const subject = subjectOf({ place, where: 'editor', columns: undefined }, parts);
  expect(subject?.clock).toMatchObject({ aheadMs: hourMs, rate: 0 });
});
