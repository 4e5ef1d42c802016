// The same calls over keep-alive connections of HTTP/1.1 and over one shared session of h2c, with as
// many in flight, each on an engine of its own.
import { Client, type Driven } from '../client.ts';
import type { Runner } from '../compare.ts';
import type { Answer } from '../connection.ts';
import { driveShared } from '../http2Client.ts';
import { Http2Connection } from '../http2Connection.ts';
import { type Http2Request, http2RequestOf } from '../http2Requests.ts';
import { entryOf, requestOf } from '../requests.ts';
import type { BenchServer } from '../server.ts';
import { checkPut, countRecords, createStream, fill, shardsOf } from '../streams.ts';
import { comparison, type Workload } from '../workload.ts';

const stream = 'bench-shared';
const pageRecords = 10_000;

/** The same calls again and again. */
interface Calls {
  readonly operation: string;
  /** Of a round: an iterator expires. */
  inputs(): Promise<object[]>;
  readonly inFlight: number;
  /** Of a round. */
  readonly count: number;
  check(answer: Answer): void;
}

function puts(): Calls {
  const made = Array.from({ length: 512 }, () => ({
    StreamName: stream,
    ...entryOf({ bytes: 1024 }),
  }));
  const inputs = async (): Promise<object[]> => made;
  return { operation: 'PutRecord', inputs, inFlight: 16, count: 6000, check: checkPut };
}

/** One page that is there already. */
async function pages(client: Client): Promise<Calls> {
  await fill(client, { stream, records: pageRecords, bytes: 200 });
  const [ShardId] = await shardsOf(client, stream);
  const start = { StreamName: stream, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
  const check = ({ body }: Answer): void => {
    const count = countRecords(body);
    if (count !== pageRecords) throw new Error(`a page had ${count} records`);
  };
  const inputs = async (): Promise<object[]> => {
    const { ShardIterator } = await client.call('GetShardIterator', start);
    return [{ ShardIterator, Limit: pageRecords }];
  };
  return { operation: 'GetRecords', inputs, inFlight: 4, count: 96, check };
}

interface Driver {
  before(): Promise<void>;
  drive(): Promise<Driven>;
}

async function overHttp1(port: number, calls: Calls): Promise<Driver> {
  const client = await Client.open(port, calls.inFlight);
  let requests: Buffer[] = [];
  return {
    before: async () => {
      requests = (await calls.inputs()).map((input) => requestOf(calls.operation, input));
      await client.refresh();
    },
    drive: () => client.drive(calls.count, { requests, check: calls.check }),
  };
}

async function overHttp2(port: number, calls: Calls): Promise<Driver> {
  const connection = await Http2Connection.open(port);
  const { operation, inFlight, check } = calls;
  let requests: Http2Request[] = [];
  return {
    before: async () => {
      const made = (await calls.inputs()).map((input) => http2RequestOf(operation, input));
      requests = await Promise.all(made);
    },
    drive: () => driveShared(connection, calls.count, { requests, inFlight, check }),
  };
}

const kinds = [
  { name: 'put HTTP/1.1', over: overHttp1, isPut: true },
  { name: 'put h2c', over: overHttp2, isPut: true },
  { name: 'page HTTP/1.1', over: overHttp1, isPut: false },
  { name: 'page h2c', over: overHttp2, isPut: false },
] as const;

const warmUpRounds = 3;

async function runnerOf(server: BenchServer, variant: number): Promise<Runner> {
  const { name, over, isPut } = kinds[variant]!;
  const client = await Client.open(server.port);
  await createStream(client, { name: stream, shards: isPut ? 4 : 1 });
  const calls = isPut ? puts() : await pages(client);
  const { before, drive } = await over(server.port, calls);
  const round = async () => ({ count: calls.count, ...(await drive()) });
  for (let index = 0; index < warmUpRounds; index++) {
    await before();
    await round();
  }
  const prefix = server.name === 'written' ? '' : `${server.name}, `;
  return { name: `${prefix}${name}`, process: server, before, round };
}

export const http2Shared: Workload = comparison({
  id: 'http2Shared',
  title: 'PutRecord, 1 KiB, 16 in flight, and GetRecords, 10,000 x 200 B, 4 in flight',
  unit: 'call',
  servers: ['written', 'baseline'],
  base: 'put HTTP/1.1',
  variants: kinds.map((_, variant) => variant),
  prepare: (server, { variant }) => runnerOf(server, variant),
});
