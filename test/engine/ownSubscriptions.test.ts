// The extension reads by subscriptions of consumers that nobody registered: seen nowhere, counted nowhere, in nobody's way.
import { expect, test } from 'vitest';
import { ownSubscriptionsMax } from '../../src/engine/subscriptions.ts';
import type { CallContext, KinesisApi } from '../../src/kinesis/kinesisApi.ts';
import type { StartingPosition } from '../../src/kinesis/operations/subscribeToShard.ts';
import { settle } from '../support/testClock.ts';
import { ControlledBench } from './support/controlledBench.ts';
import { SubscriptionReader } from './support/subscriptionReader.ts';
import { rejection, TestEngine } from './support/testEngine.ts';

const shard0 = 'shardId-000000000000';
const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
const own = { own: true };

const asked = (name: string, StartingPosition: StartingPosition = { Type: 'LATEST' }) => ({
  ConsumerARN: `${StreamARN}/consumer/${name}:0`,
  ShardId: shard0,
  StartingPosition,
});

async function subscribed(
  api: KinesisApi,
  input: Parameters<KinesisApi['subscribeToShard']>[0],
  context: CallContext = own,
): Promise<SubscriptionReader> {
  const { EventStream } = await api.subscribeToShard(input, context);
  const reader = new SubscriptionReader(EventStream);
  await settle();
  return reader;
}

async function opened(settings: Parameters<typeof TestEngine.open>[0] = {}): Promise<TestEngine> {
  const it = await TestEngine.open(settings);
  await it.stream('s', 1);
  return it;
}

test('it is told at once where it stands, then each record as it is stored, and may stay five minutes', async () => {
  const it = await opened();
  await it.put('s', 'k', 'old');
  const reader = await subscribed(it.engine, asked('tail'));
  expect(reader.events).toMatchObject([{ Records: [], MillisBehindLatest: 0 }]);
  expect(reader.events[0]!.ContinuationSequenceNumber).toMatch(/^\d{56}$/);
  await it.put('s', 'k', 'new');
  await settle();
  expect(reader.data).toEqual(['new']);
  await it.clock.advance(299_999);
  expect(reader.isOver).toBe(false);
  await it.clock.advance(1);
  expect([reader.isOver, reader.error]).toEqual([true, undefined]);
});

