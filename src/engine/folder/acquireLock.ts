/**
 * Takes the lock of a data folder, or says who holds it. A lock is held when its endpoint proves its
 * nonce, or when its heartbeat moves while we watch it on our own clock; else it is stale and renamed
 * away by one winner. Process numbers are trusted only where the caller can be sure of them.
 */
import { type Clock, delay } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import { type Random, randomHex } from '../../base/random.ts';
import type { Files } from '../log/files.ts';
import { LogError } from '../log/logError.ts';
import { FolderLock } from './folderLock.ts';
import { decodeLock, encodeLock, type LockRecord, lockFormat } from './lockRecord.ts';

export interface LockPorts {
  readonly files: Files;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly identity: Pick<LockRecord, 'pid' | 'bootId' | 'pidSpace' | 'version'>;
  /** True when the endpoint of `holder` proves that it knows the nonce, within a second or so. */
  probe(holder: LockRecord): Promise<boolean>;
  /** True only when it is certain that the process of `holder` is dead. */
  isGone(holder: LockRecord): boolean;
}

/** Another engine holds the folder. `holder.endpoint` is empty while it starts. */
export class FolderHeld extends LogError {
  readonly holder: LockRecord;

  constructor(holder: LockRecord) {
    const where = holder.endpoint ? `It answers at ${holder.endpoint}` : 'It is starting';
    super(
      'LOCKED',
      `Another engine (process ${holder.pid}, version ${holder.version}) holds the data folder. ` +
        `${where}: use that one, stop it, or choose another folder.`,
      { path: lockPath },
    );
    this.holder = holder;
  }
}

export const lockPath = 'lock';
/** How long a heartbeat may stand still before its holder counts as dead. */
export const watchMs = 5_000;
const pollMs = 250;
const claimWaitMs = 2_000;

/** Resolves holding the lock. Rejects with FolderHeld, or with LogError FORMAT for a newer lock. */
export async function acquireLock(ports: LockPorts): Promise<FolderLock> {
  const record: LockRecord = {
    format: lockFormat,
    nonce: randomHex(ports.random, 16),
    ...ports.identity,
    endpoint: '',
    heartbeat: 0,
  };
  for (;;) {
    if (await ports.files.createExclusive(lockPath, encodeLock(record))) break;
    const found = await ports.files.readAll(lockPath);
    if (found && (await isStale(ports, found))) await displace(ports, found);
  }
  const mayLive = await mayStaleHolderLive(ports);
  await cleanUp(ports.files);
  return FolderLock.hold(ports, { record, mustFence: mayLive });
}

/** Whether a lock was taken from one who may only be stopped, and so be in the middle of a write. */
async function mayStaleHolderLive({ files, isGone }: LockPorts): Promise<boolean> {
  const bytes = await files.readAll(stalePath);
  if (!bytes) return false;
  const holder = decodeLock(bytes);
  return !holder || !isGone(holder);
}

/** Watches a lock. False: it changed hands meanwhile, look again. Throws when it is held. */
async function isStale(ports: LockPorts, found: Uint8Array): Promise<boolean> {
  const { clock, files } = ports;
  const untilMs = clock.monotonic() + watchMs;
  const first = decodeLock(found);
  let holder = first;
  let probed = '';
  let hasMoved = false;
  for (;;) {
    if (holder) {
      refuseNewer(holder);
      if (ports.isGone(holder)) return true;
      if (hasMoved && holder.endpoint) throw new FolderHeld(holder);
      if (holder.endpoint !== probed && (await ports.probe(holder))) throw new FolderHeld(holder);
      probed = holder.endpoint;
    }
    if (clock.monotonic() >= untilMs) break;
    await delay(clock, pollMs);
    const bytes = await files.readAll(lockPath);
    if (!bytes) return false;
    holder = decodeLock(bytes);
    if (holder?.nonce !== first?.nonce) return false;
    hasMoved ||= holder?.heartbeat !== first?.heartbeat;
  }
  if (hasMoved && holder) throw new FolderHeld(holder);
  return true;
}

function refuseNewer({ format, version }: LockRecord): void {
  if (format <= lockFormat) return;
  throw new LogError(
    'FORMAT',
    `A newer version of Shardscope (${version}) has used this data folder. Update Shardscope, or ` +
      'choose another folder.',
    { path: lockPath },
  );
}

const claimPrefix = 'lock.claim-';
const stalePath = 'lock.stale';

/** Renames a stale lock away, unless somebody else does. One claim file names the one who may. */
async function displace({ files, clock, logger }: LockPorts, found: Uint8Array): Promise<void> {
  const nonce = decodeLock(found)?.nonce ?? 'unreadable';
  const isThere = async (): Promise<boolean> => {
    const bytes = await files.readAll(lockPath);
    return bytes !== undefined && (decodeLock(bytes)?.nonce ?? 'unreadable') === nonce;
  };
  for (let attempt = 0; await isThere(); attempt++) {
    const claim = `${claimPrefix}${nonce.replace(/[^0-9a-z]/gi, '')}-${attempt}`;
    if (await files.createExclusive(claim, new Uint8Array())) {
      if (!(await isThere())) return;
      logger.info('the lock of an engine that ended without releasing it was taken over');
      return files.rename(lockPath, stalePath);
    }
    const untilMs = clock.monotonic() + claimWaitMs;
    while (clock.monotonic() < untilMs && (await isThere())) await delay(clock, pollMs);
  }
}

/** What locks of the past left behind. */
async function cleanUp(files: Files): Promise<void> {
  await files.remove(stalePath);
  for (const name of await files.list('')) {
    if (name.startsWith(claimPrefix)) await files.remove(name);
  }
}
