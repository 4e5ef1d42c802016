// Exports and imports by the worker thread against a real engine: what is in the file is what is stored, and back.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ExportedRecord } from '../../src/export/record.ts';
import { lineOf, RecordLines } from '../../src/export/recordLines.ts';
import { hashKeyMax } from '../../src/kinesis/hashKey.ts';
import type { ExportRequest } from '../../src/protocol/export.ts';
import { aggregateOf } from '../decode/support/aggregates.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { LocalEngine } from './support/localEngine.ts';
import { TestWorker } from './support/testWorker.ts';

const stream = 'flights';
const utf8 = new TextEncoder();

async function opened(shards = 2) {
  const local = await LocalEngine.start();
  onTestFinished(() => local.stop());
  const worker = new TestWorker();
  await worker.channel.call('connect', local.connection);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'export-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await createStream(local, stream, shards);
  return { local, worker, folder };
}

async function createStream(local: LocalEngine, StreamName: string, ShardCount: number) {
  await local.engine.createStream({ StreamName, ShardCount });
  await local.untilActive(StreamName);
}

const random = seededRandom(11);
const keyParts = ['a', 'ß', '"', '\n', '\0', ',', '=1', '😀', '\ud83d', '\u2028', ' '];

/** Text, bytes and nothing, under keys that come again. */
const randomPut = (n: number) => ({
  Data: random.pick([
    utf8.encode(JSON.stringify({ n, text: 'Grüße, "quoted"\r\n' })),
    random.bytes(random.integer(0, 300)),
    utf8.encode(`=cmd ${n}`),
    new Uint8Array(),
  ]),
  PartitionKey: `k${random.integer(0, 20)}${random.pick(keyParts)}`,
});

async function put({ engine }: LocalEngine, count: number): Promise<void> {
  for (let at = 0; at < count; at += 500) {
    const size = Math.min(500, count - at);
    const Records = Array.from({ length: size }, (_, n) => randomPut(at + n));
    const { FailedRecordCount } = await engine.putRecords({ StreamName: stream, Records });
    expect(FailedRecordCount).toBe(0);
  }
}

/** All that a stream holds, read from the engine itself: shard by shard. */
async function stored({ engine }: LocalEngine, StreamName = stream) {
  const { Shards } = await engine.listShards({ StreamName });
  const found: { shardId: string; sequenceNumber: string; partitionKey: string; data: string }[] =
    [];
  for (const { ShardId } of Shards ?? []) {
    const place = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    let { ShardIterator: at } = await engine.getShardIterator(place);
    while (at !== undefined) {
      const page = await engine.getRecords({ ShardIterator: at });
      for (const { SequenceNumber, PartitionKey = '', Data } of page.Records) {
        const data = Buffer.from(Data).toString('hex');
        found.push({
          shardId: ShardId,
          sequenceNumber: SequenceNumber,
          partitionKey: PartitionKey,
          data,
        });
      }
      at = page.MillisBehindLatest === 0 ? undefined : page.NextShardIterator;
    }
  }
  return found;
}

const files = (folder: string, format: ExportRequest['format'] = 'jsonl') => ({
  format,
  path: path.join(folder, `records.${format}`),
  part: path.join(folder, `records.${format}.part`),
});

const range = {
  type: 'range',
  connection: 'local',
  stream,
  start: { type: 'TRIM_HORIZON' },
  query: { text: '' },
} as const;

function recordsIn(file: string): ExportedRecord[] {
  const lines = new RecordLines(file);
  const found: ExportedRecord[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const record = lines.read(utf8.encode(line.replace(/\r$/, '')));
    if (record) found.push(record);
  }
  return found;
}

const plain = ({ shardId, sequenceNumber, partitionKey, data }: ExportedRecord) => ({
  shardId,
  sequenceNumber,
  partitionKey,
  data: Buffer.from(data).toString('hex'),
});

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

const perShard = <T extends { shardId: string }>(records: readonly T[]) =>
  grouped(records, ({ shardId }) => shardId);
