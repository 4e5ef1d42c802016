// The journal: what it says of calls, how it is paged, that it is bounded, and what is not in it.
import { expect, test } from 'vitest';
import { type JournalEntry, journalEntriesMax } from '../../src/admin/controls.ts';
import { Journal, type JournalCall } from '../../src/engine/journal.ts';
import { collectGarbage } from '../support/collectGarbage.ts';
import { TEST_EPOCH_MS } from '../support/testClock.ts';
import { ControlledBench, rejection } from './support/controlledBench.ts';

const call = (operation: string): JournalCall => ({
  atMs: 0,
  durationMs: 0,
  operation,
  streamName: undefined,
  streamArn: undefined,
  iterator: undefined,
});

const numbers = (entries: readonly JournalEntry[]): number[] => entries.map(({ number }) => number);

test('a call is noted with who, what, how long and how it ended', async () => {
  const bench = await ControlledBench.open();
  await bench.streams('orders');
  await bench.controls.addFault({ effect: 'latency', operation: 'PutRecord', latencyMs: 40 });
  const who = { accessKeyId: 'AKIA1', userAgent: 'aws-sdk', requestId: 'r-1' };
  const put = bench.put('orders', 'a', who);
  await bench.clock.advance(40);
  await put;
  await rejection(bench.put('nowhere', 'a'));
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
  const shard = { ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' as const };
  const { ShardIterator } = await bench.api.getShardIterator({ StreamARN, ...shard });
  await bench.controls.stepClock(86_400_000);
  await rejection(bench.api.getRecords({ ShardIterator: ShardIterator! }));
  const { entries, next, missed } = await bench.controls.journal({});
  const base = { durationMs: 0, atMs: TEST_EPOCH_MS + 40 };
  expect(entries).toMatchObject([
    {
      ...base,
      number: 1,
      atMs: TEST_EPOCH_MS,
      durationMs: 40,
      operation: 'PutRecord',
      stream: 'orders',
      ...who,
    },
    {
      ...base,
      number: 2,
      operation: 'PutRecord',
      stream: 'nowhere',
      error: 'ResourceNotFoundException',
      message: 'Stream nowhere under account 000000000000 not found.',
    },
    { ...base, number: 3, operation: 'GetShardIterator', stream: 'orders' },
    // By the machine's clock, and named though its iterator has expired.
    {
      ...base,
      number: 4,
      operation: 'GetRecords',
      stream: 'orders',
      error: 'ExpiredIteratorException',
    },
  ]);
  expect([entries.length, entries[0]!.error, next, missed]).toEqual([4, undefined, 4, 0]);
});

test('records put, got and failed are counted', async () => {
  const bench = await ControlledBench.open();
  await bench.streams('orders');
  await bench.controls.addFault({ effect: 'throttle', shard: 'shardId-000000000001' });
  const Records = ['0', (2n ** 127n).toString()].map((ExplicitHashKey) => {
    return { PartitionKey: 'k', ExplicitHashKey, Data: new Uint8Array(1) };
  });
  await bench.api.putRecords({ StreamName: 'orders', Records });
  await bench.controls.clearFaults();
  await bench.api.putRecords({ StreamName: 'orders', Records });
  const { entries } = await bench.controls.journal({});
  expect(entries).toMatchObject([
    { records: 2, failedRecords: 1 },
    { records: 2, failedRecords: undefined },
  ]);
});

test('calls of our own are not in it', async () => {
  const bench = await ControlledBench.open();
  await bench.streams('orders');
  await bench.put('orders', 'a', { own: true });
  await bench.read('orders');
  expect(await bench.controls.journal({})).toEqual({ entries: [], next: 0, missed: 0 });
});

test('long texts of callers are cut, or not kept', async () => {
  const bench = await ControlledBench.open();
  await bench.streams('orders');
  const long = 'x'.repeat(1024 * 1024);
  const who = { accessKeyId: 'AKIA1', userAgent: long, requestId: 'r-1' };
  const put = { StreamName: 'orders', PartitionKey: long, Data: new Uint8Array(1) };
  await rejection(bench.api.putRecord(put, who));
  await rejection(bench.put(long, 'k', who));
  await rejection(bench.api.getRecords({ ShardIterator: long }, who));
  await rejection(bench.api.describeStream({ StreamARN: long }, who));
  const { entries } = await bench.controls.journal({});
  const streams = ['orders', `${'x'.repeat(512)}…`, undefined, undefined];
  expect(entries.map(({ stream }) => stream)).toEqual(streams);
  for (const entry of entries) {
    expect(entry.error).toBe('ValidationException');
    expect(entry.message).toMatch(/^\d validation errors? detected: Value 'x+…$/);
    expect(JSON.stringify(entry).length).toBeLessThan(3000);
  }
});

test('no text holds the longer one that it was cut from', async () => {
  const journal = new Journal(() => undefined);
  const grown = (): void => {
    for (let i = 0; i < 200; i++) {
      const window = 'x'.repeat(1024 * 1024 - 1) + i;
      const message = `Value '${Buffer.from(window).latin1Slice().slice(5, 400)}' is wrong`;
      journal.add({ ...call('PutRecord'), message });
    }
  };
  await collectGarbage();
  const before = process.memoryUsage().heapUsed;
  grown();
  await collectGarbage();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(20 * 1024 * 1024);
  expect(journal.page({}).entries[0]!.message).toMatch(/^Value 'x{395}' is wrong$/);
});

test('is followed page by page without gap or repeat', () => {
  const journal = new Journal(() => undefined);
  const seen: number[] = [];
  let after = 0;
  for (let round = 0; round < 30; round++) {
    for (let i = 0; i < (round * 7) % 40; i++) journal.add(call('PutRecord'));
    for (;;) {
      const page = journal.page({ after, limit: 10 });
      expect(page.missed).toBe(0);
      seen.push(...numbers(page.entries));
      after = page.next;
      if (page.entries.length < 10) break;
    }
  }
  expect(seen.length).toBeGreaterThan(400);
  expect(seen).toEqual(seen.map((_, index) => index + 1));
});

test('keeps the newest, and says how many a reader missed', () => {
  const journal = new Journal(() => undefined);
  for (let i = 0; i < journalEntriesMax + 100; i++) journal.add(call(`call ${i + 1}`));
  const page = journal.page({ after: 40, limit: 3 });
  expect([numbers(page.entries), page.next, page.missed]).toEqual([[101, 102, 103], 103, 60]);
  expect(page.entries[0]!.operation).toBe('call 101');
  const last = journalEntriesMax + 100;
  expect(numbers(journal.page({ limit: 2 }).entries)).toEqual([last - 1, last]);
  expect(journal.page({ after: last })).toEqual({ entries: [], next: last, missed: 0 });
});

test('a reader of the engine that ran before begins anew', () => {
  const journal = new Journal(() => undefined);
  journal.add(call('PutRecord'));
  const { entries, next, missed } = journal.page({ after: 500 });
  expect([numbers(entries), next, missed]).toEqual([[1], 1, 0]);
});
