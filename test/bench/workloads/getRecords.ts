// Pages of 10,000 records of 200 B from one shard, beside a server that only encodes them.
import { Client } from '../client.ts';
import type { Round, Runner } from '../compare.ts';
import type { Contender } from '../contenders.ts';
import { requestOf } from '../requests.ts';
import type { BenchServer } from '../server.ts';
import { countRecords, createStream, drain, fill, fillSingly, shardsOf } from '../streams.ts';
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

/** Slow peers are asked for a smaller shard; it has one page of 10,000 at least. */
async function drainRunner(server: BenchServer, { pace }: Contender): Promise<Runner> {
  const records = pace.readRecords;
  const client = await Client.open(server.port, 4);
  await createStream(client, { name: stream, shards: 1 });
  // where batches cost more with every record of a shard, single puts are the sooner way
  const put = pace.hasFreshStreams ? fillSingly : fill;
  await put(client, { stream, records, bytes: 200 });
  const [shard = ''] = await shardsOf(client, stream);
  const round = async (): Promise<Round> => {
    const began = performance.now();
    const { count, latenciesMs } = await drain(client, { stream, shard, records });
    return { count, wallMs: performance.now() - began, latenciesMs };
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
  prepare: (server, { contender }) =>
    contender.name === 'encode' ? encodeRunner(server) : drainRunner(server, contender),
});
