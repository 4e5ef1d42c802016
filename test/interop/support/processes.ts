// Starts the processes that a run needs: servers that say when they are ready, and drivers that end.
import { type ChildProcess, spawn } from 'node:child_process';

export interface Command {
  readonly argv: readonly string[];
  readonly env?: Record<string, string>;
  readonly cwd?: string;
}

export interface Server {
  /** What the first group of the pattern matched: its address. */
  readonly address: string;
  /** Everything it said, for when a client fails. */
  output(): string;
  stop(): Promise<void>;
}

const readyMs = 60_000;

function start({ argv, env, cwd }: Command): ChildProcess {
  const [command, ...args] = argv;
  return spawn(command!, args, {
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const tail = (text: string): string => text.trim().split('\n').slice(-15).join('\n');

/** Resolves when the process has said that it is ready; rejects when it ends or takes too long. */
export function startServer(command: Command, ready: RegExp): Promise<Server> {
  const child = start(command);
  const name = command.argv.slice(0, 2).join(' ');
  let said = '';
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(late);
  };
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${name} ${why}: ${tail(said)}`));
    const late = setTimeout(() => {
      fail(`was not ready after ${readyMs / 1000} s`);
      void stop();
    }, readyMs);
    const look = (text: string): void => {
      said += text;
      const address = ready.exec(said)?.[1];
      if (address === undefined) return;
      clearTimeout(late);
      resolve({ address, output: () => said, stop });
    };
    child.stdout?.setEncoding('utf8').on('data', look);
    child.stderr?.setEncoding('utf8').on('data', look);
    child.once('error', (error) => fail(`does not start (${error.message})`));
    void ended.then(() => fail('ended'));
  });
}

/** Resolves to standard output; rejects with the end of standard error when it fails or hangs. */
export function runToEnd(command: Command, withinMs: number): Promise<string> {
  const child = start(command);
  const name = command.argv.slice(0, 3).join(' ');
  const out: Buffer[] = [];
  let err = '';
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, withinMs);
  child.stdout?.on('data', (bytes: Buffer) => out.push(bytes));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err = (err + text).slice(-20_000);
  });
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${name} does not start: ${error.message}`)));
    child.once('close', (code, signal) => {
      clearTimeout(late);
      const how = isLate
        ? `had not ended after ${withinMs / 1000} s`
        : `ended with ${code ?? signal}`;
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'));
      else reject(new Error(`${name} ${how}: ${tail(err)}`));
    });
  });
}
