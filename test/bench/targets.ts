// What the engine is to reach, each against something measured in the same run. A target that is
// missed stays here as it is.
import type { Figures } from './figures.ts';
import { type Table, tableOf } from './table.ts';

export interface Target {
  readonly name: string;
  /** What it is measured against, and how the bound was found. */
  readonly source: string;
  readonly unit: string;
  /** Undefined: not measured in this run. */
  value(figures: Figures): number | undefined;
  /** The value may be at most this. */
  bound(figures: Figures): number | undefined;
}

interface Ratio {
  readonly workload: string;
  readonly of: string;
  readonly to: string;
  readonly atMost: number;
  readonly source: string;
  /** Default: the minimum of the CPU. */
  readonly metric?: string;
}

function ratio({ workload, of, to, atMost, source, metric = 'cpuMin' }: Ratio): Target {
  return {
    name: `${workload}: ${of} to ${to}`,
    source,
    unit: 'x',
    value: (figures) => {
      const value = figures.get(`${workload}/${of}/${metric}`);
      const base = figures.get(`${workload}/${to}/${metric}`);
      return value === undefined || base === undefined ? undefined : value / base;
    },
    bound: () => atMost,
  };
}

const parseLimit = 'limit.mjs, mode parse: reads, parses, decodes, hashes, stores nothing';
const encodeLimit = 'limitGet.mjs, mode enc: only encodes; a storing server of 30 lines took 1.03';

const againstLimit: readonly Target[] = [
  ratio({
    workload: 'putRecords500',
    of: 'written',
    to: 'limit',
    atMost: 0.7,
    source: `${parseLimit}; a prototype took 0.5 to 0.6`,
  }),
  ratio({
    workload: 'putRecords500',
    of: 'synced',
    to: 'limit',
    atMost: 0.75,
    source: parseLimit,
  }),
  ratio({
    workload: 'putRecords100',
    of: 'written',
    to: 'limit',
    atMost: 0.85,
    source: parseLimit,
  }),
  ratio({ workload: 'putRecord16', of: 'written', to: 'limit', atMost: 1, source: parseLimit }),
  ratio({ workload: 'putRecord16', of: 'synced', to: 'limit', atMost: 1.3, source: parseLimit }),
  ratio({ workload: 'getRecords', of: 'written', to: 'encode', atMost: 1.3, source: encodeLimit }),
  ...['shards500', 'shards100'].map((workload) =>
    ratio({
      workload,
      of: '1000 shards',
      to: '4 shards',
      atMost: 1.25,
      source: 'the engine itself with 4 shards',
    }),
  ),
];

const encodings = ['cborPut', 'cborPuts', 'cborPuts100', 'cborPages'];
const againstJson: readonly Target[] = encodings.map((workload) =>
  ratio({
    workload,
    of: 'CBOR',
    to: 'JSON',
    atMost: 1,
    source: 'the engine itself in JSON: CBOR has no base64',
  }),
);

const bareHttp2 = 'bareHttp2.cjs: reads the body and answers a fixed text of the same length';

const overHttp2: readonly Target[] = [
  ...['put', 'page'].map((call) =>
    ratio({
      workload: 'http2Shared',
      of: `${call} h2c`,
      to: `${call} HTTP/1.1`,
      atMost: 1.2,
      source: 'the engine itself over keep-alive connections of HTTP/1.1',
    }),
  ),
  ratio({
    workload: 'http2PerCall',
    of: 'written',
    to: 'bare h2c',
    atMost: 1.2,
    source: bareHttp2,
  }),
];

const latency: Target = {
  name: 'putRecord1: p50 of synced, one connection',
  source: "the limit's p50 and 2.5 times this disk's own append and fdatasync",
  unit: 'ms',
  value: (figures) => figures.get('putRecord1/synced/p50Min'),
  bound: (figures) => {
    const limit = figures.get('putRecord1/limit/p50Min');
    const disk = figures.get('putRecord1/disk/p50Min');
    return limit === undefined || disk === undefined ? undefined : limit + 2.5 * disk;
  },
};

interface Peer {
  readonly to: string;
  readonly of?: string;
  readonly source: string;
  /** Workloads and the ratio allowed in each. */
  readonly atMost: Readonly<Record<string, number>>;
}

const againstPeer = ({ to, of = 'written', source, atMost }: Peer): Target[] =>
  Object.entries(atMost).map(([workload, most]) =>
    ratio({ workload, of, to, atMost: most, source }),
  );

