// A tail that is told to stop: behind which record it does, and that it goes on from there.
import { expect, test } from 'vitest';
import { awsPace, localPace } from '../../src/tail/pace.ts';
import { aggregateOf } from '../decode/support/aggregates.ts';
import { eventsOf, numbers, pollPace, recordsOf, tailing } from './support/openTail.ts';

const stopped = 'The tail stopped here, as it was asked to. Resume to go on.';

for (const [name, pace] of Object.entries({ pushed: localPace, polled: pollPace })) {
  test(`stops after so many records, in the midst of a page, and goes on behind the last: ${name}`, async () => {
    const { clock, stream, shard, session, tab } = await tailing({}, { pace });
    session.stopAt({ type: 'AFTER_RECORDS', count: 5 });
    for (let index = 0; index < 12; index++) stream.put(shard, `${index}`);
    await clock.advance(1000);
    expect(tab.tick().state).toBe('paused');
    expect(tab.tick().stop).toBeUndefined();
    expect(numbers(recordsOf(tab))).toEqual(['0', '1', '2', '3', '4']);
    expect(eventsOf(tab)).toEqual([stopped]);
    session.resume();
    await clock.advance(1000);
    expect(numbers(recordsOf(tab)).map(Number)).toEqual(Array.from({ length: 12 }, (_, n) => n));
    expect(tab.tick().state).toBe('live');
  });

  test(`counts the records within aggregates, and takes none of these apart: ${name}`, async () => {
    const { clock, stream, shard, session, tab } = await tailing({}, { pace });
    const three = aggregateOf(
      ['x', 'y', 'z'].map((text) => ({ partitionKey: 'k', data: Buffer.from(text) })),
    );
    session.stopAt({ type: 'AFTER_RECORDS', count: 5 });
    stream.put(shard, 'a');
    await clock.advance(1000);
    stream.put(shard, three);
    await clock.advance(1000);
    expect(tab.tick().stop).toEqual({ type: 'AFTER_RECORDS', count: 1 });
    for (const data of [three, 'b', three]) stream.put(shard, data);
    await clock.advance(1000);
    expect([tab.tick().state, tab.tick().received]).toEqual(['paused', 7]);
    expect(numbers(recordsOf(tab))).toEqual(['a', 'x', 'y', 'z', 'x', 'y', 'z']);
    session.resume();
    await clock.advance(1000);
    expect(numbers(recordsOf(tab)).slice(7)).toEqual(['b', 'x', 'y', 'z']);
  });

  test(`tells how many are still to come, over all shards: ${name}`, async () => {
    const { clock, stream, session, tab } = await tailing({ shards: 3 }, { pace });
    session.stopAt({ type: 'AFTER_RECORDS', count: 7 });
    for (const shard of stream.shards) stream.put(shard, 'a');
    await clock.advance(1000);
    expect(tab.tick().stop).toEqual({ type: 'AFTER_RECORDS', count: 4 });
    for (let index = 0; index < 9; index++) stream.put(stream.shards[index % 3]!, 'b');
    await clock.advance(1000);
    expect([tab.tick().state, tab.tick().received]).toEqual(['paused', 7]);
    session.resume();
    await clock.advance(1000);
    expect(tab.tick().received).toBe(12);
    expect(tab.tick().shards.map(({ received }) => received)).toEqual([4, 4, 4]);
  });

  test(`stops behind what arrived up to a time, and shows what of it came late: ${name}`, async () => {
    const { clock, stream, session, tab } = await tailing({ shards: 2 }, { pace });
    const [first, second] = stream.shards;
    const timestampMs = clock.now() + 10_000;
    session.stopAt({ type: 'AT_TIMESTAMP', timestampMs });
    for (let index = 0; index < 30; index++) {
      stream.put(first!, `${index}`);
      await clock.advance(500);
      if (tab.tick().state === 'paused') break;
    }
    expect(tab.tick().state).toBe('paused');
    expect(clock.now() - timestampMs).toBeLessThan(1500);
    const shown = recordsOf(tab);
    expect(shown.every(({ arrivedMs }) => arrivedMs <= timestampMs)).toBe(true);
    stream.put(second!, 'after');
    session.resume();
    await clock.advance(2000);
    expect(recordsOf(tab).length).toBe(stream.recordCount);
  });

  test(`stops at a time of the past once it has read up to it, through a split: ${name}`, async () => {
    const { clock, stream, shard, session, tab } = await tailing({ shards: 2 }, { pace });
    session.pause();
    stream.put(shard, 'before');
    await clock.advance(1000);
    stream.split(shard);
    stream.put(stream.shards[2]!, 'child');
    const timestampMs = clock.now();
    await clock.advance(1000);
    stream.put(stream.shards[2]!, 'later');
    session.stopAt({ type: 'AT_TIMESTAMP', timestampMs });
    session.restart({ type: 'TRIM_HORIZON' });
    await clock.advance(5000);
    expect(tab.tick().state).toBe('paused');
    expect(numbers(recordsOf(tab))).toEqual(['before', 'child']);
  });

  test(`stops at a time when nothing comes at all: ${name}`, async () => {
    const { clock, session, tab } = await tailing({ shards: 2 }, { pace });
    session.stopAt({ type: 'AT_TIMESTAMP', timestampMs: clock.now() + 60_000 });
    await clock.advance(59_000);
    expect(tab.tick().state).toBe('live');
    await clock.advance(2000);
    expect(tab.tick().state).toBe('paused');
  });
}

