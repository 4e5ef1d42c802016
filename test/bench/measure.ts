// Rounds, medians and ratios. Everything that is compared runs in the same rounds, one after the other.
import type { BenchServer } from './server.ts';

export interface Sample {
  /** Server CPU in microseconds per record or call. */
  readonly cpu: number;
  /** Records or calls a second. */
  readonly rate: number;
}

export interface Contender {
  readonly name: string;
  /** Does one round of work; resolves to the number of records or calls it made. */
  readonly round: () => Promise<number>;
  readonly server: BenchServer;
}

/** Runs every contender once a round, in turns that start with another each time. */
export async function interleave(
  rounds: number,
  contenders: Contender[],
): Promise<Map<string, Sample>> {
  const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]));
  for (const { round } of contenders) await round(); // warm-up
  for (let index = 0; index < rounds; index++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(index + turn) % contenders.length]!;
      samples.get(contender.name)?.push(await sampleOf(contender));
    }
  }
  return new Map([...samples].map(([name, list]) => [name, medianSample(list)]));
}

async function sampleOf({ round, server }: Contender): Promise<Sample> {
  const cpu = server.cpu();
  const began = performance.now();
  const count = await round();
  const seconds = (performance.now() - began) / 1000;
  return { cpu: (server.cpu() - cpu) / count, rate: count / seconds };
}

function medianSample(list: Sample[]): Sample {
  return { cpu: median(list.map(({ cpu }) => cpu)), rate: median(list.map(({ rate }) => rate)) };
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
