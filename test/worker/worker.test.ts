// The worker thread against a real engine on a real port: what the window shows is what the engine holds.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { KinesisError } from '../../src/kinesis/errors.ts';
import { hashKeyMax } from '../../src/kinesis/hashKey.ts';
import type { OperationName } from '../../src/kinesis/operations.ts';
import type { PublishRequest } from '../../src/protocol/worker.ts';
import { LocalEngine } from './support/localEngine.ts';
import { TestWorker } from './support/testWorker.ts';

const stream = 'flights';
const MIB = 1024 * 1024;
const bounds = { rowsMax: 100_000, bytesMax: 64 * MIB, windowBytesMax: 256 * MIB };
const utf8 = new TextEncoder();

async function opened(shards = 2): Promise<{ local: LocalEngine; worker: TestWorker }> {
  const local = await LocalEngine.start();
  onTestFinished(() => local.stop());
  const worker = new TestWorker();
  await worker.channel.call('connect', local.connection);
  await createStream(local, shards);
  return { local, worker };
}

async function createStream(local: LocalEngine, ShardCount: number): Promise<void> {
  await local.engine.createStream({ StreamName: stream, ShardCount });
  await local.untilActive(stream);
}

async function put({ engine }: LocalEngine, { from, to }: { from: number; to: number }) {
  const stored: { sequenceNumber: string; shardId: string }[] = [];
  for (let at = from; at < to; at += 500) {
    const count = Math.min(500, to - at);
    const Records = Array.from({ length: count }, (_, index) => ({
      Data: utf8.encode(JSON.stringify({ n: at + index })),
      PartitionKey: `key-${at + index}`,
    }));
    const answer = await engine.putRecords({ StreamName: stream, Records });
    for (const { SequenceNumber, ShardId } of answer.Records) {
      stored.push({ sequenceNumber: SequenceNumber!, shardId: ShardId! });
    }
  }
  return stored;
}

const tailOf = (type: 'LATEST' | 'TRIM_HORIZON') => ({
  connection: 'local',
  stream,
  start: { type },
  ...bounds,
});

const bySequence = (a: { sequenceNumber: string }, b: { sequenceNumber: string }): number =>
  BigInt(a.sequenceNumber) < BigInt(b.sequenceNumber) ? -1 : 1;

describe('a tail of a resharded stream', () => {
  test('shows every record once through a split and a merge, with both said', async () => {
    const { local, worker } = await opened(2);
    const { tail } = await worker.channel.call('openTail', tailOf('LATEST'));
    await worker.tick(tail, (tick) => tick.state === 'live');
    const stored = await put(local, { from: 0, to: 1500 });
    const middle = String(hashKeyMax / 4n);
    await local.engine.splitShard({
      StreamName: stream,
      ShardToSplit: 'shardId-000000000000',
      NewStartingHashKey: middle,
    });
    await local.untilActive(stream);
    stored.push(...(await put(local, { from: 1500, to: 3000 })));
    await local.engine.mergeShards({
      StreamName: stream,
      ShardToMerge: 'shardId-000000000003',
      AdjacentShardToMerge: 'shardId-000000000001',
    });
    await local.untilActive(stream);
    stored.push(...(await put(local, { from: 3000, to: 4000 })));

    await worker.tick(tail, (tick) => tick.received >= 4000);
    const shown = await worker.records(tail);
    expect(shown.map((row) => row.position)).toEqual(
      [...shown.map((row) => row.position)].sort((a, b) => a - b),
    );
    const identity = ({
      sequenceNumber,
      shardId,
    }: {
      sequenceNumber: string;
      shardId: string;
    }) => ({
      sequenceNumber,
      shardId,
    });
    expect(shown.map(identity).sort(bySequence)).toEqual(stored.sort(bySequence));
    for (const shardId of new Set(shown.map((row) => row.shardId))) {
      const rows = shown.filter((row) => row.shardId === shardId);
      expect(rows).toEqual([...rows].sort(bySequence));
    }
    expect(await worker.events(tail)).toEqual([
      'Shard 0 was split: its last record is above, 2 and 3 go on from here.',
      'Shards 3 and 1 were merged: their last records are above, 4 goes on from here.',
    ]);
  });
});

