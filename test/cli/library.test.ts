// What a library user gets: an engine in this process, in memory or on a folder.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListStreamsCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { expect, onTestFinished, test } from 'vitest';
import {
  createEngine,
  type EngineOptions,
  parseKeys,
  type RunningEngine,
} from '../../src/index.ts';
import { madeFile, madeRecord, madeStream } from '../migrate/support/keptFile.ts';

async function started(options: EngineOptions): Promise<RunningEngine & { client: KinesisClient }> {
  const engine = await createEngine(options);
  const client = new KinesisClient({
    endpoint: engine.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  onTestFinished(async () => {
    client.destroy();
    await engine.stop();
  });
  return { ...engine, client };
}

const streams = [{ name: 'orders', shards: 1 }];

test('createEngine() in memory takes a record and gives it back', async () => {
  const { client } = await started({ streams });
  const StreamName = 'orders';
  const Data = Buffer.from('hello');
  const put = await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data }));
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamName,
      ShardId: put.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const { Records } = await client.send(new GetRecordsCommand({ ShardIterator }));
  expect(Records?.map((record) => Buffer.from(record.Data!).toString())).toEqual(['hello']);
});

test('createEngine() keeps a folder for itself until it stops, and what is in it', async () => {
  const dataFolder = mkdtempSync(path.join(tmpdir(), 'shardscope-test-'));
  onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }));
  const first = await started({ dataFolder, streams });
  await expect(createEngine({ dataFolder })).rejects.toMatchObject({
    name: 'StartFailure',
    code: 'LOCKED',
    endpoint: first.endpoint,
  });
  await first.stop();
  const second = await started({ dataFolder });
  expect(second.port).toBe(first.port);
  const { StreamNames } = await second.client.send(new ListStreamsCommand({}));
  expect(StreamNames).toEqual(['orders']);
});

test.each([
  ['one', 1],
  ['separate', 0],
] as const)('keys of two accounts with namespaces %s: %i warnings', async (namespaces, count) => {
  const ids = ['111122223333', '444455556666'];
  const keys = parseKeys(
    JSON.stringify(
      ids.map((account) => ({ accessKeyId: `A${account}`, secretAccessKey: 's', account })),
    ),
  );
  const said: string[] = [];
  const silent = (): void => undefined;
  const warn = (line: string): void => void said.push(line);
  const logger = { debug: silent, info: silent, error: silent, warn };
  await started({ auth: { mode: 'verify', keys }, settings: { namespaces }, logger });
  expect(said.filter((line) => line.includes('of 2 accounts'))).toHaveLength(count);
});

test('createEngine() lets in whom its keys and their policies allow, also by an iterator', async () => {
  const account = '111122223333';
  const policy = {
    Effect: 'Allow',
    Action: 'kinesis:Get*',
    Resource: 'arn:aws:kinesis:*:*:stream/a',
  };
  const keys = parseKeys(
    JSON.stringify([
      { accessKeyId: 'OWNER', secretAccessKey: 'one', account },
      { accessKeyId: 'READER', secretAccessKey: 'two', account, policies: [{ Statement: policy }] },
    ]),
  );
  const names = ['a', 'b'];
  const engine = await started({
    streams: names.map((name) => ({ name, shards: 1 })),
    auth: { mode: 'verify', keys },
  });
  const client = (accessKeyId: string, secretAccessKey: string): KinesisClient => {
    const credentials = { accessKeyId, secretAccessKey };
    const made = new KinesisClient({ endpoint: engine.endpoint, region: 'eu-west-1', credentials });
    onTestFinished(() => made.destroy());
    return made;
  };
  const [owner, reader, thief] = [
    client('OWNER', 'one'),
    client('READER', 'two'),
    client('OWNER', 'x'),
  ];
  const [ofA, ofB] = await Promise.all(
    names.map(async (StreamName) => {
      const shard = { ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' } as const;
      return (await owner.send(new GetShardIteratorCommand({ StreamName, ...shard })))
        .ShardIterator;
    }),
  );
  const read = (by: KinesisClient, ShardIterator: string | undefined) =>
    by.send(new GetRecordsCommand({ ShardIterator }));
  expect((await read(reader, ofA)).Records).toEqual([]);
  await expect(read(reader, ofB)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message:
      'User: arn:aws:iam::111122223333:user/READER is not authorized to perform: kinesis:GetRecords on ' +
      'resource: arn:aws:kinesis:eu-west-1:111122223333:stream/b because no identity-based policy ' +
      'allows the kinesis:GetRecords action',
  });
  await expect(read(thief, ofA)).rejects.toMatchObject({ name: 'InvalidSignatureException' });
});

test('createEngine() speaks TLS with a certificate that it tells, and policies see it', async () => {
  const account = '111122223333';
  const plain = { Effect: 'Deny', Action: '*', Resource: '*', Condition: secureTransport('false') };
  const all = { Effect: 'Allow', Action: '*', Resource: '*' };
  const policies = [{ Statement: [all, plain] }];
  const key = { accessKeyId: 'KEY', secretAccessKey: 'one', account, policies };
  const keys = parseKeys(JSON.stringify([key]));
  const engine = await started({ streams, auth: { mode: 'verify', keys } });
  const certificate = await engine.certificate();
  const list = (endpoint: string, options: https.AgentOptions) => {
    const requestHandler = new NodeHttpHandler({ httpsAgent: new https.Agent(options) });
    const credentials = { accessKeyId: 'KEY', secretAccessKey: 'one' };
    const client = new KinesisClient({
      endpoint,
      requestHandler,
      credentials,
      region: 'us-east-1',
    });
    onTestFinished(() => client.destroy());
    return client.send(new ListStreamsCommand({}));
  };
  const secured = engine.endpoint.replace('http:', 'https:');
  expect((await list(secured, { ca: certificate })).StreamNames).toEqual(['orders']);
  await expect(list(secured, {})).rejects.toThrow(/self.signed|unable to verify/);
  await expect(list(engine.endpoint, {})).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

const secureTransport = (value: string) => ({ Bool: { 'aws:SecureTransport': value } });
test('importKinesisLocal() brings in the streams of a file, also in memory', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'shardscope-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'kinesis-data.json');
  const createdMs = Date.now() - 60_000;
  const shard = { index: 0, createdMs };
  const record = madeRecord(shard, { index: 1, timeMs: createdMs + 5, data: 'hello' });
  const orders = madeStream('orders', { shards: [{ ...shard, records: [record] }], createdMs });
  writeFileSync(file, JSON.stringify(madeFile({ orders })));
  const engine = await started({});
  const { imported } = await engine.importKinesisLocal(file);
  expect(imported).toMatchObject([{ stream: 'orders', records: 1, expired: 0, renumbered: 0 }]);
  const { ShardIterator } = await engine.client.send(
    new GetShardIteratorCommand({
      StreamName: 'orders',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const { Records } = await engine.client.send(new GetRecordsCommand({ ShardIterator }));
  expect(Records).toMatchObject([{ SequenceNumber: record.SequenceNumber, PartitionKey: 'k' }]);
  await expect(engine.importKinesisLocal(file)).rejects.toMatchObject({
    name: 'ResourceInUseException',
  });
  writeFileSync(file, '{');
  await expect(engine.importKinesisLocal(file)).rejects.toMatchObject({
    name: 'StartFailure',
    message: expect.stringContaining(`${file}: at byte 1: the file ends`),
  });
});
