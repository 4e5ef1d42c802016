// What goes wrong while a stream is followed, by calls and by subscriptions: each is said, and the tail goes on or says how.
import { describe, expect, test } from 'vitest';
import { KinesisError } from '../../src/kinesis/errors.ts';
import { awsPace, localPace } from '../../src/tail/pace.ts';
import { bytesOf, TestEngine } from '../engine/support/testEngine.ts';
import type { FakeStream } from './support/fakeStream.ts';
import { eventsOf, numbers, openTail, pollPace, recordsOf, tailing } from './support/openTail.ts';

const ways = [
  ['polling', pollPace],
  ['push', localPace],
] as const;
const own = { own: true };
const hourMs = 3_600_000;

/** A tail of a real engine's stream. */
async function following(
  pace: typeof localPace,
  type: 'LATEST' | 'TRIM_HORIZON' = 'LATEST',
  shards = 2,
) {
  const engine = await TestEngine.open({ limits: 'off' });
  await engine.stream('flights', shards);
  const { clock } = engine;
  const api = engine.engine as unknown as FakeStream['api'];
  const stream = { api } as FakeStream;
  const opened = openTail({ stream, clock }, { pace, start: { type } });
  await clock.advance(1000);
  const put = async (data: string, hashKey = 0n) => {
    const key = { PartitionKey: 'k', ExplicitHashKey: String(hashKey) };
    const input = { StreamName: 'flights', ...key, Data: bytesOf(data) };
    await engine.engine.putRecord(input, own);
  };
  return { engine, clock, put, ...opened };
}

describe.each(ways)('by %s', (_, pace) => {
  test.each(['read', 'unread'])(
    'a stream that was %s and is created again under the tail ends it',
    async (kind) => {
      const { engine, clock, put, tab } = await following(pace);
      if (kind === 'read') await put('old');
      await clock.advance(1000);
      await engine.engine.deleteStream({ StreamName: 'flights' }, own);
      await clock.advance(40);
      await engine.stream('flights', 1);
      await put('new');
      await clock.advance(10_000);
      expect(tab.tick().state).toBe('ended');
      expect(eventsOf(tab)).toEqual([
        'The stream flights was deleted and created again. What was read of the old one stays here; start the tail again for the new one.',
      ]);
      expect(numbers(recordsOf(tab))).toEqual(kind === 'read' ? ['old'] : []);
    },
  );

  test('started again it reads the new one', async () => {
    const { engine, clock, put, session, tab } = await following(pace);
    await engine.engine.deleteStream({ StreamName: 'flights' }, own);
    await clock.advance(40);
    await engine.stream('flights', 1);
    await put('new');
    await clock.advance(10_000);
    session.restart({ type: 'TRIM_HORIZON' });
    await clock.advance(1000);
    expect(tab.tick().state).toBe('live');
    expect(numbers(recordsOf(tab))).toEqual(['new']);
  });

  test('created again while it is paused, it says so once it goes on', async () => {
    const { engine, clock, put, session, tab } = await following(pace);
    await put('old');
    await clock.advance(1000);
    session.pause();
    await engine.engine.deleteStream({ StreamName: 'flights' }, own);
    await clock.advance(2000);
    await engine.stream('flights', 2);
    await put('new');
    session.resume();
    await clock.advance(10_000);
    expect(tab.tick().state).toBe('ended');
    expect(eventsOf(tab)).toEqual([expect.stringMatching(/was deleted and created again/)]);
    expect(numbers(recordsOf(tab))).toEqual(['old']);
  });

  test('a deleted stream ends it with a sentence, and nothing is asked any more', async () => {
    const { engine, clock, put, tab } = await following(pace);
    await put('old');
    await clock.advance(1000);
    await engine.engine.deleteStream({ StreamName: 'flights' }, own);
    await clock.advance(10_000);
    expect(tab.tick().state).toBe('ended');
    expect(eventsOf(tab)).toEqual([
      'The stream flights was deleted. What was read of it stays here.',
    ]);
    expect(numbers(recordsOf(tab))).toEqual(['old']);
  });

  test.each([
    ['an hour ahead', hourMs],
    ['an hour back', -hourMs],
    ['two days ahead', 48 * hourMs],
    ['two days back', -48 * hourMs],
  ])('a clock that is set %s loses, doubles and holds up nothing', async (_, ms) => {
    const { clock, put, session, tab } = await following(pace, 'TRIM_HORIZON');
    const wanted: string[] = [];
    const some = async (): Promise<void> => {
      for (let made = 0; made < 5; made++) {
        wanted.push(`${wanted.length}`);
        await put(wanted.at(-1)!, BigInt(made % 2) << 127n);
        await clock.advance(130);
      }
    };
    await some();
    clock.setWall(clock.now() + ms);
    await some();
    session.pause();
    await clock.advance(400_000);
    clock.setWall(clock.now() - ms);
    session.resume();
    await some();
    await clock.advance(3000);
    clock.setWall(clock.now() + ms);
    await clock.advance(400_000);
    await some();
    await clock.advance(3000);
    const shown = recordsOf(tab);
    expect(numbers(shown).toSorted((a, b) => Number(a) - Number(b))).toEqual(wanted);
    for (const shardId of new Set(shown.map((row) => row.shardId))) {
      const own = shown.filter((row) => row.shardId === shardId).map((row) => Number(row.preview));
      expect(own).toEqual(own.toSorted((a, b) => a - b));
    }
    expect(tab.tick()).toMatchObject({ state: 'live', millisBehindLatest: 0 });
    expect(tab.tick().problem).toBeUndefined();
    expect(eventsOf(tab)).toEqual([]);
  });
});