describe('a tail in trouble', () => {
  test('goes on where it was after the engine was away', async () => {
    const { local, worker } = await opened(2);
    const { tail } = await worker.channel.call('openTail', tailOf('LATEST'));
    await worker.tick(tail, (tick) => tick.state === 'live');
    await put(local, { from: 0, to: 700 });
    await worker.tick(tail, (tick) => tick.received === 700);
    await local.goAway();
    const away = await worker.tick(tail, (tick) => tick.problem !== undefined);
    expect(away.state).toBe('live');
    expect(away.problem?.action).toBe('startEngine');
    const during = await put(local, { from: 700, to: 900 });
    await local.comeBack();
    const back = await worker.tick(tail, (tick) => tick.received >= 900);
    expect(back.received).toBe(900);
    const shown = await worker.records(tail);
    expect(new Set(shown.map((row) => row.sequenceNumber)).size).toBe(900);
    expect(shown.map((row) => row.sequenceNumber)).toContain(during.at(-1)!.sequenceNumber);
    const [gone, again] = await worker.events(tail);
    expect(gone).toMatch(/^The engine does not answer/);
    expect(again).toMatch(
      /^The engine is back after \d+\.\d s; reading goes on where it stopped\.$/,
    );
  });

  test('ends when its stream is deleted, keeps its rows, and harms no other tail', async () => {
    const { local, worker } = await opened(1);
    await local.engine.createStream({ StreamName: 'other', ShardCount: 1 });
    const { tail } = await worker.channel.call('openTail', tailOf('TRIM_HORIZON'));
    const other = await worker.channel.call('openTail', { ...tailOf('LATEST'), stream: 'other' });
    await put(local, { from: 0, to: 3 });
    await worker.tick(tail, (tick) => tick.received === 3);
    await local.engine.deleteStream({ StreamName: stream });
    const ended = await worker.tick(tail, (tick) => tick.state === 'ended');
    expect(ended.held.rows).toBe(4);
    expect((await worker.events(tail)).at(-1)).toBe(
      'The stream flights was deleted. What was read of it stays here.',
    );
    await worker.tick(other.tail, (tick) => tick.state === 'live');
  });

  test('fails with what to do when there is no such stream, and takes up again', async () => {
    const local = await LocalEngine.start();
    onTestFinished(() => local.stop());
    const worker = new TestWorker();
    await worker.channel.call('connect', local.connection);
    const { tail } = await worker.channel.call('openTail', tailOf('TRIM_HORIZON'));
    const failed = await worker.tick(tail, (tick) => tick.state === 'failed');
    expect(failed.problem).toMatchObject({ action: 'retry' });
    expect(failed.problem?.message).toMatch(/^There is no stream flights here: .*Create it/);
    await createStream(local, 1);
    await put(local, { from: 0, to: 5 });
    await worker.channel.call('resumeTail', { tail });
    await worker.tick(tail, (tick) => tick.received === 5);
  });
});

describe('a record', () => {
  test('opens in full', async () => {
    const { local, worker } = await opened(1);
    await put(local, { from: 7, to: 8 });
    const { tail } = await worker.channel.call('openTail', tailOf('TRIM_HORIZON'));
    await worker.tick(tail, (tick) => tick.received === 1);
    const [row] = await worker.records(tail);
    const record = await worker.channel.call('tailRecord', { tail, position: row!.position });
    expect(record).toMatchObject({ row, decoded: '{\n  "n": 7\n}' });
    const why = 'all 7 characters are one object';
    expect(record?.steps.at(-1)).toEqual({ decoder: 'json', outcome: 'read', why });
    expect(Buffer.from(record!.raw).toString()).toBe('{"n":7}');
    expect(record!.raw.buffer.byteLength).toBe(7);
  });
});

describe('calls', () => {
  test('an AWS connection refuses every write until it is made writable', async () => {
    const { worker } = await opened(1);
    const aws = { kind: 'aws', id: 'prod', region: 'eu-west-1', endpoint: 'http://127.0.0.1:1' };
    await worker.channel.call('connect', { ...aws, kind: 'aws' });
    const writes: OperationName[] = ['CreateStream', 'DeleteStream', 'PutRecord', 'PutRecords'];
    for (const operation of writes) {
      const input = { StreamName: stream } as never;
      const call = worker.channel.call('call', { connection: 'prod', operation, input });
      await expect(call).rejects.toMatchObject({ name: 'ReadOnlyConnection' });
    }
    const publish: PublishRequest = {
      connection: 'prod',
      stream,
      job: 1,
      source: { type: 'text', text: 'a' },
    };
    const result = await worker.channel.call('publish', publish);
    expect(result).toMatchObject({ acknowledged: 0, failed: 1 });
    expect(result.failure).toMatch(/^ReadOnlyConnection: /);
  });

  test('an endpoint that does not answer is a NetworkError with a next step', async () => {
    const { local, worker } = await opened(1);
    await local.goAway();
    const call = worker.channel.call('call', {
      connection: 'local',
      operation: 'ListStreams',
      input: {},
    });
    await expect(call).rejects.toMatchObject({
      name: 'NetworkError',
      message: expect.stringMatching(/does not answer .*Start the local engine/),
    });
    await local.comeBack();
  });

  test('exceptions come with the words of Kinesis, also for an unknown connection', async () => {
    const { worker } = await opened(1);
    const input = { StreamName: 'none' };
    const operation = 'DescribeStreamSummary';
    const missing = worker.channel.call('call', { connection: 'local', operation, input });
    await expect(missing).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      status: 400,
    } satisfies Partial<KinesisError>);
    const unknown = worker.channel.call('call', { connection: 'x', operation, input });
    await expect(unknown).rejects.toMatchObject({ name: 'NoConnection' });
  });
});

