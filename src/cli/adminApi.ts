/** The engine's admin interface, put together from the engine and what its process knows. */
import path from 'node:path';
import {
  type AdminApi,
  adminProtocol,
  type CertificateAnswer,
  type EngineStatus,
} from '../admin/adminApi.ts';
import type { ControlledEngine } from '../engine/controlledEngine.ts';
import { authorityPath, type CertificateStore } from './tls/certificateStore.ts';

export interface ProcessFacts {
  readonly version: string;
  readonly pid: number;
  /** Absolute; empty for an engine in memory. */
  readonly folder: string;
  /** Asked late: the port is not known before the server listens. */
  endpoint(): string;
  readonly certificates: CertificateStore;
  /** Ends the process, or the engine in it, once the answer is out. */
  stop(): void;
}

/** `windowCount` is 0 here: the server knows it. */
export function adminApiOf(controlled: ControlledEngine, facts: ProcessFacts): AdminApi {
  const { controls, imports } = controlled;
  return {
    status: () => Promise.resolve(statusOf(controlled, facts)),
    reset: () => controls.reset(),
    emptyStream: (stream) => controlled.emptyStream(stream),
    dropDamaged: (stream) => controlled.dropDamaged(stream),
    ensureStreams: (streams) => controlled.ensureStreams(streams),
    certificate: () => certificateOf(facts),
    stop: () => Promise.resolve(facts.stop()),
    clock: () => controls.clock(),
    stopClock: () => controls.stopClock(),
    startClock: () => controls.startClock(),
    stepClock: (ms) => controls.stepClock(ms),
    setClockRate: (rate) => controls.setClockRate(rate),
    faults: () => controls.faults(),
    addFault: (spec) => controls.addFault(spec),
    removeFault: (id) => controls.removeFault(id),
    clearFaults: () => controls.clearFaults(),
    snapshots: () => controls.snapshots(),
    takeSnapshot: (name) => controls.takeSnapshot(name),
    restoreSnapshot: (name) => controls.restoreSnapshot(name),
    deleteSnapshot: (name) => controls.deleteSnapshot(name),
    branchSnapshot: (branch) => controls.branchSnapshot(branch),
    importShards: (spec) => controls.importShards(spec),
    beginImport: (plan) => imports.beginImport(plan),
    addRecords: (batch) => imports.addRecords(batch),
    finishImport: (id) => imports.finishImport(id),
    cancelImport: (id) => imports.cancelImport(id),
    journal: (query) => controls.journal(query),
    counters: (query) => controls.counters(query),
  };
}

async function certificateOf({ certificates, folder }: ProcessFacts): Promise<CertificateAnswer> {
  const certificate = await certificates.authority();
  return { certificate, ...(folder !== '' && { file: path.join(folder, authorityPath) }) };
}

function statusOf(controlled: ControlledEngine, facts: ProcessFacts): EngineStatus {
  const { engine, notices, clock, faultCount } = controlled;
  const { durability, limits, region, account } = engine.settings;
  return {
    version: facts.version,
    protocol: adminProtocol,
    pid: facts.pid,
    endpoint: facts.endpoint(),
    folder: facts.folder,
    folderUse: engine.folderUse(),
    streamCount: engine.streamCount(),
    durability,
    limits,
    region,
    account,
    notices,
    damaged: engine.damaged(),
    clock,
    faultCount,
    windowCount: 0,
  };
}
