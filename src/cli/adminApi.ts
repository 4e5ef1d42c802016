/** The engine's admin interface, put together from the engine and what its process knows. */
import { type AdminApi, adminProtocol, type EngineStatus } from '../admin/adminApi.ts';
import type { Engine } from '../engine/engine.ts';

export interface ProcessFacts {
  readonly version: string;
  readonly pid: number;
  /** Absolute; empty for an engine in memory. */
  readonly folder: string;
  /** Asked late: the port is not known before the server listens. */
  endpoint(): string;
  /** Ends the process, or the engine in it, once the answer is out. */
  stop(): void;
}

/** `windowCount` is 0 here: the server knows it. */
export function adminApiOf(engine: Engine, facts: ProcessFacts): AdminApi {
  return {
    status: () => Promise.resolve(statusOf(engine, facts)),
    reset: () => engine.reset(),
    emptyStream: (stream) => engine.emptyStream(stream),
    dropDamaged: (stream) => engine.dropDamaged(stream),
    ensureStreams: (streams) => engine.ensureStreams(streams),
    stop: () => Promise.resolve(facts.stop()),
  };
}

function statusOf(engine: Engine, facts: ProcessFacts): EngineStatus {
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
    notices: engine.notices,
    damaged: engine.damaged(),
    windowCount: 0,
  };
}
