// The window's worker alone on a tail at 20,000 records a second: it takes all of them, at what CPU and memory.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { compareDecimals } from '../../../src/base/decimals.ts';
import type { RecordRow } from '../../../src/protocol/tail.ts';
import { Client } from '../client.ts';
import type { Contender } from '../contenders.ts';
import { newFolder, removeFolder } from '../folders.ts';
import { putRecordsRequests } from '../requests.ts';
import { createStream } from '../streams.ts';
import { type Table, tableOf } from '../table.ts';
import { TailWorker } from '../tailWorker.ts';
import { type Run, takingPart, type Workload } from '../workload.ts';

const stream = 'bench-tail';
const shards = 4;
const recordBytes = 1024;
const recordsPerSecond = 20_000;
const batchRecords = 500;
const MIB = 1024 * 1024;
const bounds = { rowsMax: 100_000, bytesMax: 64 * MIB, windowBytesMax: 256 * MIB };
const seconds = { usual: 15, closing: 60 };

interface Acknowledged {
  count: number;
  /** Of each shard, the last numbers, more than a tail holds. */
  readonly numbers: Map<string, string[]>;
}

/** Half of what is kept goes when there is twice as much. */
const numbersKept = 100_000;

function take(acknowledged: Acknowledged, body: Buffer): void {
  const { Records } = JSON.parse(body.toString()) as {
    Records: { ShardId?: string; SequenceNumber?: string }[];
  };
  for (const { ShardId, SequenceNumber } of Records) {
    if (!ShardId || !SequenceNumber)
      throw new Error(`not stored: ${body.toString('utf8', 0, 300)}`);
    const numbers = acknowledged.numbers.get(ShardId) ?? [];
    acknowledged.numbers.set(ShardId, numbers);
    numbers.push(SequenceNumber);
    if (numbers.length >= 2 * numbersKept) numbers.splice(0, numbersKept);
    acknowledged.count++;
  }
}

/** Puts at the rate for so long; a put that is late is not left out. */
async function putFor(client: Client, forSeconds: number): Promise<Acknowledged> {
  const requests = putRecordsRequests(stream, {
    bytes: recordBytes,
    records: batchRecords,
    count: 32,
  });
  const acknowledged: Acknowledged = { count: 0, numbers: new Map() };
  const began = performance.now();
  const calls = (forSeconds * recordsPerSecond) / batchRecords;
  for (let call = 0; call < calls; call++) {
    const dueMs = began + (call * batchRecords * 1000) / recordsPerSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 1) await pause(waitMs);
    take(acknowledged, (await client.send(requests[call % requests.length]!)).body);
  }
  return acknowledged;
}

/** Throws unless what is held of each shard is what was acknowledged last, in its order. */
function checkHeld(held: readonly RecordRow[], { numbers }: Acknowledged): void {
  for (const [shardId, known] of numbers) {
    const shown = held.flatMap((row) => (row.shardId === shardId ? [row.sequenceNumber] : []));
    const last = known.toSorted(compareDecimals).slice(-shown.length);
    if (shown.length === 0 || shown.some((number, index) => number !== last[index])) {
      throw new Error(`of ${shardId} others are held than were acknowledged`);
    }
  }
}

interface Followed {
  readonly cpuMs: number;
  readonly heldMiB: number;
  readonly ticksPerSecond: number;
  readonly rate: number;
}

async function untilReceived(worker: TailWorker, wanted: number): Promise<void> {
  for (let waited = 0; worker.tick.received < wanted && waited < 200; waited++) await pause(50);
}

async function follow(contender: Contender, forSeconds: number): Promise<Followed> {
  const folder = newFolder('tail');
  const server = await contender.start({ folder, settings: ['--limits', 'off'] });
  const client = await Client.open(server.port);
  await createStream(client, { name: stream, shards });
  const { nonce } = JSON.parse(readFileSync(path.join(folder, 'lock'), 'utf8'));
  const worker = await TailWorker.start({ port: server.port, nonce });
  try {
    const tail = await worker.open({ stream, start: { type: 'LATEST' }, ...bounds });
    const { count: warm } = await putFor(client, 2);
    await untilReceived(worker, warm);
    const before = await worker.usage();
    const [began, ticks] = [performance.now(), worker.tickCount];
    const acknowledged = await putFor(client, forSeconds);
    const tookMs = performance.now() - began;
    const wanted = warm + acknowledged.count;
    await untilReceived(worker, wanted);
    const after = await worker.usage();
    const { received } = worker.tick;
    if (received !== wanted) throw new Error(`${received} records were taken of ${wanted}`);
    checkHeld(await worker.held(tail), acknowledged);
    return {
      cpuMs: (after.cpuMicros - before.cpuMicros) / acknowledged.count,
      heldMiB: after.heldBytes / MIB,
      ticksPerSecond: ((worker.tickCount - ticks) * 1000) / tookMs,
      rate: (acknowledged.count * 1000) / tookMs,
    };
  } finally {
    client.close();
    await worker.stop();
    await server.stop();
    removeFolder(folder);
  }
}

export const tailFollow: Workload = {
  id: 'tailFollow',
  title: 'A tail at 20,000 records a second of 1 KiB, the window’s worker',
  run: async (run: Run): Promise<Table> => {
    const rows: string[][] = [];
    for (const contender of takingPart(run, ['written', 'baseline'])) {
      const followed = await follow(
        contender,
        run.options.isClosing ? seconds.closing : seconds.usual,
      );
      run.figures.set(`tailFollow/${contender.name}`, { ...followed });
      const { cpuMs, heldMiB, ticksPerSecond, rate } = followed;
      rows.push([
        contender.name,
        cpuMs.toFixed(2),
        heldMiB.toFixed(1),
        ticksPerSecond.toFixed(1),
        Math.round(rate).toLocaleString('en'),
      ]);
    }
    return tableOf(
      ['', 'CPU ms per 1,000', 'MiB after a collection', 'ticks/s', 'records/s'],
      rows,
    );
  },
};
