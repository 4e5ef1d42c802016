/** Forks the engine as a process of its own that outlives the window, and hears how its start went. */
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import type { EngineAddress } from './engineLock.ts';
import { type EngineOptions, engineArguments, engineEnvironment } from './engineOptions.ts';

export interface EngineProgram {
  /** `dist/engine.cjs` */
  readonly script: string;
  /** Where it writes what it has to say beyond its one message. */
  readonly logFile: string;
}

/** The engine's one message. */
type StartMessage =
  | { ready: true; endpoint: string; nonce: string; pid: number }
  | { failed: true; code: string; message: string; endpoint?: string };

export type StartResult =
  | ({ readonly type: 'ready' } & EngineAddress)
  /** Another engine holds the folder: its nonce is in the lock file. */
  | { readonly type: 'locked'; readonly message: string }
  | { readonly type: 'failed'; readonly message: string };

const startTimeoutMs = 30_000;

/** Resolves when the engine said that it is ready or why not; never rejects for its sake. */
export async function startEngineProcess(
  program: EngineProgram,
  options: EngineOptions,
): Promise<StartResult> {
  const child = forkEngine(program, options);
  try {
    return await resultOf(child);
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

function forkEngine(program: EngineProgram, options: EngineOptions): ChildProcess {
  mkdirSync(path.dirname(program.logFile), { recursive: true });
  const log = openSync(program.logFile, 'a', 0o600);
  try {
    return fork(program.script, engineArguments(options), {
      execPath: process.execPath,
      execArgv: [],
      env: engineEnvironment(process.env),
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      cwd: path.dirname(program.script),
    });
  } finally {
    closeSync(log);
  }
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
  const type = message.code === 'LOCKED' ? 'locked' : 'failed';
  return { type, message: message.message };
}
