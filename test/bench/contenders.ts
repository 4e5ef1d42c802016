// The servers that can be measured: the engine in both durabilities and the frozen limits. Each call
// of `start` is a new process on a new folder.
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BenchOptions } from './options.ts';
import { BenchServer, freePort } from './server.ts';

export interface Contender {
  readonly name: string;
  /** What part of a workload's calls it is given in a round: a slow peer would hold up the rest. */
  readonly share: number;
  start(): Promise<BenchServer>;
}

/** An engine's folder lies here: on a disk, not in memory, for `synced` to mean something. */
const folderFor = (name: string): string =>
  mkdtempSync(path.join(os.tmpdir(), `shardscope-bench-${name}-`));

/** Far above what a run stores. */
const sizeLimit = '64GiB';

export interface EngineOptions {
  readonly name: string;
  readonly durability: 'written' | 'synced';
  readonly bundle: string;
}

/** The engine from a bundle. */
export function engine(
  { name, durability, bundle }: EngineOptions,
  { core, limits }: BenchOptions,
): Contender {
  return {
    name,
    share: 1,
    start: async () => {
      const [port, folder] = [await freePort(), folderFor(name)];
      const settings = ['--durability', durability, '--limits', limits, '--size-limit', sizeLimit];
      const place = ['--port', String(port), '--data', folder, '--log-level', 'warn'];
      const argv = [process.execPath, bundle, 'serve', ...place, ...settings];
      return BenchServer.start({ name, argv, port, folder, core });
    },
  };
}

/** A frozen limit server in one of its modes. */
export function limit(
  { name, file, mode }: { name: string; file: string; mode: string },
  { core }: BenchOptions,
): Contender {
  const script = path.join(import.meta.dirname, file);
  return {
    name,
    share: 1,
    start: async () => {
      const port = await freePort();
      const argv = [process.execPath, script, mode, String(port)];
      return BenchServer.start({ name, argv, port, core });
    },
  };
}

/** Every server, in the order of the tables. */
export function contenders(options: BenchOptions): Contender[] {
  const written = { durability: 'written', bundle: options.engine } as const;
  const all = [
    limit({ name: 'limit', file: 'limit.mjs', mode: 'parse' }, options),
    limit({ name: 'encode', file: 'limitGet.mjs', mode: 'enc' }, options),
    engine({ name: 'written', ...written }, options),
    engine({ name: 'synced', ...written, durability: 'synced' }, options),
  ];
  if (options.baseline) {
    all.push(engine({ name: 'baseline', ...written, bundle: options.baseline }, options));
  }
  return all;
}
