/** The engine's own controls as this window calls them: methods to requests of its admin interface. */
import type { AdminApi } from '../../admin/adminApi.ts';
import type { ControlApi } from '../../admin/controls.ts';
import type { FaultRule } from '../../admin/faults.ts';

export type ControlRoute =
  | 'clock'
  | 'stop-clock'
  | 'start-clock'
  | 'step-clock'
  | 'set-clock-rate'
  | 'faults'
  | 'add-fault'
  | 'remove-fault'
  | 'clear-faults'
  | 'snapshots'
  | 'take-snapshot'
  | 'restore-snapshot'
  | 'delete-snapshot'
  | 'import-shards'
  | 'journal'
  | 'counters'
  | 'certificate';

/** A branch is made on the command line: it is a folder for another engine. */
export type EngineControls = Omit<ControlApi, 'branchSnapshot'> & Pick<AdminApi, 'certificate'>;

export interface ControlCall {
  readonly route: ControlRoute;
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

type Ask = <T>(call: ControlCall) => Promise<T>;

/** A step over many days, or a large snapshot, takes what it takes. */
const timeoutMs = 0;

/** Rejects as `ask` does. */
export function controlsOf(ask: Ask): EngineControls {
  return {
    clock: () => ask({ route: 'clock' }),
    stopClock: () => ask({ route: 'stop-clock', timeoutMs }),
    startClock: () => ask({ route: 'start-clock', timeoutMs }),
    stepClock: (ms) => ask({ route: 'step-clock', body: { ms }, timeoutMs }),
    setClockRate: (rate) => ask({ route: 'set-clock-rate', body: { rate }, timeoutMs }),
    faults: async () => (await ask<{ faults: FaultRule[] }>({ route: 'faults' })).faults,
    addFault: (spec) => ask({ route: 'add-fault', body: spec }),
    removeFault: (id) => ask({ route: 'remove-fault', body: { id } }),
    clearFaults: () => ask({ route: 'clear-faults' }),
    ...snapshotControls(ask),
    importShards: (spec) => ask({ route: 'import-shards', body: spec, timeoutMs }),
    journal: (query) => ask({ route: 'journal', body: query }),
    counters: (query) => ask({ route: 'counters', body: query }),
    certificate: () => ask({ route: 'certificate' }),
  };
}

type SnapshotControls = Pick<
  EngineControls,
  'snapshots' | 'takeSnapshot' | 'restoreSnapshot' | 'deleteSnapshot'
>;

function snapshotControls(ask: Ask): SnapshotControls {
  return {
    snapshots: async () =>
      (
        await ask<{ snapshots: Awaited<ReturnType<ControlApi['snapshots']>> }>({
          route: 'snapshots',
        })
      ).snapshots,
    takeSnapshot: (name) => ask({ route: 'take-snapshot', body: { name }, timeoutMs }),
    restoreSnapshot: (name) => ask({ route: 'restore-snapshot', body: { name }, timeoutMs }),
    deleteSnapshot: (name) => ask({ route: 'delete-snapshot', body: { name }, timeoutMs }),
  };
}
