/** An engine with its folder, its lock and its port: what a process or a library user starts and ends. */
import path from 'node:path';
import { codeOf, messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { ControlledEngine } from '../engine/controlledEngine.ts';
import type { BranchTarget } from '../engine/engineControls.ts';
import { acquireLock, FolderHeld } from '../engine/folder/acquireLock.ts';
import { fencedFiles } from '../engine/folder/fencedFiles.ts';
import type { FolderLock } from '../engine/folder/folderLock.ts';
import { guardedFiles } from '../engine/folder/guardedFiles.ts';
import { prepareFolder } from '../engine/folder/prepareFolder.ts';
import type { Files } from '../engine/log/files.ts';
import { LogError } from '../engine/log/logError.ts';
import { nodeCopierOf, nodeCrc32, nodeFiles } from '../engine/log/nodeFiles.ts';
import type { EngineSettings } from '../engine/ports.ts';
import { invalidArgument } from '../kinesis/errors.ts';
import type { AuthSettings } from '../server/auth/callers.ts';
import { type RunningServer, startServer } from '../server/server.ts';
import { adminApiOf } from './adminApi.ts';
import { listenOnChosenPort } from './choosePort.ts';
import { exitCodes, StartFailure } from './exitCodes.ts';
import { nodeCipher } from './nodeCipher.ts';
import { nodeClock } from './nodeClock.ts';
import { nodeRandom } from './nodeRandom.ts';
import { probeEngine } from './probeEngine.ts';
import { isCertainlyGone, ownIdentity } from './processIdentity.ts';
import { CertificateStore } from './tls/certificateStore.ts';
import { version } from './version.ts';

export interface HeldFolder {
  /** Absolute. */
  readonly folder: string;
  /** Refuse every change once the lock is lost. */
  readonly files: Files;
  readonly lock: FolderLock;
}

/** Makes and takes a data folder. Rejects with StartFailure when it is held or cannot be used. */
export async function holdFolder(folder: string, logger: Logger): Promise<HeldFolder> {
  const files = nodeFiles(folder);
  const identity = ownIdentity(version);
  try {
    await prepareFolder(files, folder);
    const lock = await acquireLock({
      files,
      clock: nodeClock,
      random: nodeRandom,
      logger,
      identity,
      probe: probeEngine,
      isGone: (holder) => isCertainlyGone(holder, identity),
    });
    const own = lock.mustFence ? fencedFiles(files) : files;
    return { folder, files: guardedFiles(own, lock), lock };
  } catch (thrown) {
    throw startFailureOf(thrown, folder);
  }
}

/** What a user is told when a start fails. */
export function startFailureOf(thrown: unknown, folder: string): unknown {
  if (thrown instanceof FolderHeld) {
    const { endpoint } = thrown.holder;
    const facts = { code: 'LOCKED', exitCode: exitCodes.held, endpoint };
    return new StartFailure(`${thrown.message} Folder: ${folder}`, facts);
  }
  if (thrown instanceof StartFailure) return thrown;
  if (!(thrown instanceof LogError)) return systemFailureOf(thrown, folder);
  const place = thrown.path && thrown.code !== 'FOLDER' ? ` (${thrown.path} in ${folder})` : '';
  const facts = { code: thrown.code, exitCode: exitCodes.folder };
  return new StartFailure(`${thrown.message}${place}`, facts);
}

/** What the system refuses (ENOSPC, EIO, …) is the user's to mend; the rest is a defect of ours. */
function systemFailureOf(thrown: unknown, folder: string): unknown {
  if (!/^E[A-Z]+$/.test(codeOf(thrown) ?? '')) return thrown;
  const facts = { code: 'FAILED', exitCode: exitCodes.folder };
  return new StartFailure(`The engine could not start on ${folder}: ${messageOf(thrown)}.`, facts);
}

export interface HostOptions {
  readonly files: Files;
  readonly nonce: string;
  /** Absolute; empty for an engine in memory. */
  readonly folder: string;
  readonly settings: Partial<EngineSettings>;
  readonly port: number | undefined;
  /** See PortChoice. */
  readonly mayMove: boolean;
  readonly allowedHosts: readonly string[];
  readonly corsOrigins?: readonly string[] | undefined;
  readonly auth?: AuthSettings | undefined;
  readonly logger: Logger;
  /** Somebody asked the engine to stop; its answer goes out first. */
  onStop(): void;
}

export interface EngineHost {
  readonly engine: ControlledEngine;
  readonly server: RunningServer;
  readonly certificates: CertificateStore;
  /** Answers what is under way, stores what was acknowledged, and closes port and files. */
  close(): Promise<void>;
}

const nodePorts = {
  clock: nodeClock,
  random: nodeRandom,
  crc32: nodeCrc32,
  cipher: nodeCipher,
  copierOf: nodeCopierOf,
  gather: (go: () => void) => void setImmediate(go),
};

/** Opens the engine on `files` and its port. Rejects with StartFailure, with nothing left open. */
export async function startHost(options: HostOptions): Promise<EngineHost> {
  const { files, logger, settings } = options;
  const base = { ...nodePorts, files, logger };
  const ports = options.folder === '' ? base : { ...base, branchTarget };
  const names = options.allowedHosts;
  const certificates = new CertificateStore({ files, clock: nodeClock, logger, names });
  let engine: ControlledEngine | undefined;
  try {
    engine = await ControlledEngine.open(ports, settings);
    const server = await listen({ engine, certificates }, options);
    return hostOf({ engine, certificates, server });
  } catch (thrown) {
    await engine?.close();
    throw startFailureOf(thrown, options.folder);
  }
}

/** Throws InvalidArgument for a folder that is not absolute. */
function branchTarget(folder: string): BranchTarget {
  if (!path.isAbsolute(folder)) throw invalidArgument(`${folder} is no absolute path.`);
  const whole = path.resolve(folder);
  return { files: nodeFiles(path.dirname(whole)), name: path.basename(whole) };
}

async function listen(
  { engine, certificates }: Pick<EngineHost, 'engine' | 'certificates'>,
  options: HostOptions,
): Promise<RunningServer> {
  const { files, nonce, folder, port, mayMove, auth, logger } = options;
  let server: RunningServer | undefined;
  const endpoint = (): string => server?.endpoint ?? '';
  const stop = (): void => options.onStop();
  const facts = { version, pid: process.pid, folder, endpoint, certificates, stop };
  const admin = { api: adminApiOf(engine, facts), onDidChange: engine.onDidChange };
  const { allowedHosts, corsOrigins } = options;
  const shared = { admin, nonce, logger, allowedHosts, corsOrigins, auth };
  const tlsIdentity = () => certificates.identity();
  const ofEngine = { api: engine.api, tokenStreams: engine, resourcePolicies: engine };
  const parts = { ...shared, ...ofEngine, tlsIdentity };
  warnOfSharedStreams(engine, options);
  server = await listenOnChosenPort({
    files,
    clock: nodeClock,
    wanted: port,
    mayMove,
    listen: (chosen) =>
      startServer({ ...parts, clock: nodeClock, random: nodeRandom, port: chosen }),
  });
  return server;
}

/** Policies of accounts that see the same streams keep nobody away from them. */
function warnOfSharedStreams(
  { engine: { settings } }: ControlledEngine,
  { auth, logger }: HostOptions,
): void {
  const accounts = new Set(auth?.keys.map(({ account }) => account));
  if (auth?.mode !== 'verify' || accounts.size < 2 || settings.namespaces === 'separate') return;
  logger.warn(
    `The keys are of ${accounts.size} accounts that all see the same streams, so policies do not keep ` +
      'these accounts apart. With --namespaces separate each has its own.',
  );
}

function hostOf({ engine, certificates, server }: Omit<EngineHost, 'close'>): EngineHost {
  return {
    engine,
    certificates,
    server,
    close: async () => {
      await server.close();
      await engine.close();
    },
  };
}

/** Ends a host and gives its folder back, whatever the state of either. */
export async function closeAll(
  parts: { host?: EngineHost | undefined; lock?: FolderLock | undefined },
  logger: Logger,
): Promise<void> {
  for (const close of [() => parts.host?.close(), () => parts.lock?.release()]) {
    try {
      await close();
    } catch (thrown) {
      logger.error(`while ending: ${messageOf(thrown)}`);
    }
  }
}
