// A tail that is told: nothing is asked while nothing comes, and all that polling holds to holds as well.
import { describe, expect, test } from 'vitest';
import { KinesisError } from '../../src/kinesis/errors.ts';
import { localPace } from '../../src/tail/pace.ts';
import type { TailOptions } from '../../src/tail/tailSession.ts';
import { settle, TestClock } from '../support/testClock.ts';
import { type FakeOptions, FakeStream, networkLost } from './support/fakeStream.ts';
import { eventsOf, numbers, openTail, recordsOf, tailing } from './support/openTail.ts';

const pushing = (model: Partial<FakeOptions> = {}, options: Partial<TailOptions> = {}) =>
  tailing(model, { pace: localPace, ...options });

const callsOf = (stream: FakeStream): number =>
  [...stream.calls.values()].reduce((sum, count) => sum + count, 0);

test('a record is a row without the clock moving', async () => {
  const { stream, clock, tab } = await pushing({ shards: 3 });
  for (const [at, shard] of stream.shards.entries()) {
    stream.put(shard, `${at}`);
    await settle();
  }
  expect(numbers(recordsOf(tab))).toEqual(['0', '1', '2']);
  await clock.advance(1000);
  expect(stream.calls.get('GetRecords')).toBeUndefined();
});

test('an idle tail makes no calls, but for one of each shard in five minutes', async () => {
  const { clock, stream, tab } = await pushing({ shards: 7 });
  const before = callsOf(stream);
  expect(before).toBeLessThanOrEqual(7 + 3 + 1);
  await clock.advance(299_000);
  expect(callsOf(stream)).toBe(before);
  await clock.advance(300_000);
  expect(callsOf(stream)).toBe(before + 7);
  expect(tab.tick()).toMatchObject({ state: 'live', millisBehindLatest: 0 });
});

test('a subscription that ends is begun again behind what was read, also when that was nothing', async () => {
  const start = { type: 'LATEST' } as const;
  const { clock, stream, tab } = await pushing({ shards: 2 }, { start });
  const [first, second] = stream.shards;
  await clock.advance(299_000);
  stream.put(first!, 'a');
  await clock.advance(10_000);
  stream.put(second!, 'b');
  stream.put(first!, 'c');
  await clock.advance(700_000);
  stream.put(second!, 'd');
  await clock.advance(100);
  expect(numbers(recordsOf(tab)).toSorted()).toEqual(['a', 'b', 'c', 'd']);
  expect(stream.calls.get('SubscribeToShard')).toBe(2 * 4);
});

test('LATEST stays what it was where the engine is ahead of our clock: its numbers tell where to go on', async () => {
  const clock = new TestClock();
  const stream = new FakeStream({ clock, shards: 1, arrivalJitterMs: () => 86_400_000 });
  stream.put(stream.shards[0]!, 'old');
  const { tab } = openTail({ stream, clock }, { pace: localPace, start: { type: 'LATEST' } });
  await clock.advance(400_000);
  stream.put(stream.shards[0]!, 'new');
  await clock.advance(100);
  expect(stream.calls.get('SubscribeToShard')).toBe(2);
  expect(numbers(recordsOf(tab))).toEqual(['new']);
});

test('a paused tail holds no subscription, and goes on behind its last record', async () => {
  const { clock, stream, shard, session, tab } = await pushing({ shards: 2 });
  stream.put(shard, 'a');
  await clock.advance(100);
  expect(stream.subscriptions.size).toBe(2);
  session.pause();
  await clock.advance(10);
  expect(stream.subscriptions.size).toBe(0);
  stream.put(shard, 'b');
  stream.put(shard, 'c');
  await clock.advance(5000);
  expect(tab.tick().millisBehindLatest).toBeGreaterThan(0);
  expect(numbers(recordsOf(tab))).toEqual(['a']);
  session.resume();
  await clock.advance(100);
  expect(numbers(recordsOf(tab))).toEqual(['a', 'b', 'c']);
  session.dispose();
  await clock.advance(0);
  expect([stream.subscriptions.size, clock.pendingTimers]).toEqual([0, 0]);
});

test('with more shards than are subscribed to the others are polled, and take the places of those that end', async () => {
  const shardsMax = 5;
  const pace = { ...localPace, pushShardsMax: shardsMax };
  const { clock, stream, tab } = await pushing({ shards: shardsMax + 3 }, { pace });
  expect(stream.subscriptions.size).toBe(shardsMax);
  for (const [at, shard] of stream.shards.entries()) stream.put(shard, `${at}`);
  await clock.advance(300);
  expect(recordsOf(tab)).toHaveLength(shardsMax + 3);
  expect(stream.calls.get('GetRecords')).toBeGreaterThan(3);
  for (const one of stream.open.slice(0, 2)) stream.merge(one, stream.open.at(-1)!);
  await clock.advance(1000);
  expect(stream.subscriptions.size).toBe(shardsMax);
});

test('shards of a stream that no subscription is bounded for stay within the named bound', async () => {
  const { stream } = await pushing({ shards: localPace.pushShardsMax + 50 });
  expect(stream.subscriptions.size).toBe(localPace.pushShardsMax);
  expect(stream.inFlightMax).toBeLessThanOrEqual(localPace.callsMax);
});