test('a stop that is taken back is none', async () => {
  const { clock, stream, shard, session, tab } = await tailing();
  session.stopAt({ type: 'AFTER_RECORDS', count: 1 });
  session.stopAt(undefined);
  for (let index = 0; index < 3; index++) stream.put(shard, `${index}`);
  await clock.advance(1000);
  expect([tab.tick().state, tab.tick().received]).toEqual(['live', 3]);
});

for (const rule of ['none', 'a later one'] as const) {
  test(`a shard that has come to the stop goes on when there is ${rule} instead, while others are behind`, async () => {
    const { clock, stream, session, tab } = await tailing(
      { shards: 2, pageMax: 10 },
      { place: 'aws', pace: awsPace },
    );
    const [ahead, behind] = stream.shards;
    session.pause();
    const timestampMs = clock.now() + 500;
    for (let index = 0; index < 300; index++) stream.put(behind!, `${index}`);
    await clock.advance(1000);
    stream.put(ahead!, 'later');
    session.stopAt({ type: 'AT_TIMESTAMP', timestampMs });
    session.resume();
    await clock.advance(5000);
    expect([tab.tick().state, tab.tick().shards[0]?.received]).toEqual(['live', 0]);
    const later = { type: 'AT_TIMESTAMP', timestampMs: clock.now() + 600_000 } as const;
    session.stopAt(rule === 'none' ? undefined : later);
    await clock.advance(60_000);
    expect([tab.tick().state, recordsOf(tab).length]).toEqual(['live', stream.recordCount]);
  });
}

test.each([1_000, 9_900, 60_000])(
  'stops at a time only once all that arrived before it was asked for, %d ms on',
  async (waitMs) => {
    const { clock, stream, shard, session, tab } = await tailing(
      {},
      { place: 'aws', pace: awsPace },
    );
    // A quiet shard is asked every four seconds.
    await clock.advance(60_000);
    const timestampMs = clock.now() + waitMs;
    session.stopAt({ type: 'AT_TIMESTAMP', timestampMs });
    await clock.advance(waitMs - 200);
    stream.put(shard, 'in time');
    await clock.advance(300);
    stream.put(shard, 'too late');
    await clock.advance(10_000);
    expect(tab.tick().state).toBe('paused');
    expect(numbers(recordsOf(tab))).toEqual(['in time']);
    session.stopAt({ type: 'AT_TIMESTAMP', timestampMs: clock.now() - 1 });
    session.resume();
    await clock.advance(10_000);
    expect([tab.tick().state, numbers(recordsOf(tab))]).toEqual([
      'paused',
      ['in time', 'too late'],
    ]);
  },
);

for (const movedMs of [3_600_000, -3_600_000]) {
  test(`a stop at a time goes by the stream's clock, which is moved by ${movedMs} ms while nothing comes`, async () => {
    const { clock, session, tab } = await tailing({}, { pace: localPace });
    const timestampMs = clock.now() + 60_000;
    session.stopAt({ type: 'AT_TIMESTAMP', timestampMs });
    await clock.advance(10_000);
    clock.setWall(clock.now() + movedMs);
    await clock.advance(2000);
    expect(tab.tick().state).toBe(movedMs > 0 ? 'paused' : 'live');
    await clock.advance(Math.max(0, timestampMs - clock.now() - 1000));
    expect(tab.tick().state).toBe(movedMs > 0 ? 'paused' : 'live');
    await clock.advance(3000);
    expect(tab.tick().state).toBe('paused');
  });
}