const perKey = (records: readonly { partitionKey: string; data: string }[]) =>
  grouped(records, ({ partitionKey }) => partitionKey).map(([key, its]) => [
    key,
    its.map(({ data }) => data),
  ]);

async function reshardedStream() {
  const made = await opened(2);
  const { local } = made;
  await put(local, 150);
  await local.engine.splitShard({
    StreamName: stream,
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: String(hashKeyMax / 4n),
  });
  await local.untilActive(stream);
  await put(local, 150);
  await local.engine.mergeShards({
    StreamName: stream,
    ShardToMerge: 'shardId-000000000003',
    AdjacentShardToMerge: 'shardId-000000000001',
  });
  await local.untilActive(stream);
  await put(local, 150);
  return made;
}

test.each(['jsonl', 'csv'] as const)(
  'a range over a split and a merge is all that is stored, and comes back equal per key: %s',
  async (format) => {
    const { local, worker, folder } = await reshardedStream();
    const file = files(folder, format);
    const result = await worker.channel.call('exportRecords', { job: 1, what: range, ...file });
    expect(result).toMatchObject({ end: 'done', records: 450, dropped: 0, warnings: [] });
    expect(readFileSync(file.path)).toHaveLength(result.bytes);
    const exported = recordsIn(file.path).map(plain);
    const before = await stored(local);
    expect(before).toHaveLength(450);
    expect(perShard(exported)).toEqual(perShard(before));
    expect(readdirSync(folder)).toEqual([path.basename(file.path)]);

    await createStream(local, 'copy', 3);
    const back = await worker.channel.call('publish', {
      connection: 'local',
      stream: 'copy',
      job: 2,
      source: { type: 'records', path: file.path, order: format === 'csv' ? 'key' : 'shard' },
    });
    expect(back).toMatchObject({ acknowledged: 450, failed: 0 });
    expect(worker.progress.at(-1)).toMatchObject({ job: 2, acknowledged: 450, total: 450 });
    expect(perKey(await stored(local, 'copy'))).toEqual(perKey(before));
  },
);

test('a range of time, narrowed by a query, is what it says', async () => {
  const { local, worker, folder } = await opened(1);
  await put(local, 50);
  const { engine } = local;
  const answers = [];
  for (let n = 0; n < 5; n++) {
    answers.push(
      await engine.putRecord({
        StreamName: stream,
        PartitionKey: 'late',
        Data: utf8.encode(`{"n":${n}}`),
      }),
    );
  }
  const start = { type: 'AT_SEQUENCE_NUMBER', sequenceNumber: answers[1]!.SequenceNumber } as const;
  const what = { ...range, start, query: { text: '$.n >= 2' } };
  const file = files(folder);
  const result = await worker.channel.call('exportRecords', { job: 1, what, ...file });
  expect(result).toMatchObject({ end: 'done', records: 3 });
  expect(recordsIn(file.path).map(({ sequenceNumber }) => sequenceNumber)).toEqual(
    answers.slice(2).map(({ SequenceNumber }) => SequenceNumber),
  );
});

test('a query of a range is about what its decoders read, as in a tail of the stream', async () => {
  const { local, worker, folder } = await opened(1);
  const data = Buffer.from('hello').toString('base64');
  await local.engine.putRecord({ StreamName: stream, PartitionKey: 'k', Data: utf8.encode(data) });
  const exported = async (pinned?: readonly string[]): Promise<number> => {
    const what = { ...range, query: { text: 'hello' }, pinned };
    const request = { job: 1, what, ...files(folder) };
    return (await worker.channel.call('exportRecords', request)).records;
  };
  expect(await exported()).toBe(0);
  expect(await exported(['base64', 'text'])).toBe(1);
  // What is no chain is read automatically.
  expect(await exported(['text', 'base64'])).toBe(0);
});

