/** Imports a file of another emulator: opens it, stops for signals, and says how far it has got. */
import { type FileHandle, open } from 'node:fs/promises';
import { importPlanOf, recordBatchOf, type StreamImportApi } from '../admin/streamImport.ts';
import { messageOf } from '../base/errors.ts';
import { FileMistake } from '../migrate/fileMistake.ts';
import {
  type ImportFile,
  type ImportOptions,
  type ImportOutcome,
  type ImportProgress,
  type ImportTarget,
  importKinesisLocal,
} from '../migrate/importKinesisLocal.ts';
import { exitCodes, StartFailure } from './exitCodes.ts';
import { nodeClock } from './nodeClock.ts';

/** What is to be imported, and how. */
export interface ImportOrder extends Pick<ImportOptions, 'retentionHours' | 'skipExpired'> {
  readonly file: string;
}

/** Between two lines about how far it is; what is done before the first says nothing. */
const progressMs = 5_000;

/**
 * Resolves with what was imported. Rejects with StartFailure for a file that is none, with what `target` rejects
 * with, or with the reason of `signal`; then nothing has changed.
 */
export async function importFile(
  { file: path, ...how }: ImportOrder,
  parts: { target: ImportTarget } & Pick<ImportOptions, 'signal' | 'onProgress'>,
): Promise<ImportOutcome> {
  const file = await open(path).catch((error: unknown) => {
    throw mistake(`${path} cannot be read: ${messageOf(error)}.`);
  });
  try {
    return await importKinesisLocal(await imported(file), { ...how, ...parts });
  } catch (thrown) {
    throw thrown instanceof FileMistake ? mistake(`${path}: ${thrown.message}`) : thrown;
  } finally {
    await file.close();
  }
}

/**
 * As importFile; SIGINT and SIGTERM end it with nothing left, and then this process. One that comes when all is in
 * already comes too late, and the caller is told what there is.
 */
export async function importByCommand(
  order: ImportOrder,
  target: ImportTarget,
): Promise<ImportOutcome> {
  const stop = new AbortController();
  let asked: NodeJS.Signals | undefined;
  let isIn = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    asked = signal;
    stop.abort();
  };
  for (const name of signals) process.once(name, onSignal);
  try {
    const outcome = await importFile(order, { target, signal: stop.signal, onProgress: teller() });
    isIn = true;
    return outcome;
  } catch (thrown) {
    if (asked) process.stderr.write('shardscope: The import was stopped; nothing is left of it.\n');
    throw thrown;
  } finally {
    for (const name of signals) process.off(name, onSignal);
    if (asked && !isIn) process.kill(process.pid, asked);
  }
}

/** An engine in this process. What it is given is checked as a request would be. */
export function targetIn(imports: StreamImportApi): ImportTarget {
  const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'base64');
  return {
    beginImport: async (plan) => imports.beginImport(importPlanOf(plan)),
    addRecords: async (batch) => imports.addRecords(recordBatchOf(batch, bytesOf)),
    finishImport: (id) => imports.finishImport(id),
    cancelImport: (id) => imports.cancelImport(id),
  };
}

const signals = ['SIGINT', 'SIGTERM'] as const;

async function imported(file: FileHandle): Promise<ImportFile> {
  const before = await file.stat({ bigint: true });
  if (!before.isFile()) throw new FileMistake('it is no file.');
  return {
    size: Number(before.size),
    read: async (into, position) => readFully(file, { into, position }),
    hasChanged: async () => {
      const now = await file.stat({ bigint: true });
      return now.mtimeNs !== before.mtimeNs || now.size !== before.size;
    },
  };
}

/** One read may bring less than there is. */
async function readFully(
  file: FileHandle,
  { into, position }: { into: Uint8Array; position: number },
): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

function teller(): (progress: ImportProgress) => void {
  let toldMs = nodeClock.monotonic();
  return (progress) => {
    const nowMs = nodeClock.monotonic();
    if (nowMs - toldMs < progressMs) return;
    toldMs = nowMs;
    process.stderr.write(`shardscope: ${sentenceOf(progress)}\n`);
  };
}

const mib = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)}`;

const sentenceOf = ({ what, done, of }: ImportProgress): string =>
  what === 'bytes' ? `looked at ${mib(done)} of ${mib(of)} MiB` : `stored ${done} of ${of} records`;

const mistake = (message: string): StartFailure =>
  new StartFailure(message, { code: 'FAILED', exitCode: exitCodes.usage });
