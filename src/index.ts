/** The library's door: an engine in this process, for tests and tools. What is exported here we promise. */

import { resolve } from 'node:path';
import type { StreamSeed } from './admin/adminApi.ts';
import { type Logger, nullLogger } from './base/logger.ts';
import { randomHex } from './base/random.ts';
import { closeAll, type EngineHost, holdFolder, startHost } from './cli/engineHost.ts';
import { importFile, targetIn } from './cli/importFile.ts';
import { nodeRandom } from './cli/nodeRandom.ts';
import type { FolderLock } from './engine/folder/folderLock.ts';
import { MemoryFiles } from './engine/folder/memoryFiles.ts';
import type { EngineSettings } from './engine/ports.ts';
import type { ImportOptions, ImportOutcome } from './migrate/importKinesisLocal.ts';
import type { AuthSettings } from './server/auth/callers.ts';

export type { EngineStatus, StreamSeed } from './admin/adminApi.ts';
export type { Logger } from './base/logger.ts';
export { StartFailure } from './cli/exitCodes.ts';
export type { EngineSettings } from './engine/ports.ts';
export { KinesisError } from './kinesis/errors.ts';
export type { KinesisApi } from './kinesis/kinesisApi.ts';
export type { ImportOptions, ImportOutcome } from './migrate/importKinesisLocal.ts';
export type { AuthSettings } from './server/auth/callers.ts';
export { parseKeys } from './server/auth/keysFile.ts';

export interface EngineOptions {
  /** Where streams are kept. Without it they are in memory only, and gone after `stop`. */
  readonly dataFolder?: string;
  /** On 127.0.0.1; default 0: any that is free (with a data folder: its last one, if free). */
  readonly port?: number;
  /** Streams to create when missing, as `{ name, shards }`. */
  readonly streams?: readonly StreamSeed[];
  readonly settings?: Partial<EngineSettings>;
  /** Names besides the loopback's own under which clients may call. */
  readonly allowedHosts?: readonly string[];
  /** Web pages that may call, by their origin, or `*`; default: none. */
  readonly corsOrigins?: readonly string[];
  /** What calls must be signed with; default: any credentials will do. */
  readonly auth?: AuthSettings;
  readonly logger?: Logger;
}

export interface RunningEngine {
  /** `http://127.0.0.1:4567`: what an SDK takes as its endpoint. */
  readonly endpoint: string;
  readonly port: number;
  /** What a client must trust to speak TLS (`https://`) on the same port, in PEM; made when first needed. */
  certificate(): Promise<string>;
  /**
   * Brings in the streams of a file that kinesis-local persisted, with their records: all of them, or none.
   * Rejects with StartFailure for a file that is none, with KinesisError for what the engine refuses.
   */
  importKinesisLocal(file: string, options?: ImportOptions): Promise<ImportOutcome>;
  /** Answers what is under way, stores what was acknowledged, and gives port and folder back. */
  stop(): Promise<void>;
}

/** Starts an engine in this process. Rejects with StartFailure when the folder or the port is taken. */
export async function createEngine(options: EngineOptions = {}): Promise<RunningEngine> {
  const logger = options.logger ?? nullLogger;
  const { dataFolder } = options;
  const held = dataFolder === undefined ? undefined : await holdFolder(resolve(dataFolder), logger);
  let host: EngineHost | undefined;
  let running: RunningEngine | undefined;
  try {
    host = await startHost({
      files: held?.files ?? new MemoryFiles(),
      nonce: held?.lock.nonce ?? randomHex(nodeRandom, 16),
      folder: held?.folder ?? '',
      settings: options.settings ?? {},
      port: options.port ?? 0,
      mayMove: true,
      allowedHosts: options.allowedHosts ?? [],
      corsOrigins: options.corsOrigins,
      auth: options.auth,
      logger,
      onStop: () => void running?.stop(),
    });
    await held?.lock.setEndpoint(host.server.endpoint);
    if (options.streams) await host.engine.ensureStreams(options.streams);
  } catch (thrown) {
    await closeAll({ host, lock: held?.lock }, logger);
    throw thrown;
  }
  running = runningOf({ host, lock: held?.lock }, logger);
  return running;
}

function runningOf(
  parts: { host: EngineHost; lock: FolderLock | undefined },
  logger: Logger,
): RunningEngine {
  const { endpoint, port } = parts.host.server;
  let stopped: Promise<void> | undefined;
  return {
    endpoint,
    port,
    certificate: () => parts.host.certificates.authority(),
    importKinesisLocal: (file, options = {}) => {
      const target = targetIn(parts.host.engine.imports);
      return importFile({ ...options, file: resolve(file) }, { ...options, target });
    },
    stop: () => {
      stopped ??= closeAll(parts, logger);
      return stopped;
    },
  };
}
