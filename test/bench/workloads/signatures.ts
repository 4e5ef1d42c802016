// What it costs to verify signatures: the same signed puts to an engine that verifies and to one that
// takes any, beside one SHA-256 of a body.
import { hash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { AccessKey } from '../../../src/server/auth/accessKey.ts';
import { sign } from '../../server/auth/signing.ts';
import { Client } from '../client.ts';
import type { Round, Runner } from '../compare.ts';
import { newFolder } from '../folders.ts';
import { ownProcess } from '../processCpu.ts';
import { entryOf } from '../requests.ts';
import type { BenchServer } from '../server.ts';
import { checkPut, type StreamShape } from '../streams.ts';
import { comparison, type Workload } from '../workload.ts';

const stream: StreamShape = { name: 'bench-signed', shards: 4 };
const account = '000000000000';
const key: AccessKey = {
  accessKeyId: 'AKIDBENCH',
  secretAccessKey: randomBytes(20).toString('hex'),
  account,
  arn: `arn:aws:iam::${account}:root`,
};
const longBodyBytes = 256 * 1024;
const warmUpRounds = 2;

/** As bytes on the wire. */
async function signedRequest(operation: string, input: object): Promise<Buffer> {
  const body = Buffer.from(JSON.stringify(input));
  const given = {
    host: '127.0.0.1',
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `Kinesis_20131202.${operation}`,
  };
  const { headers } = await sign({ headers: given, body }, { key, atMs: Date.now() });
  const all = { ...headers, 'content-length': String(body.length) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\n${lines.join('')}\r\n`), body]);
}

interface Kind {
  readonly name: string;
  readonly mode: 'any' | 'verify';
  /** Of a record. */
  readonly bytes: number;
  readonly calls: number;
  readonly different: number;
}

/** A record whose put has a body of 256 KiB, about. */
const long = { bytes: (longBodyBytes / 4) * 3, calls: 600, different: 8 };
const short = { bytes: 1024, calls: 3000, different: 256 };

const kinds: readonly Kind[] = [
  { name: 'any, 1 KiB', mode: 'any', ...short },
  { name: 'verify, 1 KiB', mode: 'verify', ...short },
  { name: 'any, 256 KiB', mode: 'any', ...long },
  { name: 'verify, 256 KiB', mode: 'verify', ...long },
];

function settingsOf({ mode }: Kind): string[] {
  if (mode === 'any') return ['--auth', mode];
  const file = path.join(newFolder('keys'), 'keys.json');
  writeFileSync(file, JSON.stringify([key]), { mode: 0o600 });
  return ['--auth', mode, '--keys', file];
}

async function createSigned(client: Client): Promise<void> {
  const { name, shards } = stream;
  await client.send(await signedRequest('CreateStream', { StreamName: name, ShardCount: shards }));
  const isActive = async (): Promise<boolean> => {
    const { body } = await client.send(await signedRequest('DescribeStream', { StreamName: name }));
    return body.includes('"ACTIVE"');
  };
  while (!(await isActive()));
}

async function runnerOf(server: BenchServer, kind: Kind): Promise<Runner> {
  const { bytes, calls, different } = kind;
  const client = await Client.open(server.port, 4);
  await createSigned(client);
  const inputs = Array.from({ length: different }, () => ({
    StreamName: stream.name,
    ...entryOf({ bytes }),
  }));
  let requests: Buffer[] = [];
  // a signature holds for five minutes
  const before = async (): Promise<void> => {
    requests = await Promise.all(inputs.map((input) => signedRequest('PutRecord', input)));
    await client.refresh();
  };
  const round = async (): Promise<Round> => ({
    count: calls,
    ...(await client.drive(calls, { requests, check: checkPut })),
  });
  for (let index = 0; index < warmUpRounds; index++) {
    await before();
    await round();
  }
  return { name: kind.name, process: server, before, round };
}

const hashes = 200;

/** What a hash of a longer body takes, of one after the other as they come in. */
function hashing(): Runner {
  const bodies = Array.from({ length: long.different }, () => randomBytes(longBodyBytes));
  const round = async (): Promise<Round> => {
    const began = performance.now();
    for (let index = 0; index < hashes; index++) {
      hash('sha256', bodies[index % bodies.length]!);
    }
    const wallMs = performance.now() - began;
    return { count: hashes, wallMs, latenciesMs: [wallMs / hashes] };
  };
  return { name: 'SHA-256, 256 KiB', process: ownProcess, round };
}

export const signatures: Workload = comparison({
  id: 'signatures',
  title: 'PutRecord, signed, 4 connections, with --auth any and --auth verify',
  unit: 'call',
  servers: ['written'],
  base: 'any, 1 KiB',
  variants: kinds.map((_, variant) => variant),
  startOptions: (variant) => ({ settings: settingsOf(kinds[variant]!), firstCall: callSigned }),
  others: () => [hashing()],
  prepare: (server, { variant }) => runnerOf(server, kinds[variant]!),
});

async function callSigned(port: number): Promise<void> {
  const client = await Client.open(port);
  try {
    await client.send(await signedRequest('ListStreams', {}));
  } finally {
    client.close();
  }
}
