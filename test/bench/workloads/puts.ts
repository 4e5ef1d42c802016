// Workloads that put records: batches over 4 connections, single records over 16.
import { Client } from '../client.ts';
import type { Round, Runner } from '../compare.ts';
import type { Answer } from '../connection.ts';
import type { Contender } from '../contenders.ts';
import { putRecordRequests, putRecordsRequests } from '../requests.ts';
import type { BenchServer } from '../server.ts';
import { checkPut, createStream, recreateStream } from '../streams.ts';
import { comparison, type Workload } from '../workload.ts';

export interface Puts {
  readonly connections: number;
  /** Of a round, for a server with a share of 1. */
  readonly calls: number;
  readonly recordsPerCall: number;
  readonly shards: number;
  requests(stream: string): Buffer[];
}

const batch = (records: number, bytes: number, calls: number): Puts => ({
  connections: 4,
  calls,
  recordsPerCall: records,
  shards: 4,
  requests: (stream) => putRecordsRequests(stream, { records, bytes, count: 16 }),
});

/** Single puts of 1 KiB. */
export const single = (connections: number, calls: number): Puts => ({
  connections,
  calls,
  recordsPerCall: 1,
  shards: 4,
  requests: (stream) => putRecordRequests(stream, { bytes: 1024, count: 512 }),
});

interface PutTask {
  readonly puts: Puts;
  readonly contender: Contender;
  /** Of the runner; default: the server's. */
  readonly name?: string;
  /** Throws at a wrong answer; default: one in JSON. */
  readonly check?: (answer: Answer) => void;
}

/** Makes a stream, warms the server up, and puts in rounds. */
export async function putRunner(server: BenchServer, task: PutTask): Promise<Runner> {
  const { puts, name = server.name, check = checkPut } = task;
  const { share, warmUpRounds, hasFreshStreams } = task.contender.pace;
  const shape = { name: `bench-${puts.shards}`, shards: puts.shards };
  const client = await Client.open(server.port, puts.connections);
  await createStream(client, shape);
  const requests = puts.requests(shape.name);
  const calls = Math.max(puts.connections, Math.round(puts.calls * share));
  const before = async (): Promise<void> => {
    if (hasFreshStreams) await recreateStream(client, shape);
    await client.refresh();
  };
  const round = async (): Promise<Round> => ({
    count: calls * puts.recordsPerCall,
    ...(await client.drive(calls, { requests, check })),
  });
  for (let index = 0; index < warmUpRounds; index++) {
    await before();
    await round();
  }
  return { name, process: server, before, round };
}

const peers = ['kinesalite', 'kinesis-local', 'ferrokinesis', 'ferrokinesis durable'];
const writers = ['limit', 'written', 'synced', 'baseline', ...peers];

interface PutWorkload {
  readonly id: string;
  readonly title: string;
  readonly unit: 'record' | 'call';
}

const putting = (spec: PutWorkload, puts: Puts): Workload =>
  comparison({
    ...spec,
    servers: writers,
    base: 'limit',
    prepare: (server, { contender }) => putRunner(server, { puts, contender }),
  });

const batch500 = batch(500, 1024, 60);
const batch100 = batch(100, 100, 500);

/** The same batches to a stream of 1,000 shards and to one of 4, on a server each. */
const spreading = (spec: PutWorkload, puts: Puts): Workload =>
  comparison({
    ...spec,
    servers: ['written', 'baseline'],
    base: '4 shards',
    variants: [4, 1000],
    prepare: (server, { contender, variant }) => {
      const prefix = contender.name === 'written' ? '' : `${contender.name}, `;
      const name = `${prefix}${variant} shards`;
      return putRunner(server, { puts: { ...puts, shards: variant }, contender, name });
    },
  });

export const putWorkloads: readonly Workload[] = [
  putting(
    { id: 'putRecords500', title: 'PutRecords, 500 x 1 KiB, 4 connections', unit: 'record' },
    batch500,
  ),
  putting(
    { id: 'putRecords100', title: 'PutRecords, 100 x 100 B, 4 connections', unit: 'record' },
    batch100,
  ),
  spreading(
    { id: 'shards500', title: 'PutRecords, 500 x 1 KiB, 4 and 1,000 shards', unit: 'record' },
    batch500,
  ),
  spreading(
    { id: 'shards100', title: 'PutRecords, 100 x 100 B, 4 and 1,000 shards', unit: 'record' },
    batch100,
  ),
  putting(
    { id: 'putRecord16', title: 'PutRecord, 1 KiB, 16 connections', unit: 'call' },
    single(16, 6000),
  ),
];
