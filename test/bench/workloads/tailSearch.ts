// A million rows of 200 B JSON held by a tail: what one more costs, and what finding among them takes.
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../../src/base/clock.ts';
import { plainDecoder } from '../../../src/decode/decodeRecord.ts';
import { Ring } from '../../../src/tail/ring.ts';
import { type TailSource, type TailStatus, TailTab } from '../../../src/tail/tailTab.ts';
import { nodeClock } from '../../../src/worker/nodeClock.ts';
import { timeBox } from '../../../src/worker/timeBox.ts';
import { minimum } from '../statistics.ts';
import { type Table, tableOf } from '../table.ts';
import type { Run, Workload } from '../workload.ts';

const rows = 1_000_000;
const few = 1000;
const pageRows = 1000;
const appended = 100_000;
const GIB = 1024 ** 3;
const utf8 = new TextEncoder();
const airports = ['ATL', 'BOS', 'DEN', 'DFW', 'JFK', 'LAX', 'ORD', 'SFO'];

/** About 200 bytes; one of a thousand is late, by `$.late`. */
function documentOf(index: number): Uint8Array {
  const text = JSON.stringify({
    id: index,
    origin: airports[index % 8],
    destination: airports[(index * 7 + 3) % 8],
    date: '2001-02-11T14:05',
    carrier: { code: 'UA', name: 'United Air Lines Inc.' },
    delay: index % 1000,
    late: index % 1000 === 999 ? 'very' : 'no',
    note: `flight ${index} at gate ${index % 60}, on its way`,
  });
  return utf8.encode(text.padEnd(200));
}

/** A ring in which pages arrive as a tail brings them. */
class Filling {
  readonly ring: Ring;
  private next = 0;

  constructor(rowsMax: number) {
    this.ring = new Ring({ rowsMax, bytesMax: GIB });
  }

  page(): void {
    const slots: number[] = [];
    for (let index = 0; index < pageRows; index++, this.next++) {
      slots.push(
        this.ring.keepRecord({
          shardId: 'shardId-000000000000',
          arrivedMs: this.next,
          orderMs: this.next,
          sequenceNumber: `4967${String(this.next).padStart(52, '0')}`,
          partitionKey: airports[this.next % 8]!,
          data: documents[this.next % documents.length]!,
        }),
      );
    }
    this.ring.show(slots);
  }

  async fill(count: number): Promise<void> {
    for (let at = 0; at < count; at += pageRows) {
      this.page();
      if (at % 50_000 === 0) await pause(0);
    }
  }
}

const documents = Array.from({ length: 10_000 }, (_, index) => documentOf(index));

const cpuMicros = (): number => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};

/** Microseconds of CPU per row of `appended` more, of which as many of the oldest go. */
async function appending(filling: Filling): Promise<number> {
  const before = cpuMicros();
  for (let at = 0; at < appended; at += pageRows) filling.page();
  return (cpuMicros() - before) / appended;
}

/** The clock of a tab, which measures what it lets run. */
class SlicedClock implements Clock {
  slicesMs: number[] = [];
  readonly now = (): number => nodeClock.now();
  readonly monotonic = (): number => nodeClock.monotonic();

  schedule(delayMs: number, task: () => void) {
    return nodeClock.schedule(delayMs, () => this.measure(task));
  }

  measure(task: () => void): void {
    const before = cpuMicros();
    task();
    this.slicesMs.push((cpuMicros() - before) / 1000);
  }
}

interface Found {
  readonly cpuMs: number;
  readonly longestSliceMs: number;
  readonly firstMatches: number;
  readonly matches: number;
}

function tabOf(ring: Ring, clock: Clock): TailTab {
  const source: TailSource = {
    ring,
    clock,
    shardCount: 1,
    lateRows: 0,
    hasRowsOfBefore: false,
    isStartingAnew: false,
    start: { type: 'TRIM_HORIZON' },
    startedMs: 0,
    shard: () => undefined,
    status: () => ({}) as TailStatus,
  };
  return new TailTab(source, { tail: 1, decoder: plainDecoder, timeBox, tick: () => undefined });
}

async function find(ring: Ring, text: string): Promise<Found> {
  const clock = new SlicedClock();
  const tab = tabOf(ring, clock);
  clock.measure(() => tab.filter({ text }));
  const firstMatches = tab.view.matching;
  while (!tab.view.isComplete) await pause(1);
  const matches = tab.view.matching;
  tab.dispose();
  const cpuMs = clock.slicesMs.reduce((sum, one) => sum + one, 0);
  return { cpuMs, longestSliceMs: Math.max(...clock.slicesMs), firstMatches, matches };
}

const queries = {
  word: 'very',
  path: '$.late = "very"',
  expression: '/"late":"v.ry"/',
} as const;

async function measure(run: Run): Promise<Table> {
  const [large, small] = [new Filling(rows), new Filling(few)];
  await small.fill(few);
  await large.fill(rows);
  const appends = { large: [] as number[], small: [] as number[] };
  const found = new Map<string, Found[]>(Object.keys(queries).map((name) => [name, []]));
  for (let round = 0; round < run.options.rounds; round++) {
    appends.large.push(await appending(large));
    appends.small.push(await appending(small));
    for (const [name, text] of Object.entries(queries)) {
      found.get(name)!.push(await find(large.ring, text));
    }
  }
  const [largeMicros, smallMicros] = [minimum(appends.large), minimum(appends.small)];
  run.figures.set('tailSearch/append', { largeMicros, smallMicros });
  const table: string[][] = [
    ['one more of 1,000,000 rows', largeMicros.toFixed(2), 'us', ''],
    ['one more of 1,000 rows', smallMicros.toFixed(2), 'us', ''],
  ];
  for (const [name, list] of found) {
    const cpuMs = minimum(list.map((one) => one.cpuMs));
    const longestSliceMs = minimum(list.map((one) => one.longestSliceMs));
    const firstMatches = minimum(list.map((one) => one.firstMatches));
    const { matches } = list[0]!;
    if (matches !== rows / 1000) throw new Error(`${name} found ${matches} rows`);
    run.figures.set(`tailSearch/${name}`, {
      cpuMs,
      longestSliceMs,
      noneAtFirst: Number(firstMatches === 0),
    });
    table.push([
      `${name}: ${queries[name as keyof typeof queries]}`,
      cpuMs.toFixed(0),
      'ms',
      `longest slice ${longestSliceMs.toFixed(1)} ms, ${firstMatches} found in the first`,
    ]);
  }
  return tableOf(['', 'CPU', 'unit', ''], table);
}

export const tailSearch: Workload = {
  id: 'tailSearch',
  title: 'A million rows of 200 B JSON held by a tail',
  run: measure,
};