const againstPeers: readonly Target[] = [
  ...againstPeer({
    to: 'kinesalite',
    source: 'kinesalite 3.3.3 in memory: 10 times the batches and pages, 4 times the single puts',
    atMost: { putRecords500: 0.1, putRecords100: 0.1, putRecord16: 0.25, getRecords: 0.1 },
  }),
  ...againstPeer({
    to: 'kinesis-local',
    source: 'kinesis-local 0.6.2: 100 times the batches, 50 times single puts and pages',
    atMost: { putRecords500: 0.01, putRecords100: 0.01, putRecord16: 0.02, getRecords: 0.02 },
  }),
  ...againstPeer({
    to: 'ferrokinesis',
    source: 'ferrokinesis 0.7.0 (Rust) in memory: half its CPU on batches and pages, its CPU else',
    atMost: { putRecords500: 0.5, putRecords100: 0.5, putRecord16: 1, getRecords: 0.5 },
  }),
  ...againstPeer({
    to: 'ferrokinesis durable',
    of: 'synced',
    source: 'ferrokinesis 0.7.0 with a state folder',
    atMost: { putRecords500: 0.1, putRecords100: 0.1, putRecord16: 0.1 },
  }),
];

interface Plain {
  readonly name: string;
  readonly source: string;
  readonly unit: string;
  readonly figure: string;
  /** The bound: `times` the figure `of`, where there is one, and `plus`. */
  readonly of?: string;
  readonly times?: number;
  readonly plus?: number;
}

export function plain({ name, source, unit, figure, of, times = 1, plus = 0 }: Plain): Target {
  return {
    name,
    source,
    unit,
    value: (figures) => figures.get(figure),
    bound: (figures) => {
      const base = of === undefined ? 0 : figures.get(of);
      return base === undefined ? undefined : base * times + plus;
    },
  };
}

const start: readonly Target[] = [
  plain({
    name: 'start: first answer',
    source: 'bare.cjs, mode http: a bare node:http server, twice its time',
    unit: 'ms',
    figure: 'start/written/startMsMin',
    of: 'start/bare http/startMsMin',
    times: 2,
  }),
  plain({
    name: 'start: idle memory',
    source: 'bare.cjs, mode http2: Node with http and http2 loaded, and 15 MiB',
    unit: 'MiB',
    figure: 'start/written/idleMiBMin',
    of: 'start/bare http2/idleMiBMin',
    plus: 15,
  }),
];

const onSubscriptions: readonly Target[] = [
  plain({
    name: 'subscribe: p50 from a put to its event',
    source: 'bareHttp2.cjs: pushes what a put brings to an open stream, and 5 ms',
    unit: 'ms',
    figure: 'subscribe/written, h2c/p50Min',
    of: 'subscribe/bare h2c/p50Min',
    plus: 5,
  }),
  plain({
    name: 'idleSubscriptions: CPU of 1,000',
    source: 'a twentieth of a core, over three beats or more',
    unit: '%',
    figure: 'idleSubscriptions/written/corePercent',
    plus: 5,
  }),
  plain({
    name: 'idleSubscriptions: resident memory of each',
    source: 'after less before, both after a collection, by 1,000',
    unit: 'KiB',
    figure: 'idleSubscriptions/written/residentKiB',
    plus: 64,
  }),
];

const verifyMicrosMax = 60;

/** What verifying adds to a call. */
const verifying = (size: string, source: string): Target => ({
  name: `signatures: verify less any, ${size}`,
  source,
  unit: 'us',
  value: (figures) => {
    const verify = figures.get(`signatures/verify, ${size}/cpuMin`);
    const any = figures.get(`signatures/any, ${size}/cpuMin`);
    return verify === undefined || any === undefined ? undefined : verify - any;
  },
  bound: (figures) => {
    const hashing = size === '1 KiB' ? 0 : figures.get(`signatures/SHA-256, ${size}/cpuMin`);
    return hashing === undefined ? undefined : hashing + verifyMicrosMax;
  },
});

const onSignatures: readonly Target[] = [
  verifying('1 KiB', 'the engine itself with --auth any'),
  verifying('256 KiB', 'the engine itself with --auth any, and one SHA-256 of such a body'),
];

const amongMany: readonly Target[] = [
  ratio({
    workload: 'shardAmongMany',
    of: '64 shards',
    to: 'one shard',
    atMost: 2,
    source: 'the same number of records in one shard',
  }),
  plain({
    name: 'shardAmongMany: bytes read per byte returned',
    source: 'key and data of the records returned',
    unit: 'x',
    figure: 'shardAmongMany/64 shards/readPerByte',
    plus: 4,
  }),
];

