// Rounds that are comparable: everything that is compared runs in the same rounds, one after the
// other, forwards and backwards in turn (A B B A), so that what drifts meets all alike.
import { setTimeout as pause } from 'node:timers/promises';
import type { BenchServer } from './server.ts';
import { median, minimum, percentile } from './statistics.ts';

/** What one round did. */
export interface Round {
  /** Records or calls. */
  readonly count: number;
  readonly wallMs: number;
  readonly latenciesMs: Float64Array;
}

export interface Runner {
  readonly name: string;
  readonly server: BenchServer;
  /** Work before a round that is not measured. */
  before?(): Promise<void>;
  round(): Promise<Round>;
}

/** Over all rounds. Ratios are taken of minima: what comes from outside only ever adds. */
export interface Summary {
  /** Server CPU in microseconds per record or call. */
  readonly cpuMin: number;
  readonly cpuMedian: number;
  /** Records or calls a second. */
  readonly rateMedian: number;
  readonly rateMax: number;
  /** The smallest median of a round, in milliseconds. */
  readonly p50Min: number;
  readonly p50Median: number;
  readonly p99Median: number;
  /** Resident memory at the end. */
  readonly memoryMiB: number;
}

interface Sample {
  readonly cpu: number;
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

/** Time for what a round left to do (a collection, a write) to be done and counted in that round. */
const settleMs = 20;

/** Resolves to a summary for each runner, by name. */
export async function interleave(
  rounds: number,
  runners: readonly Runner[],
): Promise<Map<string, Summary>> {
  const samples = new Map<string, Sample[]>(runners.map(({ name }) => [name, []]));
  for (let index = 0; index < rounds; index++) {
    const order = index % 2 === 0 ? runners : runners.toReversed();
    for (const runner of order) samples.get(runner.name)!.push(await sampleOf(runner));
  }
  return new Map(
    runners.map(({ name, server }) => [name, summaryOf(samples.get(name)!, server.memoryMiB())]),
  );
}

async function sampleOf(runner: Runner): Promise<Sample> {
  await runner.before?.();
  await pause(settleMs);
  const before = runner.server.cpu.micros();
  const { count, wallMs, latenciesMs } = await runner.round();
  await pause(settleMs);
  return {
    cpu: (runner.server.cpu.micros() - before) / count,
    rate: (count / wallMs) * 1000,
    p50: median(latenciesMs),
    p99: percentile(latenciesMs, 0.99),
  };
}

function summaryOf(samples: readonly Sample[], memoryMiB: number): Summary {
  const of = (key: keyof Sample): number[] => samples.map((sample) => sample[key]);
  return {
    cpuMin: minimum(of('cpu')),
    cpuMedian: median(of('cpu')),
    rateMedian: median(of('rate')),
    rateMax: Math.max(...of('rate')),
    p50Min: minimum(of('p50')),
    p50Median: median(of('p50')),
    p99Median: median(of('p99')),
    memoryMiB,
  };
}
