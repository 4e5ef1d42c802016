// The same calls in JSON and in CBOR, each on an engine of its own: CBOR must cost no more.
import { cbor } from '@smithy/core/cbor';
import { Client } from '../client.ts';
import type { Round, Runner } from '../compare.ts';
import type { Answer } from '../connection.ts';
import { entryOf, requestOf } from '../requests.ts';
import type { BenchServer } from '../server.ts';
import { checkPut, createStream, fill, shardsOf } from '../streams.ts';
import { comparison, type Workload } from '../workload.ts';
import { type Puts, putRunner } from './puts.ts';

const cborType = 'application/x-amz-cbor-1.1';
const names = ['JSON', 'CBOR'] as const;
const variants = names.map((_, variant) => variant);

/** A put of random records in CBOR. */
function cborPut(operation: string, input: object): Buffer {
  return requestOf(operation, input, { type: cborType, body: cbor.serialize(input) });
}

const binaryEntry = (bytes: number): object => {
  const { Data, PartitionKey } = entryOf({ bytes });
  return { Data: Buffer.from(Data, 'base64'), PartitionKey };
};

/** The answer's names are where they are in JSON, but for the quotes. */
function checkCborPut({ body }: Answer): void {
  const text = body.toString('latin1');
  const isStored = text.includes('FailedRecordCount')
    ? text.includes('FailedRecordCount\0')
    : text.includes('SequenceNumber');
  if (!isStored) throw new Error(`a put was not stored: ${text.slice(0, 300)}`);
}

interface Shape {
  readonly connections: number;
  readonly calls: number;
  readonly records: number;
  /** Data of a record. */
  readonly bytes: number;
  readonly different: number;
}

const requestsOf =
  ({ records, bytes, different }: Shape, variant: number) =>
  (StreamName: string) =>
    Array.from({ length: different }, () => {
      const entry = () => (variant === 0 ? entryOf({ bytes }) : binaryEntry(bytes));
      const make = variant === 0 ? requestOf : cborPut;
      if (records === 1) return make('PutRecord', { StreamName, ...entry() });
      return make('PutRecords', { StreamName, Records: Array.from({ length: records }, entry) });
    });

const putting = (id: string, title: string, shape: Shape): Workload =>
  comparison({
    id,
    title: `${title} in JSON and in CBOR`,
    unit: 'record',
    servers: ['written'],
    base: 'JSON',
    variants,
    prepare: (server, { contender, variant }) => {
      const { connections, calls, records } = shape;
      const requests = requestsOf(shape, variant);
      const puts: Puts = { connections, calls, recordsPerCall: records, shards: 4, requests };
      const check = variant === 0 ? checkPut : checkCborPut;
      return putRunner(server, { puts, contender, name: names[variant]!, check });
    },
  });

const pageRecords = 10_000;
const pages = 20;

/** The same page of one shard, again and again. */
async function pageRunner(server: BenchServer, variant: number): Promise<Runner> {
  const client = await Client.open(server.port);
  const stream = 'bench-pages';
  await createStream(client, { name: stream, shards: 1 });
  await fill(client, { stream, records: pageRecords, bytes: 200 });
  const [ShardId] = await shardsOf(client, stream);
  const { ShardIterator } = await client.call('GetShardIterator', {
    StreamName: stream,
    ShardId,
    ShardIteratorType: 'TRIM_HORIZON',
  });
  const input = { ShardIterator, Limit: pageRecords };
  const requests = [variant === 0 ? requestOf('GetRecords', input) : cborPut('GetRecords', input)];
  const bytesMin = pageRecords * 200;
  const check = ({ body }: Answer): void => {
    if (body.length < bytesMin) throw new Error(`a page had only ${body.length} bytes`);
  };
  const round = async (): Promise<Round> => ({
    count: pages * pageRecords,
    ...(await client.drive(pages, { requests, check })),
  });
  await round();
  await round();
  return { name: names[variant]!, process: server, before: () => client.refresh(), round };
}

export const encodings: readonly Workload[] = [
  putting('cborPut', 'PutRecord, 1 KiB, 16 connections,', {
    connections: 16,
    calls: 6000,
    records: 1,
    bytes: 1024,
    different: 512,
  }),
  putting('cborPuts', 'PutRecords, 500 x 1 KiB, 4 connections,', {
    connections: 4,
    calls: 60,
    records: 500,
    bytes: 1024,
    different: 16,
  }),
  putting('cborPuts100', 'PutRecords, 100 x 100 B, 4 connections,', {
    connections: 4,
    calls: 800,
    records: 100,
    bytes: 100,
    different: 64,
  }),
  comparison({
    id: 'cborPages',
    title: 'GetRecords, 10,000 x 200 B, in JSON and in CBOR',
    unit: 'record',
    servers: ['written'],
    base: 'JSON',
    variants,
    prepare: (server, { variant }) => pageRunner(server, variant),
  }),
];
