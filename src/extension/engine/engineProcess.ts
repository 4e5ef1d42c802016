/** Forks the engine as a process of its own that outlives the window, and hears how its start went. */
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import type { EngineAddress } from './engineLock.ts';
import { type EngineOptions, engineArguments, engineEnvironment } from './engineOptions.ts';

export interface EngineProgram {
  /** `dist/engine.cjs` */
  readonly script: string;
  /** Where it writes what it has to say beyond its one message; of this window, begun anew at each start. */
  readonly logFile: string;
}

/** The engine's one message. */
type StartMessage =
  | { ready: true; endpoint: string; nonce: string; pid: number }
  | { failed: true; code: string; message: string; endpoint?: string };

export type StartResult =
  | ({ readonly type: 'ready' } & EngineAddress)
  /** Another engine holds the folder: its nonce is in the lock file. */
  | { readonly type: 'locked'; readonly message: string; readonly output?: string }
  /** `output`: what its process wrote meanwhile, for the log. */
  | { readonly type: 'failed'; readonly message: string; readonly output?: string };

/** An engine says in this time that it is ready, or is given up. */
export const startTimeoutMs = 30_000;
const outputBytesMax = 16 * 1024;

/** Resolves when the engine said that it is ready or why not; never rejects for its sake. */
export async function startEngineProcess(
  program: EngineProgram,
  options: EngineOptions,
): Promise<StartResult> {
  mkdirSync(path.dirname(program.logFile), { recursive: true });
  const log = openSync(program.logFile, 'w+', 0o600);
  const child = forkEngine({ program, options, log });
  try {
    const result = await resultOf(child);
    if (result.type === 'ready') return result;
    return { ...result, output: outputOf(log) };
  } finally {
    closeSync(log);
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** The last of what the engine wrote. */
function outputOf(log: number): string {
  const buffer = Buffer.alloc(outputBytesMax);
  const from = Math.max(0, fstatSync(log).size - outputBytesMax);
  const length = readSync(log, buffer, 0, outputBytesMax, from);
  return buffer.toString('utf8', 0, length).trim();
}

interface Fork {
  readonly program: EngineProgram;
  readonly options: EngineOptions;
  readonly log: number;
}

function forkEngine({ program, options, log }: Fork): ChildProcess {
  return fork(program.script, engineArguments(options), {
    execPath: process.execPath,
    execArgv: [],
    env: engineEnvironment(process.env),
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    cwd: path.dirname(program.script),
  });
}

function resultOf(child: ChildProcess): Promise<StartResult> {
  return new Promise((resolve) => {
    const fail = (message: string): void => settle({ type: 'failed', message });
    const timer = setTimeout(() => {
      child.kill();
      fail(`It did not say that it is ready within ${startTimeoutMs / 1000} s.`);
    }, startTimeoutMs);
    const settle = (result: StartResult): void => {
      clearTimeout(timer);
      resolve(result);
    };
    child.once('message', (message) => settle(meaningOf(message as StartMessage)));
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code, signal) =>
      fail(`Its process ended with ${signal ?? `code ${code}`} before it was ready.`),
    );
  });
}

function meaningOf(message: StartMessage): StartResult {
  if ('ready' in message) {
    return { type: 'ready', endpoint: message.endpoint, nonce: message.nonce };
  }
  if (message.code === 'LOCKED') return { type: 'locked', message: message.message };
  return {
    type: 'failed',
    message: message.code === 'PORT_TAKEN' ? portTaken(message) : message.message,
  };
}

/** The engine names its command line's option; here the port is a setting. */
function portTaken({ message }: { message: string }): string {
  const what = message.split(/\. (?=[A-Z])/, 1)[0];
  return `${what}. End it, or choose another port in the setting shardscope.local.port.`;
}
