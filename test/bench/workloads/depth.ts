// Growth: what the last tenth of ten million records costs beside the first, what they leave in
// memory, what opening them takes, and how soon any moment of them is found.
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../client.ts';
import type { Contender } from '../contenders.ts';
import { newFolder, removeFolder } from '../folders.ts';
import { bytesRead } from '../processCpu.ts';
import { putRecordsRequests, requestOf } from '../requests.ts';
import type { BenchServer } from '../server.ts';
import { median, minimum, percentile } from '../statistics.ts';
import { checkPut, countRecords, createStream, drain, fill } from '../streams.ts';
import { type Table, tableOf } from '../table.ts';
import { type Run, takingPart, type Workload } from '../workload.ts';

const stream = 'deep';
const shard = 'shardId-000000000000';
const recordBytes = 200;
const batchRecords = 500;
const tenths = 10;
/** Other records, put before the first tenth, so that it does not pay for compiling. */
const warmUp = { name: 'warm-up', shards: 1, records: 500_000 };

/** The measured values, each a row of the table and a figure. */
type Values = Map<string, { readonly value: number; readonly text: string }>;

interface Filled {
  /** When the first and the last record were put, in milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Puts all records, a tenth at a time. */
async function putAll(server: BenchServer, values: Values, records: number): Promise<Filled> {
  const client = await Client.open(server.port, 4);
  await createStream(client, warmUp);
  await fill(client, { stream: warmUp.name, records: warmUp.records, bytes: recordBytes });
  await createStream(client, { name: stream, shards: 1 });
  const shape = { records: batchRecords, bytes: recordBytes, count: 64 };
  const requests = putRecordsRequests(stream, shape);
  const fromMs = Date.now();
  let toMs = fromMs;
  const cpus: number[] = [];
  for (let tenth = 0; tenth < tenths; tenth++) {
    const before = server.cpuMicros();
    await client.drive(records / tenths / batchRecords, { requests, check: checkPut });
    toMs = Date.now();
    await pause(20);
    cpus.push((server.cpuMicros() - before) / (records / tenths));
    if (tenth === 0) await keepHeap(server, values, 'heap at a tenth, MiB');
  }
  await keepHeap(server, values, 'heap at the end, MiB');
  keep(values, 'first tenth, us a record', cpus[0]!);
  keep(values, 'last tenth, us a record', cpus.at(-1)!);
  keep(values, 'dearest tenth, us a record', Math.max(...cpus));
  client.close();
  return { fromMs, toMs };
}

function keep(values: Values, name: string, value: number, digits = 2): void {
  values.set(name, { value, text: value.toFixed(digits) });
}

async function keepHeap(server: BenchServer, values: Values, name: string): Promise<void> {
  keep(values, name, await server.heapMiB(), 1);
}

/** An iterator of the shard at a moment. */
async function iteratorAt(client: Client, atMs: number): Promise<string> {
  const input = {
    StreamName: stream,
    ShardId: shard,
    ShardIteratorType: 'AT_TIMESTAMP',
    Timestamp: atMs / 1000,
  };
  return (await client.call<{ ShardIterator: string }>('GetShardIterator', input)).ShardIterator;
}

/** What opening costs, from the start of the process to the first page of the stream. */
async function openCold(server: BenchServer, values: Values): Promise<void> {
  const client = await Client.open(server.port);
  const iterator = await iteratorAt(client, 0);
  await client.send(requestOf('GetRecords', { ShardIterator: iterator, Limit: 1 }));
  keep(values, 'opening, ms of CPU', server.cpuMicros() / 1000, 0);
  keep(values, 'opening, MiB read', bytesRead(server.pid) / 1024 ** 2, 1);
  client.close();
}

const timestampCount = 60;

interface Page {
  readonly Records: readonly { readonly ApproximateArrivalTimestamp: number }[];
}

/** Finds moments all over the stream: an iterator and the first record from it, each time. */
async function findMoments(server: BenchServer, values: Values, filled: Filled): Promise<void> {
  const client = await Client.open(server.port);
  const times: number[] = [];
  const cpuBefore = server.cpuMicros();
  for (let index = 0; index < timestampCount; index++) {
    // steps of the golden ratio: spread evenly, and never two neighbours in turn
    const share = ((index * 0.618034) % 1) * 0.99;
    const atMs = Math.floor(filled.fromMs + share * (filled.toMs - filled.fromMs));
    const began = performance.now();
    const iterator = await iteratorAt(client, atMs);
    const page = await client.call<Page>('GetRecords', { ShardIterator: iterator, Limit: 1 });
    times.push(performance.now() - began);
    const found = page.Records[0]?.ApproximateArrivalTimestamp ?? 0;
    if (found * 1000 < atMs) throw new Error(`at ${atMs} there was a record of ${found}`);
  }
  client.close();
  keep(values, 'AT_TIMESTAMP, ms the first time', times[0]!);
  keep(values, 'AT_TIMESTAMP, ms median', median(times));
  keep(values, 'AT_TIMESTAMP, ms 95 %', percentile(times, 0.95));
  keep(values, 'AT_TIMESTAMP, ms maximum', Math.max(...times));
  const cpuMicros = server.cpuMicros() - cpuBefore;
  keep(values, 'AT_TIMESTAMP, ms of CPU', cpuMicros / timestampCount / 1000);
}

const pagesPerDepth = 40;

/** CPU per record of a page of 1,000 near the start, in the middle, near the end. */
async function readAtDepths(server: BenchServer, values: Values, filled: Filled): Promise<void> {
  const client = await Client.open(server.port);
  const shares = [0.01, 0.5, 0.99];
  const cpus = new Map<number, number[]>(shares.map((share) => [share, []]));
  for (let round = 0; round < 5; round++) {
    for (const share of shares) {
      const atMs = filled.fromMs + share * (filled.toMs - filled.fromMs);
      const input = { ShardIterator: await iteratorAt(client, Math.floor(atMs)), Limit: 1000 };
      const request = requestOf('GetRecords', input);
      const before = server.cpuMicros();
      for (let page = 0; page < pagesPerDepth; page++) {
        const count = countRecords((await client.send(request)).body);
        if (count !== 1000) throw new Error(`a page at ${share} had ${count} records`);
      }
      cpus.get(share)!.push((server.cpuMicros() - before) / (pagesPerDepth * 1000));
    }
  }
  client.close();
  for (const [share, list] of cpus) {
    keep(values, `1,000 records at ${share * 100} %, us a record`, minimum(list));
  }
}

async function readWhole(server: BenchServer, values: Values, records: number): Promise<void> {
  const client = await Client.open(server.port);
  const before = server.cpuMicros();
  await drain(client, { stream, shard, records });
  keep(values, 'read whole, us a record', (server.cpuMicros() - before) / records);
  client.close();
  await keepHeap(server, values, 'heap after reading whole, MiB');
}

async function measure(contender: Contender, run: Run): Promise<Values> {
  const values: Values = new Map();
  const folder = newFolder('depth');
  const records = run.options.depth;
  try {
    run.say(`  ${records.toLocaleString('en')} records are put, and read again after a restart`);
    const first = await contender.start({ folder, hasHeapProbe: true });
    const filled = await putAll(first, values, records);
    await first.stop();
    const second = await contender.start({ folder, hasHeapProbe: true });
    await openCold(second, values);
    await findMoments(second, values, filled);
    await readAtDepths(second, values, filled);
    await readWhole(second, values, records);
    await second.stop();
    return values;
  } finally {
    removeFolder(folder);
  }
}

export const depth: Workload = {
  id: 'depth',
  title: 'Ten million records of 200 B in one shard',
  isSlow: true,
  run: async (run): Promise<Table> => {
    const [contender] = takingPart(run, ['written']);
    const values: Values = contender ? await measure(contender, run) : new Map();
    const figures = Object.fromEntries([...values].map(([name, { value }]) => [name, value]));
    run.figures.set('depth/written', figures);
    return tableOf(
      ['', 'written'],
      [...values].map(([name, { text }]) => [name, text]),
    );
  },
};
