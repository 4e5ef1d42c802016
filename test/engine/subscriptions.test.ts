// Consumers with a throughput of their own: what is pushed, when, in which order, and how it ends.
import { describe, expect, test } from 'vitest';
import { subscriptionsMax } from '../../src/engine/subscriptions.ts';
import type { ShardIteratorType } from '../../src/kinesis/shapes.ts';
import { settle } from '../support/testClock.ts';
import { SubscriptionReader as Reader } from './support/subscriptionReader.ts';
import { rejection, TestEngine, textOf } from './support/testEngine.ts';

const shard0 = 'shardId-000000000000';
const arn = (name: string): string => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;

async function withConsumer(
  settings: Parameters<typeof TestEngine.open>[0] = {},
): Promise<{ it: TestEngine; ConsumerARN: string }> {
  const it = await TestEngine.open(settings);
  await it.stream('s', 1);
  return { it, ConsumerARN: await register(it, 'c') };
}

async function register(it: TestEngine, ConsumerName: string): Promise<string> {
  const { Consumer } = await it.engine.registerStreamConsumer({
    StreamARN: arn('s'),
    ConsumerName,
  });
  await it.settle();
  return Consumer.ConsumerARN;
}

async function subscribe(
  it: TestEngine,
  of: {
    ConsumerARN: string;
    ShardId?: string;
    Type?: ShardIteratorType;
    SequenceNumber?: string | undefined;
  },
): Promise<Reader> {
  const { ConsumerARN, ShardId = shard0, Type = 'LATEST', SequenceNumber } = of;
  const StartingPosition = { Type, ...(SequenceNumber !== undefined && { SequenceNumber }) };
  const asked = { ConsumerARN, ShardId, StartingPosition };
  const { EventStream } = await it.engine.subscribeToShard(asked);
  const reader = new Reader(EventStream);
  await settle();
  return reader;
}

