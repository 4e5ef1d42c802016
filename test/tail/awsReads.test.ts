// What a tail takes of a shard on AWS, whose reads others share: how often it asks, what it holds back for, what it says.
import { describe, expect, test } from 'vitest';
import { KinesisError } from '../../src/kinesis/errors.ts';
import { awsPace, awsPaceOf, localPace } from '../../src/tail/pace.ts';
import { ReadMeter } from '../../src/tail/readMeter.ts';
import { ReadRhythm } from '../../src/tail/readRhythm.ts';
import { TestClock } from '../support/testClock.ts';
import { type FakeOptions, FakeStream, networkLost } from './support/fakeStream.ts';
import { eventsOf, numbers, openTail, recordsOf, tailing } from './support/openTail.ts';

const rateExceeded = () =>
  new KinesisError('ProvisionedThroughputExceededException', 'Rate exceeded.');

const onAws = (model: Partial<FakeOptions> = {}, readsPerSecond = 1) =>
  tailing(model, { place: 'aws', pace: awsPaceOf({ readsPerSecond }) });

const atTime = (timestampMs: number) => ({ type: 'AT_TIMESTAMP', timestampMs }) as const;

/** Calls of GetRecords while `pass` goes on. */
async function callsWhile(stream: FakeStream, pass: () => Promise<void>): Promise<number> {
  const before = stream.calls.get('GetRecords') ?? 0;
  await pass();
  return (stream.calls.get('GetRecords') ?? 0) - before;
}

/** A stream with a record each `everyMs`. */
async function flow(
  { clock, stream, shard }: Awaited<ReturnType<typeof onAws>>,
  { seconds, everyMs = 500 }: { seconds: number; everyMs?: number },
): Promise<void> {
  for (let at = 0; at < seconds * 1000; at += everyMs) {
    stream.put(shard, 'a');
    await clock.advance(everyMs);
  }
}

describe('what may have expired', () => {
  const dayMs = 24 * 3_600_000;
  const gaps = (tab: Parameters<typeof eventsOf>[0]) =>
    eventsOf(tab).filter((text) => text.startsWith('A gap'));

  const starts = [
    ['the horizon', () => ({ type: 'TRIM_HORIZON' }) as const],
    ['LATEST', () => ({ type: 'LATEST' }) as const],
    ['10 minutes ago', (nowMs: number) => atTime(nowMs - 600_000)],
  ] as const;
  const walks = starts.flatMap(([name, startOf]) =>
    [4, 12].map((pages) => [pages, name, startOf] as const),
  );

  test.each(walks)(
    'is no row where %d pages without records only lead to the end: from %s',
    async (walkPages, _, startOf) => {
      const clock = new TestClock();
      const stream = new FakeStream({ clock, shards: 3, walkPages });
      stream.put(stream.shards[0]!, 'of an hour ago');
      await clock.advance(3_600_000);
      const start = startOf(clock.now());
      const { tab } = openTail({ stream, clock }, { place: 'aws', pace: awsPace, start });
      const calls = await callsWhile(stream, () => clock.advance(10_000));
      expect(gaps(tab)).toEqual([]);
      expect(calls).toBeLessThanOrEqual(3 * (walkPages + 11));
      // A day of sleep, and what was there before the start still is.
      clock.setWall(clock.now() + 1.1 * dayMs);
      await clock.advance(10_000);
      const ofFirst = gaps(tab).filter((text) => text.includes('shard 0 '));
      if (start.type !== 'TRIM_HORIZON') expect(ofFirst).toEqual([]);
    },
  );

  test.each([2, 120])('is asked seldom of old records that lie %d s apart', async (seconds) => {
    const clock = new TestClock();
    const stream = new FakeStream({ clock, shards: 1, pageMax: 1 });
    for (let count = 0; count < 100; count++) {
      stream.put(stream.shards[0]!, 'a');
      await clock.advance(seconds * 1000);
    }
    await clock.advance(2 * dayMs);
    const { tab } = openTail({ stream, clock }, { place: 'aws', pace: awsPace });
    const calls = await callsWhile(stream, () => clock.advance(60_000));
    expect(calls).toBeGreaterThan(55);
    expect(calls).toBeLessThanOrEqual(61 + (seconds > 60 ? 7 : 2));
    expect(gaps(tab)).toEqual([]);
  });

  test.each([
    ['is throttled', rateExceeded()],
    ['gets no answer', networkLost()],
    ['is an internal failure', new KinesisError('InternalFailure', 'Try again.', 500)],
  ])('is asked again where the question %s', async (_, error) => {
    const clock = new TestClock();
    let [refusals, iterators] = [0, 0];
    const fault = (operation: string) => {
      if (operation === 'GetShardIterator') iterators++;
      const isQuestion = operation === 'GetRecords' && iterators > 1;
      return isQuestion && refusals++ < 2 ? error : undefined;
    };
    const stream = new FakeStream({ clock, shards: 1, fault, iteratorLifeMs: 2 * dayMs });
    stream.put(stream.shards[0]!, 'a');
    const { tab } = openTail({ stream, clock }, { place: 'aws', pace: awsPace });
    await clock.advance(5000);
    // The machine sleeps, and its connections and iterators live on.
    clock.setWall(clock.now() + 1.1 * dayMs);
    stream.put(stream.shards[0]!, 'b');
    await clock.advance(20_000);
    expect(refusals).toBeGreaterThan(2);
    expect(recordsOf(tab).map(({ preview }) => preview)).toEqual(['a', 'b']);
    expect(gaps(tab)).toEqual([]);
  });
});

