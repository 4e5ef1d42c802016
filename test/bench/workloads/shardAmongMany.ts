// One shard among many: 64 shards whose records lie interleaved, drained one after the other by an
// engine that has just been started, beside the same number of records in one shard.
import { Client } from '../client.ts';
import type { Contender } from '../contenders.ts';
import { newFolder, removeFolder } from '../folders.ts';
import { bytesRead } from '../processCpu.ts';
import { keyBytes } from '../requests.ts';
import type { BenchServer } from '../server.ts';
import { median, minimum } from '../statistics.ts';
import { createStream, drain, fill, shardsOf } from '../streams.ts';
import { type Table, tableOf } from '../table.ts';
import { type Run, takingPart, type Workload } from '../workload.ts';

const recordBytes = 200;
/** Several segments, so that next to nothing of it is in the engine's memory of newest records. */
const records = 512_000;
const warmUp = { name: 'warm-up', shards: 1, records: 100_000 };

/** The two that are compared. */
const streams = [
  { name: 'one shard', stream: 'one', shards: 1 },
  { name: '64 shards', stream: 'many', shards: 64 },
] as const;

async function fillFolder(contender: Contender, folder: string): Promise<void> {
  const server = await contender.start({ folder });
  const client = await Client.open(server.port, 4);
  await createStream(client, warmUp);
  await fill(client, { stream: warmUp.name, records: warmUp.records, bytes: recordBytes });
  for (const { stream, shards } of streams) {
    await createStream(client, { name: stream, shards });
    await fill(client, { stream, records, bytes: recordBytes });
  }
  client.close();
  await server.stop();
}

/** Reads a stream's shards, one after the other, to their tips. */
async function drainAll(client: Client, stream: string): Promise<number> {
  let count = 0;
  for (const shard of await shardsOf(client, stream)) {
    count += (await drain(client, { stream, shard })).count;
  }
  return count;
}

interface Cold {
  /** Microseconds per record. */
  readonly cpu: number;
  /** Bytes read by system calls, per byte of the records returned. */
  readonly readPerByte: number;
}

/** The stream is cold, the engine's code is not: another stream was read before. */
async function drainCold(server: BenchServer, stream: string): Promise<Cold> {
  const client = await Client.open(server.port);
  for (let index = 0; index < 2; index++) await drainAll(client, warmUp.name);
  const [cpu, read] = [server.cpuMicros(), bytesRead(server.pid)];
  const count = await drainAll(client, stream);
  if (count !== records) throw new Error(`${stream} gave ${count} records, not ${records}`);
  const returned = count * (recordBytes + keyBytes);
  client.close();
  return {
    cpu: (server.cpuMicros() - cpu) / count,
    readPerByte: (bytesRead(server.pid) - read) / returned,
  };
}

async function runOn(contender: Contender, run: Run): Promise<Table> {
  const folder = newFolder('many');
  try {
    await fillFolder(contender, folder);
    const found = new Map<string, Cold[]>(streams.map(({ name }) => [name, []]));
    for (let round = 0; round < run.options.rounds; round++) {
      for (const { name, stream } of round % 2 === 0 ? streams : streams.toReversed()) {
        const server = await contender.start({ folder });
        found.get(name)!.push(await drainCold(server, stream));
        await server.stop();
      }
    }
    return resultOf(run, found);
  } finally {
    removeFolder(folder);
  }
}

function resultOf(run: Run, found: ReadonlyMap<string, readonly Cold[]>): Table {
  const rows = [...found].map(([name, list]) => {
    const cpus = list.map(({ cpu }) => cpu);
    const readPerByte = Math.max(...list.map((cold) => cold.readPerByte));
    run.figures.set(`shardAmongMany/${name}`, { cpuMin: minimum(cpus), readPerByte });
    return [name, minimum(cpus).toFixed(2), median(cpus).toFixed(2), readPerByte.toFixed(2)];
  });
  return tableOf(['', 'CPU us min', 'median', 'bytes read per byte returned'], rows);
}

export const shardAmongMany: Workload = {
  id: 'shardAmongMany',
  title: 'A cold stream of 512,000 x 200 B drained shard by shard, CPU per record',
  run: async (run) => {
    const [contender] = takingPart(run, ['written']);
    return contender ? runOn(contender, run) : tableOf([''], []);
  },
};
