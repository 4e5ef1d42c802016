/** The routes of the engine's own controls: bodies in, calls of the admin interface out. Nothing is decided here. */
import type { AdminApi } from '../admin/adminApi.ts';
import { journalPageMax, rateMax, snapshotNamePattern, stepMsMax } from '../admin/controls.ts';
import { faultSpecOf } from '../admin/faults.ts';
import { badBody, Fields } from '../admin/fields.ts';
import { shardImportOf } from '../admin/shardImport.ts';
import { importIdOf, importPlanOf, recordBatchOf } from '../admin/streamImport.ts';
import { decodeBase64 } from './json/base64.ts';

/** What a body of JSON asks for. Its result is the answer; nothing is `{}`. Rejects with KinesisError. */
export type AdminRoute = (api: AdminApi, body: object) => Promise<unknown>;

/** Refuses bodies with anything in them. */
const empty =
  (run: (api: AdminApi) => Promise<unknown>): AdminRoute =>
  (api, body) => {
    new Fields(body, []);
    return run(api);
  };

const numbers = { min: 0, max: Number.MAX_SAFE_INTEGER };

export const controlRoutes: Readonly<Record<string, AdminRoute>> = {
  clock: empty((api) => api.clock()),
  'stop-clock': empty((api) => api.stopClock()),
  'start-clock': empty((api) => api.startClock()),
  'step-clock': (api, body) =>
    api.stepClock(new Fields(body, ['ms']).whole('ms', { min: 1, max: stepMsMax })),
  'set-clock-rate': (api, body) => api.setClockRate(rateIn(body)),

  faults: empty(async (api) => ({ faults: await api.faults() })),
  'add-fault': (api, body) => api.addFault(faultSpecOf(body)),
  'remove-fault': (api, body) => api.removeFault(new Fields(body, ['id']).whole('id', numbers)),
  'clear-faults': empty((api) => api.clearFaults()),

  snapshots: empty(async (api) => ({ snapshots: await api.snapshots() })),
  'take-snapshot': (api, body) => api.takeSnapshot(nameIn(new Fields(body, ['name']))),
  'restore-snapshot': (api, body) => api.restoreSnapshot(nameIn(new Fields(body, ['name']))),
  'delete-snapshot': (api, body) => api.deleteSnapshot(nameIn(new Fields(body, ['name']))),
  'branch-snapshot': (api, body) => {
    const fields = new Fields(body, ['name', 'folder']);
    return api.branchSnapshot({ name: nameIn(fields), folder: fields.text('folder') });
  },

  'import-shards': (api, body) => api.importShards(shardImportOf(body)),

  certificate: empty((api) => api.certificate()),
  'begin-import': (api, body) => api.beginImport(importPlanOf(body)),
  'add-records': (api, body) => api.addRecords(recordBatchOf(body, decodeBase64)),
  'finish-import': (api, body) => api.finishImport(importIdOf(body)),
  'cancel-import': (api, body) => api.cancelImport(importIdOf(body)),

  journal: (api, body) => {
    const fields = new Fields(body, ['after', 'limit']);
    const after = fields.optionalWhole('after', numbers);
    return api.journal({ after, limit: fields.optionalWhole('limit', pages) });
  },

  counters: (api, body) => {
    const fields = new Fields(body, ['stream', 'seconds']);
    const stream = fields.optionalText('stream');
    return api.counters({ stream, seconds: fields.optionalWhole('seconds', lookBack) });
  },
};

const pages = { min: 1, max: journalPageMax };
const lookBack = { min: 1, max: 300 };

function rateIn(body: object): number {
  const rate = new Fields(body, ['rate']).number('rate', { min: 0, max: rateMax });
  if (rate > 0) return rate;
  throw badBody('"rate" must be above 0; stop-clock stops it.');
}

function nameIn(fields: Fields): string {
  const name = fields.text('name');
  if (snapshotNamePattern.test(name)) return name;
  throw badBody('"name" must be 1 to 64 of the characters a-z, A-Z, 0-9, "_", "." and "-".');
}
