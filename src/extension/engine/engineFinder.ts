/** Finds the engine that holds the data folder, or starts one. Keeps no state; LocalEngine does. */
import type { EngineStatus } from '../../admin/adminApi.ts';
import { type Clock, delay } from '../../base/clock.ts';
import { codeOf } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { answerTimeoutMs, isEngineAt, postAdmin } from './engineConnection.ts';
import { type EngineAddress, type EngineLock, hasLock, readLock } from './engineLock.ts';
import type { EngineOptions } from './engineOptions.ts';
import { type EngineProgram, startEngineProcess, startTimeoutMs } from './engineProcess.ts';
import { decideOnEngine } from './versionPolicy.ts';

export interface EngineFinder {
  readonly options: EngineOptions;
  readonly program: EngineProgram;
  /** Version of this window's extension. */
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const attemptsMax = 5;
const attemptDelayMs = 400;
const stopWaitMs = 5_000;

/** The engine of the folder, if one answers and may be used. Rejects when it must not be used. */
export async function findEngine(finder: EngineFinder): Promise<EngineAddress | undefined> {
  const lock = await readLock(finder.options.folder);
  const status = lock && (await statusOf(lock));
  if (!lock || !status) return undefined;
  const decision = decideOnEngine(status, finder.version);
  if (decision.type === 'refuse') throw new Error(decision.reason);
  if (decision.type === 'use') return lock;
  await stopAndWait(lock, finder);
  return undefined;
}

/** Finds the engine or starts one. Rejects with a sentence for the user. */
export async function findOrStartEngine(finder: EngineFinder): Promise<EngineAddress> {
  let message = '';
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    if (attempt > 0) await anotherStart(finder);
    const found = await findEngine(finder);
    if (found) return found;
    const result = await startEngineProcess(finder.program, finder.options);
    if (result.type === 'ready') return { endpoint: result.endpoint, nonce: result.nonce };
    message = result.message;
    if (result.output) finder.logger.error(result.output);
    if (result.type === 'failed') break; // a locked folder may be another window's start
  }
  throw new Error(message);
}

/** Who has just taken the folder says where it answers once it has started. */
async function anotherStart({ options, clock }: EngineFinder): Promise<void> {
  const untilMs = clock.monotonic() + startTimeoutMs;
  const isStarting = async (): Promise<boolean> =>
    (await readLock(options.folder)) === undefined && (await hasLock(options.folder));
  do await delay(clock, attemptDelayMs);
  while ((await isStarting()) && clock.monotonic() < untilMs);
}

/** Undefined when nobody answers at that address, or somebody else does. */
async function statusOf(lock: EngineLock): Promise<EngineStatus | undefined> {
  if (!(await isEngineAt(lock))) return undefined;
  return postAdmin<EngineStatus>(lock, { route: 'status', timeoutMs: answerTimeoutMs });
}

async function stopAndWait(lock: EngineLock, { options, clock }: EngineFinder): Promise<void> {
  try {
    await postAdmin(lock, { route: 'stop' });
  } catch (thrown) {
    if (codeOf(thrown) === undefined) throw thrown; // another window was faster
  }
  const untilMs = clock.monotonic() + stopWaitMs;
  while (clock.monotonic() < untilMs) {
    if ((await readLock(options.folder))?.nonce !== lock.nonce) return;
    await delay(clock, attemptDelayMs / 4);
  }
}