test('the rows of a tail are exported in its order, and explicit hash keys are put again', async () => {
  const { local, worker, folder } = await opened(1);
  const puts = [0n, hashKeyMax].map((key, n) => ({
    partitionKey: 'same',
    explicitHashKey: String(key),
    data: utf8.encode(`{"n":${n}}`),
  }));
  await local.engine.putRecord({ StreamName: stream, PartitionKey: 'p', Data: aggregateOf(puts) });
  await put(local, 20);
  const { tail } = await worker.channel.call('openTail', {
    ...{ connection: 'local', stream, start: { type: 'TRIM_HORIZON' } },
    ...{ rowsMax: 1000, bytesMax: 2 ** 24, windowBytesMax: 2 ** 26 },
  });
  await worker.tick(tail, (tick) => tick.received === 22);
  await worker.channel.call('filterTail', { tail, text: 'key=same' });
  const file = files(folder);
  const what = { type: 'rows', tail, filter: 'key=same' } as const;
  const result = await worker.channel.call('exportRecords', { job: 1, what, ...file });
  expect(result).toMatchObject({ end: 'done', records: 2, dropped: 0 });
  const none = { ...what, filter: 'key=same size>' };
  const asked = { job: 3, what: none, ...files(folder, 'csv') };
  const wrong = worker.channel.call('exportRecords', asked);
  await expect(wrong).rejects.toThrow('A value belongs behind size>');
  await createStream(local, 'copy', 2);
  await worker.channel.call('publish', {
    connection: 'local',
    stream: 'copy',
    job: 2,
    source: { type: 'records', path: file.path, order: 'shard' },
  });
  const copies = (await stored(local, 'copy')).map(({ shardId, data }) => [shardId, data]);
  expect(copies).toEqual([
    ['shardId-000000000000', Buffer.from('{"n":0}').toString('hex')],
    ['shardId-000000000001', Buffer.from('{"n":1}').toString('hex')],
  ]);
});

