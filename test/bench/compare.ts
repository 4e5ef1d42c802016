// Rounds that are comparable: everything that is compared runs in the same rounds, one after the
// other, forwards and backwards in turn (A B B A), so that what drifts meets all alike.
import { setTimeout as pause } from 'node:timers/promises';
import { median, minimum, percentile } from './statistics.ts';

/** The process that does the work: a server, or the client itself. */
export interface Measured {
  /** Microseconds of CPU so far, over all threads. */
  cpuMicros(): number;
  memoryMiB(): number;
}

/** What one round did. */
export interface Round {
  /** Records or calls. */
  readonly count: number;
  readonly wallMs: number;
  readonly latenciesMs: Iterable<number>;
}

export interface Runner {
  readonly name: string;
  readonly process: Measured;
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
    runners.map((runner) => [
      runner.name,
      summaryOf(samples.get(runner.name)!, runner.process.memoryMiB()),
    ]),
  );
}

async function sampleOf(runner: Runner): Promise<Sample> {
  await runner.before?.();
  await pause(settleMs);
  const before = runner.process.cpuMicros();
  const { count, wallMs, latenciesMs } = await inTime(runner);
  await pause(settleMs);
  return {
    cpu: (runner.process.cpuMicros() - before) / count,
    rate: (count / wallMs) * 1000,
    p50: median(latenciesMs),
    p99: percentile(latenciesMs, 0.99),
  };
}

/** A round that takes longer is a server that hangs; the run must not hang with it. */
const roundMsMax = 180_000;

async function inTime({ name, round }: Runner): Promise<Round> {
  const alarm = new AbortController();
  const late = pause(roundMsMax, undefined, { signal: alarm.signal }).then(() => {
    throw new Error(`${name} did not finish a round in ${roundMsMax / 1000} s`);
  });
  try {
    return await Promise.race([round(), late]);
  } finally {
    late.catch(() => {});
    alarm.abort();
  }
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
