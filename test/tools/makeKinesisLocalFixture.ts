// Makes the files that kinesis-local 0.6.2 persists, and what it answers about them, once:
// node test/tools/makeKinesisLocalFixture.ts. It needs tools/peers; what it makes is never made anew.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const root = path.resolve(import.meta.dirname, '../..');
const peer = path.join(root, 'tools/peers/node_modules/kinesis-local');
const folder = path.join(root, 'test/fixtures/kinesis-local-0.6.2');
if (existsSync(path.join(folder, 'expected.json'))) throw new Error(`${folder} is there.`);

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const port = await freePort();
const work = mkdtempSync(path.join(tmpdir(), 'kinesis-local-'));

function start(): ChildProcess {
  return spawn(process.execPath, [path.join(peer, 'main.js')], {
    stdio: 'ignore',
    env: {
      KINESIS_MOCK_PLAIN_PORT: String(port),
      KINESIS_MOCK_TLS_PORT: String(port + 1),
      KINESIS_MOCK_CERT_PATH: path.join(peer, 'server.json'),
      SHOULD_PERSIST_DATA: 'true',
      PERSIST_PATH: work,
      PERSIST_INTERVAL: '1s',
      SHARD_LIMIT: '100',
    },
  });
}

interface Caller {
  readonly account: string;
  readonly region: string;
}
const home: Caller = { account: 'local', region: 'us-east-1' };
const other: Caller = { account: '111122223333', region: 'eu-west-1' };

async function call<T = object>(name: string, input: object, caller = home): Promise<T> {
  const scope = `${caller.account}/20250101/${caller.region}/kinesis/aws4_request`;
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Kinesis_20131202.${name}`,
      'x-amz-date': '20250101T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00`,
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${name}: ${response.status} ${text}`);
  return (text === '' ? {} : JSON.parse(text)) as T;
}

const StreamName = 'orders';
const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
/** Longer than any state lasts there. */
const pass = () => wait(700);

/** Keys of all kinds, both ways of routing, no data and all bytes. */
async function put(round: number, caller = home): Promise<void> {
  const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
  const keys = [`${round}`, 'ключ 🔑 "\\\n', 'k'.repeat(256), '\u0000'];
  for (const [at, PartitionKey] of keys.entries()) {
    const Data = Buffer.from(bytes.subarray(0, at * 64 + round)).toString('base64');
    await call('PutRecord', { StreamName, PartitionKey, Data }, caller);
  }
  const Records = Array.from({ length: 12 }, (_, at) => ({
    PartitionKey: `key ${at}`,
    Data: at === 5 ? '' : Buffer.from(`${round} ${at}`).toString('base64'),
    ...(at % 3 === 0 && { ExplicitHashKey: String((2n ** 128n * BigInt(at)) / 12n) }),
  }));
  await call('PutRecords', { StreamName, Records }, caller);
}

/** Split, merged and scaled, with records in every shape of it; with all that can be set. */
async function makeStreams(): Promise<void> {
  await call('CreateStream', { StreamName, ShardCount: 2 });
  await call('CreateStream', {
    StreamName: 'clicks',
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  });
  await pass();
  await put(1);
  const ShardToSplit = 'shardId-000000000000';
  await call('SplitShard', { StreamName, ShardToSplit, NewStartingHashKey: String(2n ** 126n) });
  await pass();
  await put(2);
  const key = { StreamName, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' };
  await call('StartStreamEncryption', key);
  await pass();
  await put(3);
  const pair = {
    ShardToMerge: 'shardId-000000000003',
    AdjacentShardToMerge: 'shardId-000000000001',
  };
  await call('MergeShards', { StreamName, ...pair });
  await pass();
  await call('StopStreamEncryption', key);
  await pass();
  await put(4);
  await call('UpdateShardCount', {
    StreamName,
    TargetShardCount: 3,
    ScalingType: 'UNIFORM_SCALING',
  });
  await pass();
  await put(5);
  await call('StartStreamEncryption', { ...key, StreamName: 'clicks' });
}

async function setAll(): Promise<void> {
  await call('AddTagsToStream', { StreamName, Tags: { team: 'a', start: '7' } });
  await call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 48 });
  await call('EnableEnhancedMonitoring', { StreamName, ShardLevelMetrics: ['IncomingBytes'] });
  await call('EnableEnhancedMonitoring', { StreamName: 'clicks', ShardLevelMetrics: ['ALL'] });
  await call('UpdateMaxRecordSize', { StreamARN, MaxRecordSizeInKiB: 2048 });
  await call('UpdateStreamWarmThroughput', { StreamName: 'clicks', WarmThroughputMiBps: 10 });
  for (const ConsumerName of ['reader', 'another']) {
    await call('RegisterStreamConsumer', { StreamARN, ConsumerName });
  }
  await pass();
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'kinesis:*', Resource: StreamARN }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await call('PutResourcePolicy', { ResourceARN: StreamARN, Policy });
  const consumers = await call<{ Consumers: { ConsumerARN: string }[] }>('ListStreamConsumers', {
    StreamARN,
  });
  await call('TagResource', {
    ResourceARN: consumers.Consumers[1]!.ConsumerARN,
    Tags: { of: 'one' },
  });
}

/** What it answers about a stream, as an application is answered. */
async function answersOf(name: string): Promise<object> {
  const of = { StreamName: name };
  const arn = StreamARN.replace('orders', name);
  const { Shards } = await call<{ Shards: { ShardId: string }[] }>('ListShards', of);
  const records: Record<string, unknown> = {};
  for (const { ShardId } of Shards) {
    const from = { ...of, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    const iterator = await call<object>('GetShardIterator', from);
    records[ShardId] = (await call<{ Records: unknown }>('GetRecords', iterator)).Records;
  }
  return {
    shards: Shards,
    records,
    summary: await call('DescribeStreamSummary', of),
    tags: await call('ListTagsForStream', of),
    consumers: await call('ListStreamConsumers', { StreamARN: arn }),
  };
}

/** The file once it has been written with all that was done before. */
async function persisted(): Promise<string> {
  await wait(2500);
  return readFileSync(path.join(work, 'kinesis-data.json'), 'utf8');
}

const child = start();
try {
  for (;;) {
    if (await call('ListStreams', {}).catch(() => undefined)) break;
    await wait(200);
  }
  await makeStreams();
  await setAll();
  const file = await persisted();
  const expected = {
    endedMs: Date.now(),
    orders: await answersOf('orders'),
    clicks: await answersOf('clicks'),
  };
  await call('CreateStream', { StreamName, ShardCount: 1 }, other);
  await pass();
  await put(1, other);
  const twoAccounts = await persisted();
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'kinesis-data.json'), file);
  writeFileSync(path.join(folder, 'two-accounts.json'), twoAccounts);
  writeFileSync(path.join(folder, 'expected.json'), `${JSON.stringify(expected, undefined, 1)}\n`);
} finally {
  child.kill('SIGKILL');
  rmSync(work, { recursive: true, force: true });
}