describe('publish', () => {
  test('puts the lines of a file and keeps a receipt for each', async () => {
    const { local, worker } = await opened(2);
    const folder = mkdtempSync(path.join(os.tmpdir(), 'publish-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'lines.ndjson');
    const receipts = path.join(folder, 'receipts.ndjson');
    const lines = Array.from({ length: 1200 }, (_, n) =>
      JSON.stringify({ origin: `A${n % 9}`, n }),
    );
    writeFileSync(file, `${lines.join('\r\n')}\n\n`);
    const { tail } = await worker.channel.call('openTail', tailOf('LATEST'));
    await worker.tick(tail, (tick) => tick.state === 'live');
    const result = await worker.channel.call('publish', {
      connection: 'local',
      stream,
      job: 3,
      source: { type: 'file', path: file, keyField: 'origin' },
      receipts,
    });
    expect(result).toMatchObject({ acknowledged: 1200, failed: 0 });
    await worker.tick(tail, (tick) => tick.received >= 1200);
    const shown = await worker.records(tail);
    const kept = readFileSync(receipts, 'utf8').trimEnd().split('\n');
    const receipt = ({ shardId, sequenceNumber, partitionKey }: (typeof shown)[number]) =>
      JSON.stringify({ shardId, sequenceNumber, partitionKey });
    expect(kept.sort()).toEqual(shown.map(receipt).sort());
    expect(new Set(shown.map((row) => row.preview))).toEqual(new Set(lines));
    expect(worker.progress.at(-1)).toMatchObject({ job: 3, acknowledged: 1200 });
    expect(local.connection.id).toBe('local');
  });
});

describe('the tails of a window', () => {
  test('a tab that is opened once the tail has ended reads anew; the others keep their rows', async () => {
    const { local, worker } = await opened(1);
    const { tail } = await worker.channel.call('openTail', tailOf('TRIM_HORIZON'));
    await put(local, { from: 0, to: 5 });
    await worker.tick(tail, ({ records }) => records.held === 5);
    await local.engine.deleteStream({ StreamName: stream });
    await worker.tick(tail, ({ state }) => state === 'ended');
    await createStream(local, 1);
    await put(local, { from: 5, to: 7 });
    const again = await worker.channel.call('openTail', tailOf('TRIM_HORIZON'));
    const tick = await worker.tick(again.tail, ({ records }) => records.held > 0);
    expect([tick.state, tick.records.held]).toEqual(['live', 2]);
    const { rows } = await worker.channel.call('tailPage', { tail, from: 0, count: 9 });
    expect(rows.filter(({ kind }) => kind === 'record')).toHaveLength(5);
    await worker.channel.call('closeTail', { tail });
    await put(local, { from: 7, to: 8 });
    await worker.tick(again.tail, ({ records }) => records.held === 3);
  });

  test('a stream is read once for all its tabs, until the last of them is closed', async () => {
    const { local, worker } = await opened();
    await put(local, { from: 0, to: 10 });
    const first = await worker.channel.call('openTail', tailOf('TRIM_HORIZON'));
    await worker.tick(first.tail, (tick) => tick.received === 10);
    const second = await worker.channel.call('openTail', tailOf('LATEST'));
    expect((await worker.tick(second.tail, () => true)).received).toBe(10);
    await worker.channel.call('closeTail', first);
    await put(local, { from: 10, to: 20 });
    await worker.tick(second.tail, (tick) => tick.received === 20);
    await worker.channel.call('closeTail', second);
    const third = await worker.channel.call('openTail', tailOf('LATEST'));
    expect((await worker.tick(third.tail, (tick) => tick.state === 'live')).received).toBe(0);
  });

  test('share the bytes that they may hold together', async () => {
    const { local, worker } = await opened();
    await local.engine.createStream({ StreamName: 'orders', ShardCount: 1 });
    const asked = { ...tailOf('LATEST'), bytesMax: 8 * MIB, windowBytesMax: 12 * MIB };
    const first = await worker.channel.call('openTail', asked);
    await worker.tick(first.tail, ({ bounds }) => bounds.bytesMax === 8 * MIB);
    const second = await worker.channel.call('openTail', { ...asked, stream: 'orders' });
    await worker.tick(second.tail, ({ bounds }) => bounds.bytesMax === 6 * MIB);
    await worker.tick(first.tail, ({ bounds }) => bounds.bytesMax === 6 * MIB);
    await worker.channel.call('closeTail', second);
    await worker.tick(first.tail, ({ bounds }) => bounds.bytesMax === 8 * MIB);
  });
});
