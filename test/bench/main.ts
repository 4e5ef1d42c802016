// npm run bench: the engine beside a server that stores nothing, in one run, interleaved.
import { randomBytes } from 'node:crypto';
import { Load } from './load.ts';
import { type Contender, interleave, type Sample } from './measure.ts';
import { type BenchServer, startEngine, startLimit } from './server.ts';

const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const stream = 'bench';
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const data = (bytes: number): string => randomBytes(bytes).toString('base64');

interface Workload {
  readonly title: string;
  readonly unit: string;
  readonly round: (load: Load) => () => Promise<number>;
  /** Which servers take part: the limit server cannot read. */
  readonly withLimit: boolean;
}

const putRecord: Workload = {
  title: 'PutRecord, 1 KiB, 16 connections',
  unit: 'call',
  withLimit: true,
  round: (load) => {
    const body = (index: number): string =>
      JSON.stringify({ StreamName: stream, PartitionKey: `key-${index % 1000}`, Data: payload });
    const payload = data(1024);
    return async () => {
      await load.run(6000, 16, (index) => ({ operation: 'PutRecord', body: body(index) }));
      return 6000;
    };
  },
};

const putRecords = (count: number, bytes: number, calls: number): Workload => ({
  title: `PutRecords, ${count} x ${bytes} B, 4 connections`,
  unit: 'record',
  withLimit: true,
  round: (load) => {
    const Records = Array.from({ length: count }, (_, index) => ({
      PartitionKey: `key-${index}`,
      Data: data(bytes),
    }));
    const body = JSON.stringify({ StreamName: stream, Records });
    return async () => {
      await load.run(calls, 4, () => ({ operation: 'PutRecords', body }));
      return calls * count;
    };
  },
});

/** Reads one shard from the horizon for twenty pages of 10,000. */
const getRecords: Workload = {
  title: 'GetRecords, pages of up to 10,000 records',
  unit: 'record',
  withLimit: false,
  round: (load) => async () => {
    const call = async (operation: string, input: object): Promise<Record<string, unknown>> =>
      JSON.parse(await load.call({ operation, body: JSON.stringify(input) }));
    let { ShardIterator: iterator } = await call('GetShardIterator', {
      StreamName: stream,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    let count = 0;
    for (let page = 0; page < 20; page++) {
      const answer = await call('GetRecords', { ShardIterator: iterator, Limit: 10_000 });
      count += (answer.Records as unknown[]).length;
      iterator = answer.NextShardIterator;
    }
    return count;
  },
};

async function compare(workload: Workload, servers: BenchServer[]): Promise<void> {
  const loads = servers.map((server) => new Load(server.endpoint, 16));
  const contenders: Contender[] = servers.map((server, index) => ({
    name: server.name,
    server,
    round: workload.round(loads[index]!),
  }));
  const results = await interleave(rounds, contenders);
  say(`\n${workload.title} (${rounds} rounds, medians)`);
  const base = results.get('limit') ?? [...results.values()][0]!;
  for (const [name, sample] of results) say(line(name, sample, { base, unit: workload.unit }));
  for (const load of loads) load.close();
}

function line(
  name: string,
  sample: Sample,
  { base, unit }: { base: Sample; unit: string },
): string {
  const cpu = `${sample.cpu.toFixed(2)} us CPU per ${unit}`.padEnd(26);
  const rate = `${Math.round(sample.rate).toLocaleString('en')} ${unit}s/s`.padEnd(24);
  return `  ${name.padEnd(16)} ${cpu} ${rate} ${(sample.cpu / base.cpu).toFixed(2)} x`;
}

async function createStream(server: BenchServer): Promise<void> {
  const load = new Load(server.endpoint, 1);
  await load.call({
    operation: 'CreateStream',
    body: JSON.stringify({ StreamName: stream, ShardCount: 4 }),
  });
  const input = {
    operation: 'DescribeStreamSummary',
    body: JSON.stringify({ StreamName: stream }),
  };
  while (!(await load.call(input)).includes('"ACTIVE"'));
  load.close();
}

const limit = await startLimit();
const engines = [await startEngine('written'), await startEngine('synced')];
await Promise.all(engines.map(createStream));
say('start to first line, and memory then');
for (const server of [limit, ...engines]) {
  say(
    `  ${server.name.padEnd(16)} ${server.startMs.toFixed(0)} ms, ${server.memory().toFixed(0)} MiB`,
  );
}
const workloads = [putRecord, putRecords(500, 1024, 40), putRecords(100, 100, 200), getRecords];
for (const workload of workloads) {
  await compare(workload, workload.withLimit ? [limit, ...engines] : engines);
}
say('\nmemory at the end');
for (const server of engines) say(`  ${server.name.padEnd(16)} ${server.memory().toFixed(0)} MiB`);
for (const server of [limit, ...engines]) await server.stop();
