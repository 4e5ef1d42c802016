// What a workload is, and the usual kind: the same rounds of calls on several servers, interleaved.
import { interleave, type Runner, type Summary } from './compare.ts';
import type { Contender, StartOptions } from './contenders.ts';
import type { Figures } from './figures.ts';
import type { BenchOptions } from './options.ts';
import type { BenchServer } from './server.ts';
import { type Table, tableOf } from './table.ts';

export interface Run {
  readonly options: BenchOptions;
  /** Every server of this run, in the order of the tables. */
  readonly contenders: readonly Contender[];
  readonly figures: Figures;
  /** Tells of progress. */
  say(line: string): void;
}

export interface Workload {
  readonly id: string;
  readonly title: string;
  /** Left out of a run that does not ask for it. */
  readonly isSlow?: boolean;
  /** Measures; its figures go to `run.figures`, its table is for people. */
  run(run: Run): Promise<Table>;
}

/** What a server was started for. */
export interface Entry {
  readonly contender: Contender;
  readonly variant: number;
}

export interface Comparison {
  readonly id: string;
  readonly title: string;
  /** What CPU and rate are counted by. */
  readonly unit: 'record' | 'call';
  /** Names of the servers that take part. */
  readonly servers: readonly string[];
  /** The one that ratios are taken against in the table. */
  readonly base: string;
  /** Each server is started once for each of these; default: once. */
  readonly variants?: readonly number[];
  /** Where not every server has the same. */
  variantsOf?(contender: Contender): readonly number[];
  /** What an engine is started with for a variant; default: as users start it. */
  startOptions?(variant: number): StartOptions;
  /** Makes what it needs on a server that has just been started, and warms it up. */
  prepare(server: BenchServer, entry: Entry): Promise<Runner>;
  /** What takes part besides servers. */
  others?(): Runner[];
}

/** The contenders of a run that a workload is for. */
export function takingPart(run: Run, servers: readonly string[]): Contender[] {
  const wanted = run.options.servers;
  return run.contenders.filter(
    ({ name }) => servers.includes(name) && (wanted?.includes(name) ?? true),
  );
}

/** A workload of the usual kind. Each server is a fresh process; all are gone when it resolves. */
export function comparison(spec: Comparison): Workload {
  const { id, title } = spec;
  return {
    id,
    title: `${title}, CPU per ${spec.unit}`,
    run: async (run) => {
      const servers: BenchServer[] = [];
      const runners: Runner[] = spec.others?.() ?? [];
      for (const contender of takingPart(run, spec.servers)) {
        for (const variant of spec.variantsOf?.(contender) ?? spec.variants ?? [0]) {
          const server = await contender.start(spec.startOptions?.(variant));
          servers.push(server);
          runners.push(await spec.prepare(server, { contender, variant }));
        }
      }
      const summaries = await interleave(run.options.rounds, runners);
      for (const server of servers) await server.stop();
      for (const [name, summary] of summaries) run.figures.set(`${id}/${name}`, { ...summary });
      return comparisonTable(summaries, spec.base);
    },
  };
}

const columns = [
  'CPU us min',
  'median',
  'ratio',
  'rate/s',
  'p50 ms min',
  'median',
  'p99 ms',
  'MiB',
];

function comparisonTable(summaries: ReadonlyMap<string, Summary>, baseName: string): Table {
  const base = summaries.get(baseName);
  const rows = [...summaries].map(([name, summary]) => [
    name,
    summary.cpuMin.toFixed(2),
    summary.cpuMedian.toFixed(2),
    base ? (summary.cpuMin / base.cpuMin).toFixed(3) : '-',
    Math.round(summary.rateMedian).toLocaleString('en'),
    summary.p50Min.toFixed(2),
    summary.p50Median.toFixed(2),
    summary.p99Median.toFixed(2),
    summary.memoryMiB.toFixed(0),
  ]);
  return tableOf(['', ...columns], rows);
}