describe('credentials that expire while it reads', () => {
  const words = 'The credentials have expired: the token is too old. Renew them.';
  const refused = new KinesisError('CredentialsError', words, 403);

  test('stop it once, with a row and a problem that lead to signing in; then it goes on without loss', async () => {
    let isExpired = false;
    const { clock, stream, session, tab } = await tailing(
      { shards: 5, fault: () => (isExpired ? refused : undefined) },
      { place: 'aws', pace: awsPace },
    );
    const put = (text: string): void => {
      for (const shard of stream.open) stream.put(shard, `${text}${shard.id.slice(-1)}`);
    };
    put('a');
    await clock.advance(5000);
    isExpired = true;
    put('b');
    await clock.advance(5000);
    const problem = { message: words, action: 'signIn' };
    expect(tab.tick()).toMatchObject({ state: 'failed', problem });
    expect(eventsOf(tab)).toEqual([words]);
    const calls = [...stream.calls.values()].reduce((sum, count) => sum + count, 0);
    stream.split(stream.shards[0]!);
    put('c');
    await clock.advance(600_000);
    expect([...stream.calls.values()].reduce((sum, count) => sum + count, 0)).toBe(calls);
    // Not signed in yet: it is said again, and it may be tried again.
    session.resume();
    await clock.advance(5000);
    expect(tab.tick()).toMatchObject({ state: 'failed', problem });
    isExpired = false;
    session.resume();
    await clock.advance(60_000);
    expect(tab.tick()).toMatchObject({ state: 'live', millisBehindLatest: 0 });
    expect(tab.tick().problem).toBeUndefined();
    expect(recordsOf(tab)).toHaveLength(stream.recordCount);
    expect(new Set(recordsOf(tab).map((row) => row.sequenceNumber)).size).toBe(stream.recordCount);
  });

  test('also when they do so between two listings, and before the first', async () => {
    const { tab, clock } = await tailing({ fault: () => refused }, { place: 'aws', pace: awsPace });
    await clock.advance(1000);
    expect(tab.tick()).toMatchObject({ state: 'failed', problem: { action: 'signIn' } });
    expect(eventsOf(tab)).toEqual([words]);
  });
});