const atDepth: readonly Target[] = [
  plain({
    name: 'depth: last tenth of the records',
    source: 'the first tenth, after a warm-up on another stream',
    unit: 'us',
    figure: 'depth/written/last tenth, us a record',
    of: 'depth/written/first tenth, us a record',
    times: 1.15,
  }),
  plain({
    name: 'depth: heap and external after a collection',
    source: 'the same at a tenth of the records, and 48 MiB',
    unit: 'MiB',
    figure: 'depth/written/heap at the end, MiB',
    of: 'depth/written/heap at a tenth, MiB',
    plus: 48,
  }),
  plain({
    name: 'depth: opening to the first page',
    source: 'a second of CPU, the start of Node included',
    unit: 'ms',
    figure: 'depth/written/opening, ms of CPU',
    plus: 1000,
  }),
  plain({
    name: 'depth: AT_TIMESTAMP, iterator and first record, the slowest',
    source: 'kinesalite 3.3.3 takes 7 s at a million and stops everyone',
    unit: 'ms',
    figure: 'depth/written/AT_TIMESTAMP, ms maximum',
    plus: 5,
  }),
  ...['1 %', '99 %'].map((at) =>
    plain({
      name: `depth: 1,000 records at ${at}`,
      source: 'the same in the middle of the stream, 1.5 times',
      unit: 'us',
      figure: `depth/written/1,000 records at ${at}, us a record`,
      of: 'depth/written/1,000 records at 50 %, us a record',
      times: 1.5,
    }),
  ),
];

const onTails: readonly Target[] = [
  plain({
    name: 'tailFollow: CPU of the worker per 1,000 records',
    source: 'nothing that users notice beside their own programs: 70 % of a core at this rate',
    unit: 'ms',
    figure: 'tailFollow/written/cpuMs',
    plus: 35,
  }),
  plain({
    name: 'tailFollow: heap and external after a collection',
    source: "the ring's bound of 64 MiB, and 50 MiB",
    unit: 'MiB',
    figure: 'tailFollow/written/heldMiB',
    plus: 114,
  }),
  plain({
    name: 'tailSearch: one more of 1,000,000 rows',
    source: 'one more of 1,000 rows, 1.5 times: memory is farther away',
    unit: 'us',
    figure: 'tailSearch/append/largeMicros',
    of: 'tailSearch/append/smallMicros',
    times: 1.5,
  }),
  ...Object.entries({ word: 500, path: 2000, expression: 2000 }).map(([query, plus]) =>
    plain({
      name: `tailSearch: ${query}, all rows`,
      source: 'half a second for a word, two for what has to be parsed',
      unit: 'ms',
      figure: `tailSearch/${query}/cpuMs`,
      plus,
    }),
  ),
  ...['word', 'path', 'expression'].map((query) =>
    plain({
      name: `tailSearch: ${query}, the longest slice`,
      source: 'two frames',
      unit: 'ms',
      figure: `tailSearch/${query}/longestSliceMs`,
      plus: 20,
    }),
  ),
  ...['word', 'path', 'expression'].map((query) =>
    plain({
      name: `tailSearch: ${query}, nothing found in the first slice`,
      source: 'the first slice has matches to show',
      unit: 'x',
      figure: `tailSearch/${query}/noneAtFirst`,
    }),
  ),
];

export const targets: readonly Target[] = [
  ...againstLimit,
  ...againstJson,
  ...overHttp2,
  latency,
  ...againstPeers,
  ...start,
  ...onSubscriptions,
  ...onSignatures,
  ...amongMany,
  ...onTails,
  ...atDepth,
];

export type Verdict = 'met' | 'missed' | 'not measured';

/** A target is met when its value is at most its bound; without both it is not measured. */
export function verdictOn(target: Target, figures: Figures): Verdict {
  const [value, bound] = [target.value(figures), target.bound(figures)];
  if (value === undefined || bound === undefined) return 'not measured';
  return value <= bound ? 'met' : 'missed';
}

const written = (value: number | undefined, unit: string): string =>
  value === undefined ? '-' : `${value.toFixed(digitsOf(value))} ${unit}`.trimEnd();

/** Three digits that count, and no fraction from a hundred on or of nothing. */
const digitsOf = (value: number): number =>
  value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.001))));

/** A row for each target, of the main bench's if no others are given; those that were not measured only where asked for. */
export function targetTable(figures: Figures, withUnmeasured: boolean, of = targets): Table {
  const rows = of
    .map((target) => ({ target, verdict: verdictOn(target, figures) }))
    .filter(({ verdict }) => withUnmeasured || verdict !== 'not measured')
    .map(({ target, verdict }) => [
      target.name,
      written(target.value(figures), target.unit),
      written(target.bound(figures), target.unit),
      verdict,
      target.source,
    ]);
  return tableOf(['target', 'measured', 'at most', 'verdict', 'against'], rows);
}
