// What the SDK for JavaScript does by default: a new session of h2c for each call, closed behind it.

import { Client } from '../client.ts';
import type { Round, Runner } from '../compare.ts';
import { drivePerCall } from '../http2Client.ts';
import { http2PutRequests } from '../http2Requests.ts';
import type { BenchServer } from '../server.ts';
import { checkPut, createStream } from '../streams.ts';
import { comparison, type Workload } from '../workload.ts';

const stream = 'bench-per-call';
const inFlight = 4;
const calls = 800;
const warmUpRounds = 5;

async function runnerOf(server: BenchServer): Promise<Runner> {
  if (server.name !== 'bare h2c') {
    const client = await Client.open(server.port);
    await createStream(client, { name: stream, shards: 4 });
    client.close();
  }
  const requests = await http2PutRequests(stream, { bytes: 1024, count: 512 });
  const round = async (): Promise<Round> => ({
    count: calls,
    ...(await drivePerCall(server.port, calls, { requests, inFlight, check: checkPut })),
  });
  for (let index = 0; index < warmUpRounds; index++) await round();
  return { name: server.name, process: server, round };
}

export const http2PerCall: Workload = comparison({
  id: 'http2PerCall',
  title: 'PutRecord, 1 KiB, a session of h2c for each call, 4 in flight',
  unit: 'call',
  servers: ['bare h2c', 'written', 'baseline'],
  base: 'bare h2c',
  prepare: (server) => runnerOf(server),
});
