// Starts a process to be measured, knows when it answers, and ends it with everything it left behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from './client.ts';
import type { Measured } from './compare.ts';
import { pinned } from './cores.ts';
import { removeFolder } from './folders.ts';
import { Http2Connection } from './http2Connection.ts';
import { http2RequestOf } from './http2Requests.ts';
import { ProcessCpu, residentMiB } from './processCpu.ts';

/** A call that a server is asked until it answers; rejects while it does not. */
export type FirstCall = (port: number) => Promise<void>;

export interface ServerOptions {
  readonly name: string;
  readonly argv: readonly string[];
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Removed when the server is stopped. */
  readonly folder?: string | undefined;
  /** It was started with heapProbe.cjs. */
  readonly hasHeapProbe?: boolean;
  /** The core it is pinned to. */
  readonly core?: number | undefined;
  /** Default: ListStreams in HTTP/1.1. */
  readonly firstCall?: FirstCall | undefined;
}

const running = new Set<BenchServer>();

/** Ends every server that is still running: for the way out after a failure. */
export function killServers(): void {
  for (const server of running) server.kill();
}

/** How long a poll for the first answer waits before it asks again. */
const pollPauseMs = 2;

export class BenchServer implements Measured {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** From the start of the process to its first answer. */
  readonly startMs: number;
  private readonly child: ChildProcess;
  private readonly cpu: ProcessCpu;
  private readonly folder: string | undefined;

  private constructor(options: ServerOptions, child: ChildProcess, startMs: number) {
    this.name = options.name;
    this.port = options.port;
    this.folder = options.folder;
    this.child = child;
    this.pid = child.pid!;
    this.cpu = new ProcessCpu(this.pid);
    this.startMs = startMs;
    running.add(this);
  }

  /** Resolves once the process answers its first call; rejects when it ends before. */
  static async start(options: ServerOptions): Promise<BenchServer> {
    const [command, ...args] = pinned(options.argv, options.core);
    const began = performance.now();
    const child = spawn(command!, args, {
      stdio: ['ignore', 'ignore', 'pipe', ...(options.hasHeapProbe ? ['ipc' as const] : [])],
      cwd: options.cwd,
      env: { ...process.env, NODE_OPTIONS: '', ...options.env },
    });
    const said = lastWords(child);
    await firstAnswer(options, () => {
      if (child.exitCode === null && child.signalCode === null) return;
      throw new Error(`${options.name} ended before it answered: ${said()}`);
    });
    return new BenchServer(options, child, performance.now() - began);
  }

  cpuMicros(): number {
    return this.cpu.micros();
  }

  memoryMiB(): number {
    return residentMiB(this.pid);
  }

  /** MiB on the heap and outside it that are still in use after a collection. */
  async heapMiB(): Promise<number> {
    this.child.send({});
    const [{ heapUsed, external }] = await once(this.child, 'message');
    return (heapUsed + external) / 1024 ** 2;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      await ended;
    }
    this.forget();
  }

  kill(): void {
    this.child.kill('SIGKILL');
    this.forget();
  }

  private forget(): void {
    running.delete(this);
    if (this.folder) removeFolder(this.folder);
  }
}

/** The end of what a process said on standard error. */
function lastWords(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-2000);
  });
  return () => text;
}

/** Asks until somebody answers with a 200; `stillThere` throws when nobody ever will. */
async function firstAnswer(
  { port, firstCall = callByHttp1 }: Pick<ServerOptions, 'port' | 'firstCall'>,
  stillThere: () => void,
): Promise<void> {
  for (;;) {
    stillThere();
    const isUp = await firstCall(port).then(
      () => true,
      () => false, // it does not listen yet, or listens and is not ready
    );
    if (isUp) return;
    await pause(pollPauseMs);
  }
}

async function callByHttp1(port: number): Promise<void> {
  const client = await Client.open(port);
  try {
    await client.call('ListStreams', {});
  } finally {
    client.close();
  }
}

/** For a server that speaks HTTP/2 only. */
export async function callByHttp2(port: number): Promise<void> {
  const connection = await Http2Connection.open(port);
  try {
    await connection.request(await http2RequestOf('ListStreams', {}));
  } finally {
    connection.close();
  }
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
