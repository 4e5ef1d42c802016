// Workloads that put records: batches over 4 connections, single records over 16.

import { Client } from '../client.ts';
import type { Round, Runner } from '../compare.ts';
import type { Answer } from '../connection.ts';
import type { Contender } from '../contenders.ts';
import { putRecordRequests, putRecordsRequests } from '../requests.ts';
import type { BenchServer } from '../server.ts';
import { createStream, type Workload } from '../workload.ts';

interface Puts {
  readonly connections: number;
  /** Of a round, for a server with a share of 1. */
  readonly calls: number;
  readonly recordsPerCall: number;
  readonly shards: number;
  requests(stream: string): Buffer[];
}

const batch = (records: number, bytes: number, calls: number, shards = 4): Puts => ({
  connections: 4,
  calls,
  recordsPerCall: records,
  shards,
  requests: (stream) => putRecordsRequests(stream, { records, bytes, count: 16 }),
});

const single = (connections: number, calls: number): Puts => ({
  connections,
  calls,
  recordsPerCall: 1,
  shards: 4,
  requests: (stream) => putRecordRequests(stream, { bytes: 1024, count: 512 }),
});

const allStored = Buffer.from('"FailedRecordCount":0');
const hasNumber = Buffer.from('"SequenceNumber":"');

/** Throws unless every record of a put was stored. */
function checkPut({ body }: Answer): void {
  const isBatch = body.includes('"Records"');
  if (!body.includes(isBatch ? allStored : hasNumber)) {
    throw new Error(`a put was not stored: ${body.toString('utf8', 0, 300)}`);
  }
}

/** Rounds before the first measured one, so that a server's code is compiled. */
const warmUpRounds = 2;

async function putRunner(server: BenchServer, puts: Puts, share: number): Promise<Runner> {
  const stream = `bench-${puts.shards}`;
  await createStream(server, { name: stream, shards: puts.shards });
  const client = await Client.open(server.port, puts.connections);
  const requests = puts.requests(stream);
  const calls = Math.max(puts.connections, Math.round(puts.calls * share));
  const round = async (): Promise<Round> => ({
    count: calls * puts.recordsPerCall,
    ...(await client.drive(calls, { requests, check: checkPut })),
  });
  for (let index = 0; index < warmUpRounds; index++) await round();
  return { name: server.name, server, round };
}

const prepareOf =
  (puts: Puts) =>
  async (server: BenchServer, { share }: Contender): Promise<Runner[]> => [
    await putRunner(server, puts, share),
  ];

const writers = ['limit', 'written', 'synced', 'baseline'];

export const putRecords500: Workload = {
  id: 'putRecords500',
  title: 'PutRecords, 500 x 1 KiB, 4 connections',
  unit: 'record',
  servers: writers,
  base: 'limit',
  prepare: prepareOf(batch(500, 1024, 60)),
};

export const putRecords100: Workload = {
  id: 'putRecords100',
  title: 'PutRecords, 100 x 100 B, 4 connections',
  unit: 'record',
  servers: writers,
  base: 'limit',
  prepare: prepareOf(batch(100, 100, 500)),
};

export const putRecord16: Workload = {
  id: 'putRecord16',
  title: 'PutRecord, 1 KiB, 16 connections',
  unit: 'call',
  servers: writers,
  base: 'limit',
  prepare: prepareOf(single(16, 6000)),
};
