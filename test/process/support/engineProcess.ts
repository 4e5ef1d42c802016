// A real engine process: started from the bundle when it is newer than the source, else from the source.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { onTestFinished } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');

/** The program to run, as an argument of Node. */
export const entry = newest();

function newest(): string {
  const bundle = path.join(root, 'dist', 'engine.cjs');
  const source = path.join(root, 'src', 'cli', 'main.ts');
  const bundledMs = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const isOlder = sources
    .filter((name) => name.endsWith('.ts') && !/^(extension|worker|client|tail|publish)/.test(name))
    .some((name) => statSync(path.join(root, 'src', name)).mtimeMs > bundledMs);
  return isOlder ? source : bundle;
}

export interface EngineProcess {
  readonly child: ChildProcess;
  /** Everything said so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves with the first match in standard output; rejects when the process ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** The exit code, or the signal's name. */
  readonly exit: Promise<number | string>;
}

export interface StartOptions {
  readonly env?: Record<string, string>;
  /** The command that runs `argv` somewhere else, as in a namespace of its own; its pid is the engine's. */
  readonly within?: (argv: readonly string[]) => [command: string, args: string[]];
}

/** Starts `shardscope` with these arguments; ended after the test. */
export function shardscope(args: readonly string[], options: StartOptions = {}): EngineProcess {
  const argv = [process.execPath, entry, ...args];
  const [command, rest] = options.within?.(argv) ?? [argv[0]!, argv.slice(1)];
  const child = spawn(command, rest, {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return watched(child);
}

/** Starts it as the extension does: forked, detached, with an IPC channel. */
export function forkOwned(args: readonly string[], options: StartOptions = {}): EngineProcess {
  const child = fork(entry, ['serve', '--owned', ...args], {
    execArgv: [],
    detached: true,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  return watched(child);
}

function watched(child: ChildProcess): EngineProcess {
  const said = { out: '', err: '' };
  const waiting = new Set<() => void>();
  const exit = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
    for (const look of waiting) look();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  const says = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(said.out);
        if (!match) return;
        waiting.delete(look);
        resolve(match);
      };
      waiting.add(look);
      look();
      void exit.then((code) => reject(new Error(`ended with ${code}: ${said.out}${said.err}`)));
    });
  return { child, stdout: () => said.out, stderr: () => said.err, says, exit };
}

/** Waits for the address of a `serve` in the foreground. */
export async function addressOf(engine: EngineProcess): Promise<string> {
  return (await engine.says(/listening on (http:\S+) \(data: /))[1]!;
}

/** A folder of its own for each test, gone afterwards. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'shardscope-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** AWS's client: HTTP/2, its default, or HTTP/1.1. Destroyed after the test. */
export function clientOf(endpoint: string, version: 'http1' | 'http2' = 'http2'): KinesisClient {
  const handler = version === 'http1' ? { requestHandler: new NodeHttpHandler() } : {};
  const client = new KinesisClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    ...handler,
  });
  onTestFinished(() => client.destroy());
  return client;
}
