// Pages of 10,000 records of 200 B from one shard, beside a server that only encodes them.
import { Client } from '../client.ts';
import type { Round, Runner } from '../compare.ts';
import type { Contender } from '../contenders.ts';
import { requestOf } from '../requests.ts';
import type { BenchServer } from '../server.ts';
import { countRecords, createStream, drain, fill, shardsOf } from '../streams.ts';
import { comparison, type Workload } from '../workload.ts';

const pageRecords = 10_000;
const pages = 20;
const stream = 'bench-reads';

/** The limit has one page and gives it for every call. */
async function encodeRunner(server: BenchServer): Promise<Runner> {
  const client = await Client.open(server.port);
  const requests = [
    requestOf('GetRecords', { ShardIterator: 'A'.repeat(200), Limit: pageRecords }),
  ];
  const check = ({ body }: { body: Buffer }): void => {
    if (countRecords(body) !== pageRecords) throw new Error('the limit gave another page');
  };
  const round = async (): Promise<Round> => ({
    count: pages * pageRecords,
    ...(await client.drive(pages, { requests, check })),
  });
  await round();
  await round();
  return { name: server.name, process: server, before: () => client.refresh(), round };
}

/** Peers of which a page takes seconds are asked for a smaller shard, a few times a round. */
async function drainRunner(server: BenchServer, { pace }: Contender): Promise<Runner> {
  const records = pace.readRecords;
  const drains = records < pageRecords ? 3 : 1;
  const client = await Client.open(server.port);
  await createStream(client, { name: stream, shards: 1 });
  await fill(client, { stream, records, bytes: 200 });
  const [shard = ''] = await shardsOf(client, stream);
  const round = async (): Promise<Round> => {
    const latenciesMs: number[] = [];
    const began = performance.now();
    for (let index = 0; index < drains; index++) {
      latenciesMs.push(...(await drain(client, { stream, shard, records })).latenciesMs);
    }
    return { count: records * drains, wallMs: performance.now() - began, latenciesMs };
  };
  for (let index = 0; index < pace.warmUpRounds; index++) await round();
  return { name: server.name, process: server, before: () => client.refresh(), round };
}

export const getRecords: Workload = comparison({
  id: 'getRecords',
  title: 'GetRecords, 10,000 x 200 B',
  unit: 'record',
  servers: ['encode', 'written', 'baseline', 'kinesalite', 'kinesis-local', 'ferrokinesis'],
  base: 'encode',
  prepare: async (server, contender) => [
    contender.name === 'encode' ? await encodeRunner(server) : await drainRunner(server, contender),
  ],
});
