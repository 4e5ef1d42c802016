// Runs the plain AWS scripts of this folder as processes and reads what they wrote.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A record as some program outside the product saw it. */
export interface Seen {
  readonly shardId: string;
  readonly sequenceNumber: string;
}
export interface StoredRecord extends Seen {
  readonly partitionKey: string;
  /** The record's data as text. */
  readonly text: string;
}

/** The lines of a file of JSON lines; a last line that was cut off is left out. */
export function jsonLines<T>(file: string): T[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as T);
}

const script = (name: string): string => path.join(import.meta.dirname, name);

/** The command that runs `argv` somewhere else, as in another network namespace. */
export type Within = (argv: readonly string[]) => [command: string, args: string[]];

const here: Within = ([command, ...args]) => [command!, args];

/** Everything that is stored in a stream, shard by shard, by a process of its own. */
export async function readStored(target: {
  endpoint: string;
  stream: string;
  output: string;
  within?: Within;
}): Promise<StoredRecord[]> {
  const { endpoint, stream, output, within = here } = target;
  const [command, argv] = within([
    process.execPath,
    script('readAll.mjs'),
    endpoint,
    stream,
    output,
  ]);
  const child = spawn(command, argv, { stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`the reader ended with code ${code}`);
  const lines = jsonLines<{
    shardId: string;
    sequenceNumber: string;
    partitionKey: string;
    data: string;
  }>(target.output);
  return lines.map(({ data, ...rest }) => ({
    ...rest,
    text: Buffer.from(data, 'base64').toString(),
  }));
}

export interface Publishers {
  /** Acknowledgements so far, as last heard. */
  readonly count: number;
  /** Resolves when the publishers have at least this many acknowledgements. */
  acknowledged(count: number): Promise<void>;
  /** Lets calls in flight end; resolves to the totals. */
  stop(): Promise<{ acknowledged: number; attempts: number; failures: number }>;
  readonly process: ChildProcess;
}

/** Eight publishers that write every acknowledgement to `file`; they end with the test at the latest. */
export function startPublishers(target: {
  endpoint: string;
  stream: string;
  file: string;
  /** Without it as many as they can. */
  recordsPerSecond?: number;
  within?: Within;
}): Publishers {
  const { endpoint, stream, file, recordsPerSecond, within = here } = target;
  const [command, argv] = within([
    process.execPath,
    script('publishers.mjs'),
    endpoint,
    stream,
    file,
    ...(recordsPerSecond === undefined ? [] : [String(recordsPerSecond)]),
  ]);
  const child = spawn(command, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  let said = '';
  const listeners = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    for (const listener of [...listeners]) listener();
  });
  const count = (): number => Number([...said.matchAll(/acknowledged (\d+)/g)].at(-1)?.[1] ?? 0);
  return {
    process: child,
    get count() {
      return count();
    },
    acknowledged: (wanted) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (count() < wanted) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
      }),
    stop: async () => {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.stdin.end();
      await ended;
      return JSON.parse(said.trim().split('\n').at(-1) ?? '');
    },
  };
}

/** Sequence numbers of each shard, in the order given. */
export function byShard(records: readonly Seen[]): Map<string, string[]> {
  const shards = new Map<string, string[]>();
  for (const { shardId, sequenceNumber } of records) {
    const list = shards.get(shardId) ?? [];
    list.push(sequenceNumber);
    shards.set(shardId, list);
  }
  return shards;
}

/** True when decimal numbers rise strictly. */
export function isRising(numbers: readonly string[]): boolean {
  return numbers.every(
    (value, index) => index === 0 || BigInt(value) > BigInt(numbers[index - 1]!),
  );
}
