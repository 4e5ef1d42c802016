// The servers that can be measured: the engine in both durabilities, the frozen limits, the peers.
// Each call of `start` is a new process.
import path from 'node:path';
import { newFolder } from './folders.ts';
import type { BenchOptions } from './options.ts';
import { peers } from './peers.ts';
import { BenchServer, callByHttp2, type FirstCall, freePort } from './server.ts';

/** What a server is spared, so that a slow one does not hold up the run. */
export interface Pace {
  /** What part of a workload's calls it is given in a round. */
  readonly share: number;
  /** Rounds before the first measured one, so that its code is compiled. */
  readonly warmUpRounds: number;
  /** Each round of puts is on an empty stream: its puts cost more with what is stored. */
  readonly hasFreshStreams: boolean;
  /** How many records a shard holds that it is asked for. */
  readonly readRecords: number;
}

const usualPace: Pace = {
  share: 1,
  warmUpRounds: 2,
  hasFreshStreams: false,
  readRecords: 200_000,
};

export interface StartOptions {
  /** Of the engine; kept when it is stopped. Without it each start has a folder of its own. */
  readonly folder?: string;
  /** Of the engine: `heapMiB` can be asked for. */
  readonly hasHeapProbe?: boolean;
  /** Of the engine: more of its command line. */
  readonly settings?: readonly string[];
  /** Of the engine, where it needs another than an unsigned one. */
  readonly firstCall?: FirstCall;
}

export interface Contender {
  readonly name: string;
  readonly pace: Pace;
  start(options?: StartOptions): Promise<BenchServer>;
}

/** Far above what a run stores. */
const sizeLimit = '64GiB';

const heapProbe = ['--expose-gc', '--require', path.join(import.meta.dirname, 'heapProbe.cjs')];

interface EngineKind {
  readonly name: string;
  readonly durability: 'written' | 'synced';
  readonly bundle: string;
}

function engine(kind: EngineKind, { core, limits }: BenchOptions): Contender {
  const { name, durability, bundle } = kind;
  return {
    name,
    pace: usualPace,
    start: async ({ folder, hasHeapProbe = false, settings: more = [], firstCall } = {}) => {
      const port = await freePort();
      const own = folder === undefined ? newFolder(name) : undefined;
      const place = ['--port', String(port), '--data', folder ?? own ?? '', '--log-level', 'warn'];
      const settings = ['--durability', durability, '--limits', limits, '--size-limit', sizeLimit];
      const node = [process.execPath, ...(hasHeapProbe ? heapProbe : [])];
      const argv = [...node, bundle, 'serve', ...place, ...settings, ...more];
      return BenchServer.start({ name, argv, port, folder: own, hasHeapProbe, core, firstCall });
    },
  };
}

interface Script {
  readonly name: string;
  readonly file: string;
  readonly mode?: string;
  readonly firstCall?: FirstCall;
}

/** A server of our own in one file, called as `node FILE MODE PORT`. */
function script({ name, file, mode, firstCall }: Script, { core }: BenchOptions): Contender {
  return {
    name,
    pace: usualPace,
    start: async () => {
      const port = await freePort();
      const modes = mode === undefined ? [] : [mode];
      const argv = [process.execPath, path.join(import.meta.dirname, file), ...modes, String(port)];
      return BenchServer.start({ name, argv, port, core, firstCall });
    },
  };
}

/** Every server, in the order of the tables, and a sentence for each that is not here. */
export function contenders(options: BenchOptions): { found: Contender[]; absent: string[] } {
  const written = { durability: 'written', bundle: options.engine } as const;
  const { found, absent } = peers(options);
  const own = [
    script({ name: 'limit', file: 'limit.mjs', mode: 'parse' }, options),
    script({ name: 'encode', file: 'limitGet.mjs', mode: 'enc' }, options),
    script({ name: 'bare http', file: 'bare.cjs', mode: 'http' }, options),
    script({ name: 'bare http2', file: 'bare.cjs', mode: 'http2' }, options),
    script({ name: 'bare h2c', file: 'bareHttp2.cjs', firstCall: callByHttp2 }, options),
    engine({ name: 'written', ...written }, options),
    engine({ name: 'synced', ...written, durability: 'synced' }, options),
  ];
  if (options.baseline) {
    own.push(engine({ name: 'baseline', ...written, bundle: options.baseline }, options));
  }
  return { found: [...own, ...found], absent };
}