test('records without a key come back to a stream that takes them', async () => {
  const { local, worker, folder } = await opened(1);
  const { engine } = local;
  const { StreamDescriptionSummary } = await engine.describeStreamSummary({ StreamName: stream });
  const { StreamARN } = StreamDescriptionSummary;
  await engine.updateStreamMode({ StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  await local.untilActive(stream);
  const strategy = { RecordDistributionStrategy: 'AUTO' } as const;
  await engine.updateStreamRecordDistributionStrategy({ StreamARN, ...strategy });
  await local.untilActive(stream);
  await engine.putRecord({ StreamName: stream, Data: utf8.encode('no key') });
  const file = files(folder);
  await worker.channel.call('exportRecords', { job: 1, what: range, ...file });
  const source = { type: 'records', path: file.path, order: 'shard' } as const;
  const call = { connection: 'local', stream, job: 2, source };
  const back = await worker.channel.call('publish', call);
  expect(back).toMatchObject({ acknowledged: 1, failed: 0 });
  const found = (await stored(local)).map(({ partitionKey, data }) => [partitionKey, data]);
  const noKey = ['', Buffer.from('no key').toString('hex')];
  expect(found).toEqual([noKey, noKey]);

  await createStream(local, 'keyed', 1);
  const refused = await worker.channel.call('publish', { ...call, stream: 'keyed' });
  expect(refused).toMatchObject({ acknowledged: 0, failed: 1 });
  expect(refused.failure).toMatch(/^(Validation|InvalidArgument)Exception: /);
});

test('a record of 10 MiB goes there and back', async () => {
  const { local, worker, folder } = await opened(1);
  const { StreamDescriptionSummary } = await local.engine.describeStreamSummary({
    StreamName: stream,
  });
  const { StreamARN } = StreamDescriptionSummary;
  await local.engine.updateMaxRecordSize({ StreamARN, MaxRecordSizeInKiB: 10 * 1024 });
  await local.untilActive(stream);
  const data = new Uint8Array(10 * 1024 * 1024 - 100).fill(0xfe);
  await local.engine.putRecord({ StreamName: stream, PartitionKey: 'large', Data: data });
  const file = files(folder, 'csv');
  const result = await worker.channel.call('exportRecords', { job: 1, what: range, ...file });
  expect(result).toMatchObject({ end: 'done', records: 1 });
  const source = { type: 'records', path: file.path, order: 'shard' } as const;
  const back = await worker.channel.call('publish', {
    connection: 'local',
    stream,
    job: 2,
    source,
  });
  expect(back).toMatchObject({ acknowledged: 1, failed: 0 });
  const [first, second] = await stored(local);
  expect(second!.data === first!.data && second!.data.length === 2 * data.length).toBe(true);
});

test('a file with a line that is no record changes nothing', async () => {
  const { local, worker, folder } = await opened(1);
  const record = {
    ...{ shardId: 's', sequenceNumber: '1', arrivedMs: 0, partitionKey: 'k' },
    data: utf8.encode('x'),
  };
  const file = path.join(folder, 'spoiled.jsonl');
  writeFileSync(file, `${lineOf('jsonl', record).repeat(600)}{"shardId":"s"}\n`);
  const source = { type: 'records', path: file, order: 'key' } as const;
  const call = worker.channel.call('publish', { connection: 'local', stream, job: 1, source });
  await expect(call).rejects.toThrow(
    /^Line 601 of spoiled\.jsonl is no record: its sequenceNumber/,
  );
  expect(await stored(local)).toEqual([]);
});

test('a cancelled export leaves nothing, a failed one its whole lines in the part', async () => {
  const { local, worker, folder } = await opened(1);
  await put(local, 300);
  const file = files(folder);
  writeFileSync(file.path, 'what was there before\n');
  await local.goAway();
  const cancelling = new AbortController();
  const call = worker.channel.call(
    'exportRecords',
    { job: 1, what: range, ...file },
    cancelling.signal,
  );
  const waiting = new Promise<void>((resolve) => {
    worker.channel.on('exportProgress', (said) => said.waiting && resolve());
  });
  await waiting;
  cancelling.abort();
  await expect(call).resolves.toMatchObject({ end: 'cancelled' });
  expect(readdirSync(folder)).toEqual(['records.jsonl']);
  await local.comeBack();

  const missing = { ...range, stream: 'none' };
  const failed = await worker.channel.call('exportRecords', { job: 2, what: missing, ...file });
  expect(failed).toMatchObject({ end: 'failed', records: 0 });
  expect(failed.failure).toMatch(/^There is no stream none here/);
  expect(readdirSync(folder).sort()).toEqual(['records.jsonl', 'records.jsonl.part']);
  expect(readFileSync(file.path, 'utf8')).toBe('what was there before\n');
});

test('what cannot be begun is said, and leaves nothing', async () => {
  const { worker, folder } = await opened(1);
  const wrong = { ...range, query: { text: 'size>x' } };
  const call = worker.channel.call('exportRecords', { job: 1, what: wrong, ...files(folder) });
  await expect(call).rejects.toThrow(/^The query is wrong: /);
  const away = files(path.join(folder, 'none'));
  const second = worker.channel.call('exportRecords', { job: 2, what: range, ...away });
  await expect(second).rejects.toThrow(/^The file could not be created: ENOENT/);
  expect(readdirSync(folder)).toEqual([]);
});

test('an AWS connection that is read-only takes no import', async () => {
  const { worker, folder } = await opened(1);
  const aws = {
    kind: 'aws',
    id: 'prod',
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:1',
  } as const;
  await worker.channel.call('connect', aws);
  const record = {
    shardId: 's',
    sequenceNumber: '1',
    arrivedMs: 0,
    partitionKey: 'k',
    data: utf8.encode('x'),
  };
  const file = path.join(folder, 'one.jsonl');
  writeFileSync(file, lineOf('jsonl', record));
  const source = { type: 'records', path: file, order: 'shard' } as const;
  const result = await worker.channel.call('publish', {
    connection: 'prod',
    stream,
    job: 1,
    source,
  });
  expect(result).toMatchObject({ acknowledged: 0, failed: 1 });
  expect(result.failure).toMatch(/^ReadOnlyConnection: /);
});
