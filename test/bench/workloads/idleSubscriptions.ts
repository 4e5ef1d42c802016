// What a thousand subscriptions cost that nothing is put for: CPU of their beats, and memory.
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../client.ts';
import { registerConsumers, subscriptionTo } from '../consumers.ts';
import type { Contender } from '../contenders.ts';
import { Http2Connection } from '../http2Connection.ts';
import { http2RequestOf } from '../http2Requests.ts';
import type { BenchServer } from '../server.ts';
import { minimum } from '../statistics.ts';
import { createStream, shardsOf } from '../streams.ts';
import { type Table, tableOf } from '../table.ts';
import { type Run, takingPart, type Workload } from '../workload.ts';

const stream = 'bench-idle';
const shards = 50;
const consumers = 20;
const subscriptions = shards * consumers;
/** Three beats; a closing run takes the least of three such times. */
const idleMs = 15_000;
/** What opening them set going is over by then. */
const settleMs = 2000;

interface Memory {
  readonly residentMiB: number;
  /** On the heap and outside it. */
  readonly heapMiB: number;
}

/** After a collection, for what was garbage already is nobody's. */
async function memoryOf(server: BenchServer): Promise<Memory> {
  const heapMiB = await server.heapMiB();
  return { residentMiB: server.memoryMiB(), heapMiB };
}

/** A session for each consumer, as an application of one consumer has it. */
async function subscribeAll(
  port: number,
  { arns, shardIds }: { arns: readonly string[]; shardIds: readonly string[] },
): Promise<Http2Connection[]> {
  const sessions: Http2Connection[] = [];
  for (const arn of arns) {
    const session = await Http2Connection.open(port);
    sessions.push(session);
    const opened = shardIds.map(async (shard) => {
      const request = await http2RequestOf('SubscribeToShard', subscriptionTo(arn, shard));
      await session.subscribe(request, () => undefined);
    });
    await Promise.all(opened);
  }
  return sessions;
}

/** Of a core. */
async function idleShare(server: BenchServer): Promise<number> {
  const [cpu, began] = [server.cpuMicros(), performance.now()];
  await pause(idleMs);
  return (server.cpuMicros() - cpu) / ((performance.now() - began) * 1000);
}

interface Idle {
  readonly corePercent: number;
  readonly residentKiB: number;
  readonly heapKiB: number;
}

async function measure(server: BenchServer, times: number): Promise<Idle> {
  const client = await Client.open(server.port);
  await createStream(client, { name: stream, shards });
  const arns = await registerConsumers(client, { stream, count: consumers });
  const shardIds = await shardsOf(client, stream);
  client.close();
  // the code of HTTP/2 and of subscriptions is loaded once, however many there are
  const [other = ''] = arns;
  const first = await subscribeAll(server.port, { arns: [other], shardIds: shardIds.slice(0, 1) });
  for (const session of first) session.close();
  await pause(settleMs);
  const before = await memoryOf(server);
  const sessions = await subscribeAll(server.port, { arns, shardIds });
  await pause(settleMs);
  const shares: number[] = [];
  for (let index = 0; index < times; index++) shares.push(await idleShare(server));
  const after = await memoryOf(server);
  for (const session of sessions) session.close();
  const each = (key: keyof Memory): number => ((after[key] - before[key]) * 1024) / subscriptions;
  return {
    corePercent: minimum(shares) * 100,
    residentKiB: each('residentMiB'),
    heapKiB: each('heapMiB'),
  };
}

async function runOn(contender: Contender, run: Run): Promise<string[]> {
  const server = await contender.start({ hasHeapProbe: true });
  const idle = await measure(server, run.options.isClosing ? 3 : 1);
  await server.stop();
  run.figures.set(`idleSubscriptions/${contender.name}`, { ...idle });
  const { corePercent, residentKiB, heapKiB } = idle;
  return [contender.name, corePercent.toFixed(2), residentKiB.toFixed(1), heapKiB.toFixed(1)];
}

export const idleSubscriptions: Workload = {
  id: 'idleSubscriptions',
  title: `${subscriptions.toLocaleString('en')} idle subscriptions over h2c: ${consumers} consumers on ${shards} shards`,
  run: async (run): Promise<Table> => {
    const rows: string[][] = [];
    for (const contender of takingPart(run, ['written', 'baseline'])) {
      rows.push(await runOn(contender, run));
    }
    return tableOf(['', '% of a core', 'resident KiB each', 'heap and external KiB each'], rows);
  },
};
