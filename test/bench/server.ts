// Starts the processes that are measured and reads the CPU time they have used.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
/** Clock ticks of Linux are hundredths of a second. */
const microsecondsPerTick = 10_000;

export interface BenchServer {
  readonly name: string;
  readonly endpoint: string;
  /** From the start of the process to its first line, in milliseconds. */
  readonly startMs: number;
  /** User and system time of the process so far, in microseconds. */
  cpu(): number;
  /** Resident memory in MiB. */
  memory(): number;
  stop(): Promise<void>;
}

/** A process that prints its address in its first line. */
async function start(name: string, argv: string[], folder?: string): Promise<BenchServer> {
  const began = performance.now();
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const endpoint = await addressOf(child, name);
  const startMs = performance.now() - began;
  return {
    name,
    endpoint,
    startMs,
    cpu: () => cpuOf(child.pid ?? 0),
    memory: () => memoryOf(child.pid ?? 0),
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      if (folder) await rm(folder, { recursive: true, force: true });
    },
  };
}

function addressOf(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (match) resolve(match[0]);
    });
    child.once('exit', (code) => reject(new Error(`${name} ended with code ${code}: ${text}`)));
  });
}

function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * microsecondsPerTick;
}

function memoryOf(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? 0) / 1024;
}

/** The floor: reads, parses, answers. */
export const startLimit = (): Promise<BenchServer> =>
  start('limit', [path.join(import.meta.dirname, 'limitServer.ts')]);

/** The engine on a fresh folder, without limits. */
export async function startEngine(durability: 'written' | 'synced'): Promise<BenchServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'shardscope-bench-'));
  const engine = path.join(root, 'dist/engine.cjs');
  const options = ['--port', '0', '--data', folder, '--limits', 'off', '--durability', durability];
  return start(`engine ${durability}`, [engine, 'serve', ...options], folder);
}