describe('how often a shard is asked', () => {
  test.each([
    [0.2, 20],
    [1, 100],
    [5, 500],
    [0.01, 20],
    [50, 500],
  ])('%d a second are %d calls in 100 s of a busy shard, at most', async (readsPerSecond, most) => {
    const tail = await onAws({}, readsPerSecond);
    const calls = await callsWhile(tail.stream, () => flow(tail, { seconds: 100 }));
    expect(calls).toBeLessThanOrEqual(most + 1);
    expect(calls).toBeGreaterThan(0.9 * most);
  });

  test('one that is quiet for long every four seconds, and each second again once a record comes', async () => {
    const tail = await onAws();
    const { clock, stream, shard } = tail;
    const first = await callsWhile(stream, () => clock.advance(10_000));
    expect(first).toBeGreaterThanOrEqual(9);
    await clock.advance(60_000);
    expect(await callsWhile(stream, () => clock.advance(40_000))).toBeLessThanOrEqual(11);
    stream.put(shard, 'a');
    await clock.advance(4000);
    expect(await callsWhile(stream, () => flow(tail, { seconds: 10 }))).toBeGreaterThanOrEqual(9);
    // A short quiet is none.
    expect(await callsWhile(stream, () => clock.advance(9000))).toBeGreaterThanOrEqual(8);
  });

  test('one that is throttled half as often each time, down to every 20 s, and slowly more often again', async () => {
    let isThrottled = false;
    const tail = await onAws({
      fault: (operation) =>
        isThrottled && operation === 'GetRecords' ? rateExceeded() : undefined,
    });
    const { clock, stream, tab } = tail;
    await flow(tail, { seconds: 10 });
    expect(tab.tick().reads).toMatchObject({ heldBackCount: 0 });
    isThrottled = true;
    const refused = await callsWhile(stream, () => flow(tail, { seconds: 60 }));
    expect(refused).toBeLessThanOrEqual(6);
    expect(tab.tick().reads).toMatchObject({ heldBackCount: 1 });
    await flow(tail, { seconds: 60 });
    expect(await callsWhile(stream, () => flow(tail, { seconds: 120 }))).toBeLessThanOrEqual(6);
    isThrottled = false;
    await flow(tail, { seconds: 30 });
    expect(await callsWhile(stream, () => flow(tail, { seconds: 30 }))).toBeLessThan(4);
    await flow(tail, { seconds: 240 });
    expect(await callsWhile(stream, () => flow(tail, { seconds: 20 }))).toBeGreaterThanOrEqual(19);
    expect(tab.tick().reads).toMatchObject({ heldBackCount: 0 });
    await clock.advance(30_000);
    expect(eventsOf(tab)).toHaveLength(2);
    expect(numbers(recordsOf(tab))).toHaveLength(2 * (10 + 60 + 60 + 120 + 30 + 30 + 240 + 20));
  });

  test.each([
    [1, 1024],
    [1, 100_000],
    [1, 1024 * 1024],
    [5, 2 * 1024],
  ])(
    'at %d a second a backlog of records of %d B takes at most its part of 2 MiB a second',
    async (readsPerSecond, size) => {
      const clock = new TestClock();
      const stream = new FakeStream({ clock, shards: 1 });
      const firstPage = 64;
      const count = firstPage + Math.ceil((24 * 1024 * 1024) / size);
      const data = new Uint8Array(size);
      for (let made = 0; made < count; made++) stream.put(stream.shards[0]!, data);
      const pace = awsPaceOf({ readsPerSecond });
      const { tab } = openTail(
        { stream, clock },
        { place: 'aws', pace, bounds: { rowsMax: 1e6, bytesMax: 1e9 } },
      );
      await clock.advance(1);
      expect(tab.tick().received).toBe(firstPage);
      // After what was more than its part it stays away as long as that lasts.
      const ours = Math.max(1, (2 * readsPerSecond) / 5) * 1024 * 1024;
      const awayMs = Math.max(1000 / readsPerSecond, (firstPage * size * 1000) / ours);
      await clock.advance(awayMs - 2);
      expect(tab.tick().received).toBe(firstPage);
      await clock.advance(1);
      for (let second = 1; second <= 8; second++) {
        await clock.advance(1000);
        const bytes = (tab.tick().received - firstPage) * size;
        expect(bytes).toBeLessThanOrEqual((second + 1) * ours);
        expect(bytes).toBeGreaterThan((second - 0.2) * ours * 0.9);
      }
    },
  );

  test.each([
    [1, 300, 64],
    [0.5, 300, 40],
    [5, 50, 64],
  ])(
    'at %d a second, answered in %d ms, it keeps up with %d puts of 16 KiB a second',
    async (readsPerSecond, ms, puts) => {
      const tail = await onAws({ latencyMs: () => ms }, readsPerSecond);
      const { clock, stream, shard, tab } = tail;
      await clock.advance(5000);
      const data = new Uint8Array(16 * 1024);
      for (let second = 0; second < 60; second++) {
        for (let put = 0; put < puts; put++) stream.put(shard, data);
        await clock.advance(1000);
      }
      await clock.advance(4000);
      expect(tab.tick()).toMatchObject({ received: 60 * puts, millisBehindLatest: 0 });
    },
  );

  test('shards that are throttled together do not come back together', async () => {
    const times: number[] = [];
    const clock = new TestClock();
    const fault = (operation: string) => {
      if (operation !== 'GetRecords') return undefined;
      times.push(clock.monotonic());
      return rateExceeded();
    };
    const stream = new FakeStream({ clock, shards: 12, fault });
    openTail({ stream, clock }, { place: 'aws', pace: awsPace });
    await clock.advance(6000);
    expect(new Set(times.slice(12, 24)).size).toBeGreaterThan(6);
  });
});