describe('a subscription', () => {
  test('tells a record as soon as it is stored, without the clock moving', async () => {
    const { it, ConsumerARN } = await withConsumer();
    const reader = await subscribe(it, { ConsumerARN });
    expect(reader.events).toEqual([]);
    for (const data of ['a', 'b', 'c']) {
      const { SequenceNumber } = await it.put('s', 'k', data);
      await settle();
      const event = reader.events.at(-1)!;
      expect(event.Records.map((record) => [record.SequenceNumber, textOf(record.Data)])).toEqual([
        [SequenceNumber, data],
      ]);
      expect(event.MillisBehindLatest).toBe(0);
    }
    expect(reader.events).toHaveLength(3);
  });

  test('says something every five seconds, and moves on with it', async () => {
    const { it, ConsumerARN } = await withConsumer();
    const reader = await subscribe(it, { ConsumerARN });
    await it.clock.advance(4999);
    expect(reader.events).toHaveLength(0);
    await it.clock.advance(20_001);
    expect(reader.events).toHaveLength(5);
    for (const event of reader.events) {
      expect(event).toMatchObject({ Records: [], MillisBehindLatest: 0 });
      expect(event.ContinuationSequenceNumber).toMatch(/^\d{56}$/);
    }
  });

  test('says something when it is due, whatever fractions make of the sum', async () => {
    const { it, ConsumerARN } = await withConsumer();
    const { clock } = it;
    // What is due five seconds later is less than five seconds later, as doubles have it.
    const isShort = () => clock.monotonic() + 5000 - clock.monotonic() < 5000;
    while (!isShort()) await clock.advance(0.1);
    const reader = await subscribe(it, { ConsumerARN });
    await clock.advance(5000);
    expect(reader.events).toHaveLength(1);
    await clock.advance(4999);
    expect(reader.events).toHaveLength(1);
  });

  test('never goes back with its continuation: not before a record that was told, nor before itself', async () => {
    const { it, ConsumerARN } = await withConsumer();
    const first = await subscribe(it, { ConsumerARN });
    await it.clock.advance(60_000);
    const { SequenceNumber } = await it.put('s', 'k', 'a');
    await it.clock.advance(10_000);
    const continuation = first.events.at(-1)!.ContinuationSequenceNumber;
    await it.clock.advance(300_000);
    const Type = 'AFTER_SEQUENCE_NUMBER';
    const next = await subscribe(it, { ConsumerARN, Type, SequenceNumber: continuation });
    await it.clock.advance(10_000);
    const last = await it.put('s', 'k', 'b');
    await settle();
    const events = [...first.events, ...next.events];
    const told = events.map(({ ContinuationSequenceNumber: number }) => BigInt(number!));
    expect(told).toEqual(told.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(events.filter(({ Records }) => Records.length > 0)).toHaveLength(2);
    expect(told.filter((number) => number > BigInt(SequenceNumber)).length).toBeGreaterThan(2);
    expect(told.at(-1)).toBe(BigInt(last.SequenceNumber));
  });

  test('ends after five minutes, and the next one goes on where it ended', async () => {
    const { it, ConsumerARN } = await withConsumer();
    let reader = await subscribe(it, { ConsumerARN, Type: 'TRIM_HORIZON' });
    const told: string[] = [];
    const put: string[] = [];
    for (let minute = 0; minute < 22; minute++) {
      if (minute % 3 !== 1) {
        put.push(String(minute));
        await it.put('s', 'k', String(minute));
      }
      await it.clock.advance(60_000);
      if (!reader.isOver) continue;
      told.push(...reader.data);
      expect(reader.error).toBeUndefined();
      const SequenceNumber = reader.events.at(-1)!.ContinuationSequenceNumber;
      const Type = 'AFTER_SEQUENCE_NUMBER';
      reader = await subscribe(it, { ConsumerARN, Type, SequenceNumber });
    }
    await settle();
    expect([...told, ...reader.data]).toEqual(put);
    expect(told.length).toBeGreaterThan(10);
  });

  test('ends at the end of a closed shard with its children and without a continuation', async () => {
    const { it, ConsumerARN } = await withConsumer();
    const reader = await subscribe(it, { ConsumerARN, Type: 'TRIM_HORIZON' });
    await it.put('s', 'k', 'before');
    await it.engine.splitShard({
      StreamName: 's',
      ShardToSplit: shard0,
      NewStartingHashKey: (2n ** 127n).toString(),
    });
    await it.settle();
    await settle();
    expect([reader.isOver, reader.error, reader.data]).toEqual([true, undefined, ['before']]);
    const last = reader.events.at(-1)!;
    expect(last.ChildShards!.map(({ ShardId }) => ShardId)).toEqual([
      'shardId-000000000001',
      'shardId-000000000002',
    ]);
    expect(last.ChildShards!.every(({ ParentShards }) => ParentShards[0] === shard0)).toBe(true);
    expect('ContinuationSequenceNumber' in last).toBe(false);
    for (const event of reader.events.slice(0, -1)) expect(event.ChildShards).toBeUndefined();
  });

  test('tells the end of a shard after its last records, in an event without any', async () => {
    const { it, ConsumerARN } = await withConsumer();
    await it.put('s', 'k', 'before');
    await it.engine.splitShard({
      StreamName: 's',
      ShardToSplit: shard0,
      NewStartingHashKey: (2n ** 127n).toString(),
    });
    await it.settle();
    const reader = await subscribe(it, { ConsumerARN, Type: 'TRIM_HORIZON' });
    await settle();
    expect(reader.isOver).toBe(true);
    expect(reader.events.map(({ Records }) => Records.length)).toEqual([1, 0]);
    const [records, end] = reader.events;
    expect(records!.ChildShards).toBeUndefined();
    expect(end!.ChildShards).toHaveLength(2);
    const SequenceNumber = records!.ContinuationSequenceNumber;
    const again = await subscribe(it, {
      ConsumerARN,
      Type: 'AFTER_SEQUENCE_NUMBER',
      SequenceNumber,
    });
    await settle();
    expect(again.events).toEqual([end]);
  });

  test('gives an old reader pages up to the tip and then what comes', async () => {
    const { it, ConsumerARN } = await withConsumer();
    const put = Array.from({ length: 30 }, (_, place) => String(place));
    for (const data of put) await it.put('s', 'k', data.padEnd(300_000, '.'));
    const reader = await subscribe(it, { ConsumerARN, Type: 'TRIM_HORIZON' });
    expect(reader.events.length).toBeGreaterThan(3);
    expect(reader.events[0]!.MillisBehindLatest).toBeGreaterThan(0);
    expect(reader.events.at(-1)!.MillisBehindLatest).toBe(0);
    await it.put('s', 'k', 'new');
    await settle();
    expect(reader.data.map((data) => data.replaceAll('.', ''))).toEqual([...put, 'new']);
  });

  test('is held to 2 MiB a second with limits aws', async () => {
    const { it, ConsumerARN } = await withConsumer({ limits: 'aws' });
    for (let second = 0; second < 8; second++) {
      await it.put('s', 'k', '.'.repeat(1_000_000));
      await it.clock.advance(1000);
    }
    const reader = await subscribe(it, { ConsumerARN, Type: 'TRIM_HORIZON' });
    const counts: number[] = [];
    for (let second = 0; second < 5; second++) {
      counts.push(reader.data.length);
      await it.clock.advance(1000);
    }
    expect(counts[0]).toBeLessThanOrEqual(4);
    expect(counts.at(-1)).toBe(8);
    for (let at = 1; at < counts.length; at++) {
      expect(counts[at]! - counts[at - 1]!).toBeLessThanOrEqual(4);
    }
  });

  test('another one of the pair waits five seconds, then takes its place', async () => {
    const { it, ConsumerARN } = await withConsumer();
    const first = await subscribe(it, { ConsumerARN });
    const refused = await rejection(subscribe(it, { ConsumerARN }));
    expect(refused).toMatchObject({ name: 'ResourceInUseException' });
    await it.clock.advance(5000);
    const second = await subscribe(it, { ConsumerARN });
    expect(first.error).toMatchObject({
      name: 'ResourceInUseException',
      message: `Another active subscription exists for this consumer: 000000000000:s:${shard0}:c`,
    });
    await it.put('s', 'k', 'x');
    await settle();
    expect([first.data, second.data]).toEqual([[], ['x']]);
  });

  test('may be begun again at once when the one before has ended, but with limits aws', async () => {
    for (const limits of ['warn', 'aws'] as const) {
      const { it, ConsumerARN } = await withConsumer({ limits });
      const first = await subscribe(it, { ConsumerARN });
      await first.leave();
      await settle();
      expect(first.isOver).toBe(true);
      await it.clock.advance(1500);
      const again = await subscribe(it, { ConsumerARN }).catch((error: Error) => error.name);
      if (limits === 'aws') expect(again).toBe('ResourceInUseException');
      else expect(again).toBeInstanceOf(Reader);
    }
  });

  test('that is left before its first event frees the pair', async () => {
    const { it, ConsumerARN } = await withConsumer({ limits: 'warn' });
    const StartingPosition = { Type: 'LATEST' } as const;
    const asked = { ConsumerARN, ShardId: shard0, StartingPosition };
    const { EventStream } = await it.engine.subscribeToShard(asked);
    await EventStream[Symbol.asyncIterator]().return?.();
    const reader = await subscribe(it, { ConsumerARN });
    await it.put('s', 'k', 'x');
    await settle();
    expect(reader.data).toEqual(['x']);
  });

  test('that nobody ever reads counts until another takes its place', async () => {
    const { it, ConsumerARN } = await withConsumer({ limits: 'off' });
    const StartingPosition = { Type: 'LATEST' } as const;
    const asked = { ConsumerARN, ShardId: shard0, StartingPosition };
    for (let round = 0; round <= subscriptionsMax; round++) {
      await it.engine.subscribeToShard(asked);
      await it.clock.advance(5000);
    }
    const reader = await subscribe(it, { ConsumerARN });
    await it.put('s', 'k', 'x');
    await settle();
    expect(reader.data).toEqual(['x']);
  });

  test('ends with its consumer, its stream and the engine', async () => {
    const { it, ConsumerARN } = await withConsumer();
    const other = await subscribe(it, { ConsumerARN: await register(it, 'other') });
    const reader = await subscribe(it, { ConsumerARN });
    await it.engine.deregisterStreamConsumer({ ConsumerARN });
    await settle();
    expect(reader.error).toMatchObject({ name: 'ResourceNotFoundException' });
    expect(other.isOver).toBe(false);
    await it.engine.deleteStream({ StreamName: 's', EnforceConsumerDeletion: true });
    await settle();
    expect(other.error).toMatchObject({ name: 'ResourceNotFoundException' });
    const next = await withConsumer();
    const last = await subscribe(next.it, next);
    await next.it.engine.close();
    await settle();
    expect([last.isOver, last.error]).toEqual([true, undefined]);
  });

  test('leaves nothing behind: no timer, no listener, no count', async () => {
    const { it, ConsumerARN } = await withConsumer();
    const before = it.clock.pendingTimers;
    const readers: Reader[] = [];
    for (let round = 0; round < 5; round++) {
      readers.push(await subscribe(it, { ConsumerARN }));
      await it.clock.advance(5001);
    }
    for (const reader of readers) await reader.leave();
    await settle();
    expect(readers.every(({ isOver }) => isOver)).toBe(true);
    expect(it.clock.pendingTimers).toBe(before);
  });
});

describe('consumers', () => {
  test('are CREATING, ACTIVE and DELETING in turn, also over a kill', async () => {
    const it = await TestEngine.open({ stateDelays: 1000 });
    await it.stream('s');
    const StreamARN = arn('s');
    const asked = { StreamARN, ConsumerName: 'c' };
    const { Consumer } = await it.engine.registerStreamConsumer(asked);
    expect(Consumer).toMatchObject({
      ConsumerName: 'c',
      ConsumerStatus: 'CREATING',
      ConsumerARN: `${StreamARN}/consumer/c:${Consumer.ConsumerCreationTimestamp.getTime() / 1000}`,
    });
    const status = async (): Promise<string> =>
      (await it.engine.describeStreamConsumer(asked)).ConsumerDescription.ConsumerStatus;
    await it.reopenAfterKill();
    expect(await status()).toBe('CREATING');
    await it.settle();
    expect(await status()).toBe('ACTIVE');
    await it.engine.deregisterStreamConsumer(asked);
    expect(await status()).toBe('DELETING');
    await it.reopenAfterKill();
    await it.settle();
    expect(await rejection(status())).toMatchObject({ name: 'ResourceNotFoundException' });
    await it.clock.advance(1000);
    const again = await it.engine.registerStreamConsumer(asked);
    expect(again.Consumer.ConsumerARN).not.toBe(Consumer.ConsumerARN);
  });

  test('are named by their ARN, or by name and stream, or by both when these agree', async () => {
    const { it, ConsumerARN } = await withConsumer();
    const StreamARN = arn('s');
    const ways = [{ ConsumerARN }, { StreamARN, ConsumerName: 'c' }];
    for (const way of [...ways, { ...ways[0], ...ways[1] }]) {
      const { ConsumerDescription } = await it.engine.describeStreamConsumer(way);
      expect(ConsumerDescription).toMatchObject({
        ConsumerARN,
        StreamARN,
        ConsumerStatus: 'ACTIVE',
      });
    }
    for (const way of [
      {},
      { StreamARN },
      { ConsumerName: 'c' },
      { ConsumerARN, ConsumerName: 'd' },
    ]) {
      const refused = await rejection(it.engine.describeStreamConsumer(way));
      expect(refused).toMatchObject({ name: 'InvalidArgumentException' });
    }
    const gone = ConsumerARN.replace(/\d+$/, '1');
    const missing = await rejection(it.engine.describeStreamConsumer({ ConsumerARN: gone }));
    expect(missing.message).toBe(`Consumer ${gone}, account 000000000000 not found.`);
  });

  test('are listed by name, page by page, and counted', async () => {
    const { it } = await withConsumer({ limits: 'off' });
    const names = ['b', 'a', 'z', 'm', 'c2'];
    for (const name of names) await register(it, name);
    const listed: string[] = [];
    let NextToken: string | undefined;
    let pages = 0;
    do {
      const page = await it.engine.listStreamConsumers({
        StreamARN: arn('s'),
        MaxResults: 4,
        NextToken,
      });
      listed.push(...(page.Consumers ?? []).map(({ ConsumerName }) => ConsumerName));
      NextToken = page.NextToken;
      pages++;
    } while (NextToken !== undefined);
    expect([listed, pages]).toEqual([['a', 'b', 'c', 'c2', 'm', 'z'], 2]);
    const { StreamDescriptionSummary } = await it.engine.describeStreamSummary({ StreamName: 's' });
    expect(StreamDescriptionSummary.ConsumerCount).toBe(6);
  });

  test('keep a stream from being deleted unless that is enforced', async () => {
    const { it } = await withConsumer();
    const refused = await rejection(it.engine.deleteStream({ StreamName: 's' }));
    expect(refused).toMatchObject({ name: 'ResourceInUseException' });
    expect(refused.message).toContain('EnforceConsumerDeletion');
    await it.engine.deleteStream({ StreamName: 's', EnforceConsumerDeletion: true });
  });

  test('are at most 20, five of them in CREATING, with limits aws', async () => {
    const it = await TestEngine.open({ limits: 'aws', stateDelays: 1000 });
    await it.engine.createStream({ StreamName: 's', ShardCount: 1 });
    await it.clock.advance(1000);
    let made = 0;
    const add = () =>
      it.engine.registerStreamConsumer({ StreamARN: arn('s'), ConsumerName: `c${made++}` });
    for (let round = 0; round < 4; round++) {
      for (let one = 0; one < 5; one++) await add();
      await it.clock.advance(500);
      if (round === 0) expect((await rejection(add())).message).toContain('CREATING');
      await it.clock.advance(2000);
    }
    expect(await rejection(add())).toMatchObject({ name: 'LimitExceededException' });
    const twice = it.engine.registerStreamConsumer({ StreamARN: arn('s'), ConsumerName: 'c0' });
    expect(await rejection(twice)).toMatchObject({ name: 'ResourceInUseException' });
  });

  test('cannot be subscribed to before they are ACTIVE', async () => {
    const it = await TestEngine.open({ stateDelays: 1000 });
    await it.engine.createStream({ StreamName: 's', ShardCount: 1 });
    await it.clock.advance(1000);
    const { Consumer } = await it.engine.registerStreamConsumer({
      StreamARN: arn('s'),
      ConsumerName: 'c',
    });
    const refused = await rejection(subscribe(it, { ConsumerARN: Consumer.ConsumerARN }));
    expect(refused.message).toMatch(/^Consumer c with creation timestamp \d+ under stream: s , /);
  });
});