test.each([
  new KinesisError('LimitExceededException', 'No more than 4000 subscriptions of tails.'),
  new KinesisError('ResourceNotFoundException', 'Consumer c:0, account 1 not found.'),
])('where it may not subscribe it polls: $message', async (refusal) => {
  let isRefused = true;
  const { clock, stream, shard, tab } = await pushing({
    shards: 3,
    fault: (operation) => (isRefused && operation === 'SubscribeToShard' ? refusal : undefined),
  });
  stream.put(shard, 'a');
  await clock.advance(1000);
  expect(numbers(recordsOf(tab))).toEqual(['a']);
  expect(eventsOf(tab)).toEqual([]);
  expect(stream.calls.get('SubscribeToShard')).toBe(3);
  isRefused = false;
  await clock.advance(5000);
  expect(stream.subscriptions.size).toBe(3);
});

test('a lost connection is said once, with how long it lasted, and a single cut not at all', async () => {
  let isLost = false;
  const { clock, stream, shard, tab } = await pushing({
    shards: 2,
    fault: () => (isLost ? networkLost() : undefined),
  });
  for (const one of stream.subscriptions) one.cut(networkLost());
  await clock.advance(2000);
  expect([eventsOf(tab), stream.subscriptions.size]).toEqual([[], 2]);
  isLost = true;
  for (const one of stream.subscriptions) one.cut(networkLost());
  await clock.advance(3000);
  expect(tab.tick()).toMatchObject({ state: 'live', problem: { action: 'startEngine' } });
  stream.put(shard, 'a');
  isLost = false;
  await clock.advance(3000);
  expect(eventsOf(tab)).toEqual([
    expect.stringMatching(/^The engine does not answer/),
    expect.stringMatching(
      /^The engine is back after \d\.\d s; reading goes on where it stopped\.$/,
    ),
  ]);
  expect(tab.tick().problem).toBeUndefined();
  expect(numbers(recordsOf(tab))).toEqual(['a']);
});

test('a subscription that ends without a word each time is not begun again without a pause', async () => {
  const clock = new TestClock();
  const stream = new FakeStream({ clock, shards: 1 });
  const { subscribeToShard } = stream.api;
  stream.api.subscribeToShard = async (input, context) => {
    const { EventStream } = await subscribeToShard(input, context);
    void EventStream[Symbol.asyncIterator]().return?.();
    return { EventStream: (async function* () {})() };
  };
  openTail({ stream, clock }, { pace: localPace });
  await clock.advance(10_000);
  const { first } = localPace.retryMs;
  expect(stream.calls.get('SubscribeToShard')).toBeLessThanOrEqual(10_000 / first + 1);
});

test('rates come from arrival times and fall to nothing, though nobody asks', async () => {
  const { clock, stream, shard, ticks, tab } = await pushing();
  for (let at = 0; at < 30; at++) {
    stream.put(shard, 'ABCDE');
    await clock.advance(50);
  }
  const { recordsPerSecond, bytesPerSecond } = tab.tick();
  expect(recordsPerSecond).toBeGreaterThanOrEqual(18);
  expect(recordsPerSecond).toBeLessThanOrEqual(22);
  expect(bytesPerSecond).toBe(5 * recordsPerSecond);
  await clock.advance(3000);
  expect(ticks.at(-1)!.recordsPerSecond).toBe(0);
});

describe('what happens to the stream', () => {
  test('a split and a merge are told where they belong, with no listing', async () => {
    const { clock, stream, tab } = await pushing({ shards: 2 });
    const listings = stream.calls.get('ListShards');
    const [first, second] = stream.shards;
    stream.put(first!, 'a');
    stream.split(first!);
    stream.put(stream.shards[2]!, 'b');
    await clock.advance(100);
    stream.merge(stream.shards[3]!, second!);
    stream.put(stream.shards[4]!, 'c');
    await clock.advance(20_000);
    expect(numbers(recordsOf(tab))).toEqual(['a', 'b', 'c']);
    expect(eventsOf(tab)).toEqual([
      'Shard 0 was split: its last record is above, 2 and 3 go on from here.',
      'Shards 3 and 1 were merged: 4 goes on from here.',
    ]);
    expect(stream.calls.get('ListShards')).toBe(listings);
    expect(tab.tick().shards.map(({ isOpen }) => isOpen)).toEqual([
      ...[false, false, true, false, true],
    ]);
  });

  test('its end is the end of the tail, which keeps its rows', async () => {
    const { clock, stream, shard, tab } = await pushing();
    stream.put(shard, 'a');
    await clock.advance(100);
    stream.isDeleted = true;
    stream.changed.fire();
    await clock.advance(1000);
    expect(tab.tick().state).toBe('ended');
    expect(eventsOf(tab)).toEqual([expect.stringMatching(/was deleted/)]);
    expect(numbers(recordsOf(tab))).toEqual(['a']);
    expect(stream.subscriptions.size).toBe(0);
  });
});
