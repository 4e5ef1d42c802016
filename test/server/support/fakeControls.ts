// The engine's own controls, that only tell what they were asked.
import type { AdminApi } from '../../../src/admin/adminApi.ts';
import type { ClockStatus, ControlApi } from '../../../src/admin/controls.ts';
import type { StreamImportApi } from '../../../src/admin/streamImport.ts';

const status: ClockStatus = { nowMs: 0, now: '1970-01-01T00:00:00.000Z', aheadMs: 0, rate: 1 };

type FakeControls = ControlApi & StreamImportApi & Pick<AdminApi, 'certificate'>;

/** Every control succeeds; `note` is told its name and what it was given. */
export function fakeControls(note: (name: string, given: unknown[]) => void): FakeControls {
  const noting =
    <T>(name: string, answer: T) =>
    async (...given: unknown[]): Promise<T> => {
      note(name, given);
      return answer;
    };
  const snapshot = { name: 'a', takenMs: 0, streamCount: 0, bytes: 0 };
  const rule = { id: 1, effect: 'throttle', probability: 1, seed: 0, hits: 0 } as const;
  const counters = { atMs: 0, limits: 'warn', seconds: 60, streams: [], operations: [] } as const;
  return {
    clock: noting('clock', status),
    stopClock: noting('stopClock', status),
    startClock: noting('startClock', status),
    stepClock: noting('stepClock', status),
    setClockRate: noting('setClockRate', status),
    faults: noting('faults', [rule]),
    addFault: noting('addFault', rule),
    removeFault: noting('removeFault', undefined),
    clearFaults: noting('clearFaults', undefined),
    snapshots: noting('snapshots', [snapshot]),
    takeSnapshot: noting('takeSnapshot', snapshot),
    restoreSnapshot: noting('restoreSnapshot', undefined),
    deleteSnapshot: noting('deleteSnapshot', undefined),
    branchSnapshot: noting('branchSnapshot', undefined),
    importShards: noting('importShards', undefined),
    beginImport: noting('beginImport', { id: 'a' }),
    addRecords: noting('addRecords', undefined),
    finishImport: noting('finishImport', { imported: [] }),
    cancelImport: noting('cancelImport', undefined),
    counters: noting('counters', counters),
    certificate: noting('certificate', { certificate: 'in PEM' }),
    journal: noting('journal', { entries: [], next: 0, missed: 0 }),
  };
}