test('without the leave of our own such an ARN is refused like one of a consumer that is not there', async () => {
  const it = await opened();
  const refused = await rejection(subscribed(it.engine, asked('tail'), {}));
  expect(refused).toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Consumer ${StreamARN}/consumer/tail:0, account 000000000000 not found.`,
  });
  const later = { ...asked('tail'), ConsumerARN: `${StreamARN}/consumer/tail:1` };
  expect(await rejection(subscribed(it.engine, later))).toMatchObject({
    message: expect.stringMatching(/^Consumer .*:1, account \d+ not found\.$/),
  });
  const elsewhere = asked('tail').ConsumerARN.replace('stream/s/', 'stream/t/');
  const nowhere = await rejection(
    subscribed(it.engine, { ...asked('tail'), ConsumerARN: elsewhere }),
  );
  expect(nowhere.message).toBe('Stream t under account 000000000000 not found.');
});

test('nobody sees it: not listed, not described, in no counter, no journal, and no stream waits for it', async () => {
  const bench = await ControlledBench.open({ settings: { limits: 'aws' } });
  await bench.streams('s');
  const reader = await subscribed(bench.api, asked('tail'));
  await bench.put('s', 'a', own);
  const { controls } = bench;
  const { StreamDescriptionSummary } = await bench.api.describeStreamSummary(
    { StreamName: 's' },
    own,
  );
  expect(StreamDescriptionSummary.ConsumerCount).toBe(0);
  expect((await bench.api.listStreamConsumers({ StreamARN }, own)).Consumers).toEqual([]);
  expect((await controls.journal({})).entries).toEqual([]);
  expect(await controls.counters({})).toMatchObject({ operations: [], streams: [] });
  // A user's call is in both, so that nothing of this is said of all.
  await bench.put('s', 'b');
  expect((await controls.journal({})).entries).toHaveLength(1);
  expect((await controls.counters({})).operations).toHaveLength(1);
  await bench.api.deleteStream({ StreamName: 's' }, own);
  await bench.clock.advance(1000);
  expect(reader.error).toMatchObject({ name: 'ResourceNotFoundException' });
});

test("it is in nobody's way: no rate, no pace, no wait for its own place, and registered ones keep theirs", async () => {
  const it = await opened({ limits: 'aws' });
  const { Consumer } = await it.engine.registerStreamConsumer({ StreamARN, ConsumerName: 'tail' });
  await it.settle();
  for (let second = 0; second < 9; second++) {
    await it.put('s', 'k', '.'.repeat(1_000_000));
    await it.clock.advance(1000);
  }
  const all = { Type: 'TRIM_HORIZON' } as const;
  const first = await subscribed(it.engine, asked('tail', all));
  const again = await subscribed(it.engine, asked('tail', all));
  expect(first.error).toMatchObject({ name: 'ResourceInUseException' });
  await settle(50);
  expect(again.data).toHaveLength(9);
  const registered = { ...asked('', all), ConsumerARN: Consumer.ConsumerARN };
  const theirs = await subscribed(it.engine, registered, {});
  expect(theirs.data.length).toBeLessThan(5);
  expect(await rejection(subscribed(it.engine, registered, {}))).toMatchObject({
    name: 'ResourceInUseException',
  });
  expect(again.isOver).toBe(false);
});

test('what the extension reads by calls is neither limited nor counted either', async () => {
  const it = await opened({ limits: 'aws' });
  await it.put('s', 'k', '.'.repeat(1_000_000));
  const place = { StreamName: 's', ShardId: shard0, ShardIteratorType: 'TRIM_HORIZON' } as const;
  const read = async (context: CallContext) => {
    const { ShardIterator = '' } = await it.engine.getShardIterator(place, context);
    return await it.engine.getRecords({ ShardIterator }, context);
  };
  for (let call = 0; call < 50; call++) expect((await read(own)).Records).toHaveLength(1);
  expect(it.engine.counters().operations.map(({ operation }) => operation)).toEqual([
    'CreateStream',
    'PutRecord',
  ]);
  // All that a shard gives in a second is there for others: two pages of 1 MB, and no more.
  for (let call = 0; call < 2; call++) expect((await read({})).Records).toHaveLength(1);
  expect(await rejection(read({}).then(() => read({})))).toMatchObject({
    name: 'ProvisionedThroughputExceededException',
  });
});

test('an event of it is small, since a window reads very many shards at a time', async () => {
  const it = await opened({ limits: 'off' });
  for (let made = 0; made < 40; made++) await it.put('s', 'k', '.'.repeat(50_000));
  await it.put('s', 'k', '.'.repeat(900_000));
  const reader = await subscribed(it.engine, asked('tail', { Type: 'TRIM_HORIZON' }));
  await settle(50);
  const sizes = reader.events.map(({ Records }) =>
    Records.reduce((sum, { Data }) => sum + Data.length, 0),
  );
  expect(reader.data).toHaveLength(41);
  expect(sizes.at(-1)).toBe(900_000);
  expect(Math.max(...sizes.slice(0, -1))).toBeLessThanOrEqual(256 * 1024);
});

test('their number has an end of its own, and who leaves makes room', async () => {
  const it = await opened();
  const { EventStream } = await it.engine.subscribeToShard(asked('first'), own);
  for (let more = 1; more < ownSubscriptionsMax; more++) {
    await it.engine.subscribeToShard(asked(`tail-${more}`), own);
  }
  expect(await rejection(it.engine.subscribeToShard(asked('last'), own))).toMatchObject({
    name: 'LimitExceededException',
    message: expect.stringContaining(String(ownSubscriptionsMax)),
  });
  const { Consumer } = await it.engine.registerStreamConsumer({ StreamARN, ConsumerName: 'c' });
  await it.settle();
  await it.engine.subscribeToShard({ ...asked(''), ConsumerARN: Consumer.ConsumerARN });
  await EventStream[Symbol.asyncIterator]().return?.();
  await it.engine.subscribeToShard(asked('last'), own);
});

test('it goes on with its continuation over a kill of the engine, and ends with the engine', async () => {
  const it = await opened();
  const before = await subscribed(it.engine, asked('tail'));
  const SequenceNumber = before.events[0]!.ContinuationSequenceNumber!;
  await it.put('s', 'k', 'a');
  await it.reopenAfterKill();
  await it.put('s', 'k', 'b');
  const position = { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber } as const;
  const after = await subscribed(it.engine, asked('tail', position));
  expect(after.data).toEqual(['a', 'b']);
  await it.engine.close();
  await settle();
  expect([after.isOver, after.error]).toEqual([true, undefined]);
});
