// What the command line of the bench may say.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chooseCores } from './cores.ts';

export interface BenchOptions {
  /** Ids of workloads; undefined: all of the usual run. */
  readonly only: readonly string[] | undefined;
  /** Names of servers; undefined: all that a workload has. */
  readonly servers: readonly string[] | undefined;
  readonly rounds: number;
  /** Everything, the slow workloads too, and RESULTS.md is written. */
  readonly isClosing: boolean;
  /** Records of the workload `depth`. */
  readonly depth: number;
  /** The engine's bundle, and another one to measure beside it. */
  readonly engine: string;
  readonly baseline: string | undefined;
  /** The engine's `--limits`. */
  readonly limits: string;
  /** The core of the servers, and the client's. */
  readonly core: number | undefined;
  readonly clientCore: number | undefined;
}

export const usage = `npm run bench -- [options]

  --only=ID,ID       workloads to run; default: all
  --servers=A,B      servers to measure; default: all that a workload has
  --rounds=N         interleaved rounds; default 7
  --closing          all workloads, depth too, and RESULTS.md is written: on an idle machine
  --depth=N          records of the workload depth; default 10000000
  --engine=FILE      the engine's bundle; default dist/engine.cjs
  --baseline=FILE    another bundle, measured beside it as "baseline"
  --limits=MODE      the engine's --limits; default warn, as users have it
`;

const root = path.resolve(import.meta.dirname, '../..');

const text = { type: 'string' } as const;
const known = {
  only: text,
  servers: text,
  rounds: { type: 'string', default: '7' },
  engine: { type: 'string', default: 'dist/engine.cjs' },
  baseline: text,
  closing: { type: 'boolean', default: false },
  depth: { type: 'string', default: '10000000' },
  limits: { type: 'string', default: 'warn' },
} as const;

const listOf = (given: string | undefined): string[] | undefined => given?.split(',');

/** Throws with a sentence for what it does not understand. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({ args: [...args], options: known });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number');
  const depth = Number(values.depth);
  if (!(depth > 0) || depth % 100_000 !== 0) throw new Error('--depth takes a multiple of 100000');
  if (values.closing && (values.only || values.servers || rounds < 7)) {
    throw new Error('--closing runs everything, in 7 rounds or more');
  }
  const cores = chooseCores();
  return {
    only: listOf(values.only),
    servers: listOf(values.servers),
    rounds,
    isClosing: values.closing,
    depth,
    engine: path.resolve(root, values.engine),
    baseline: values.baseline === undefined ? undefined : path.resolve(root, values.baseline),
    limits: values.limits,
    core: cores?.server,
    clientCore: cores?.client,
  };
}