test('how far a paused tail is behind is asked for soon, then seldom, and not while nobody looks', async () => {
  const tail = await onAws({ shards: 2 });
  const { clock, stream, shard, session, tab } = tail;
  await clock.advance(5000);
  session.pause();
  stream.put(shard, 'a');
  await clock.advance(4000);
  expect(tab.tick().millisBehindLatest).toBeGreaterThan(2000);
  await clock.advance(60_000);
  const calls = await callsWhile(stream, () => clock.advance(600_000));
  expect(calls).toBe(2 * 20);
  expect(tab.tick().millisBehindLatest).toBeGreaterThan(600_000);
  tab.show(false);
  expect(await callsWhile(stream, () => clock.advance(600_000))).toBe(0);
});

describe('what is said of it', () => {
  test('calls and bytes a second of the shard that is read most, and which part that is', async () => {
    const tail = await onAws({ shards: 3 });
    const { clock, stream, tab } = tail;
    for (let second = 0; second < 20; second++) {
      stream.put(stream.shards[1]!, new Uint8Array(1024 * 1024));
      await clock.advance(1000);
    }
    const { reads } = tab.tick();
    expect(reads).toMatchObject({ shardId: 'shardId-000000000001', callsPerSecond: 1 });
    expect(reads!.bytesPerSecond).toBeGreaterThan(0.9 * 1024 * 1024);
    expect(reads!.share).toBeCloseTo(0.5, 1);
  });

  test('nothing while it does not read, and nothing of the local engine', async () => {
    const tail = await onAws();
    await flow(tail, { seconds: 5 });
    tail.session.pause();
    expect(tail.tab.tick().reads).toBeUndefined();
    for (const pace of [localPace, { ...localPace, pushShardsMax: 0 }]) {
      const local = await tailing({}, { pace });
      await flow(local, { seconds: 5 });
      expect(local.tab.tick().reads).toBeUndefined();
    }
  });

  test('a tick comes when it changes, at most one a second', async () => {
    const { clock, ticks } = await onAws();
    await clock.advance(100_000);
    expect(ticks.at(-1)!.reads).toMatchObject({ callsPerSecond: expect.closeTo(0.25, 0) });
    const { length } = ticks;
    await clock.advance(3_600_000);
    expect(ticks.length).toBeGreaterThan(length);
    expect(ticks.length - length).toBeLessThanOrEqual(3600);
  });
});

test('the interval of calls never leaves its bounds, whatever passes and fails', () => {
  const rhythm = new ReadRhythm(awsPace);
  expect(rhythm.intervalMs).toBe(awsPace.callIntervalMs);
  for (let call = 0; call < 30; call++) rhythm.throttled();
  expect(rhythm.intervalMs).toBe(awsPace.retryMs.longest);
  for (let call = 0; call < 60; call++) rhythm.passed(true);
  expect([rhythm.isHoldingBack, rhythm.intervalMs]).toEqual([false, awsPace.quietIntervalMsMax]);
  rhythm.passed(false);
  expect(rhythm.intervalMs).toBe(awsPace.callIntervalMs);
});

test('a meter counts the last ten seconds, fewer at first', () => {
  const meter = new ReadMeter();
  expect(meter.rate(5000)).toEqual({ callsPerSecond: 0, bytesPerSecond: 0 });
  for (let second = 0; second < 30; second++) {
    meter.add(5000 + second * 1000, { calls: 2, bytes: 100 });
    expect(meter.rate(5000 + second * 1000)).toEqual({ callsPerSecond: 2, bytesPerSecond: 100 });
  }
  expect(meter.rate(39_000)).toEqual({ callsPerSecond: 1, bytesPerSecond: 50 });
  expect(meter.rate(60_000)).toEqual({ callsPerSecond: 0, bytesPerSecond: 0 });
});
