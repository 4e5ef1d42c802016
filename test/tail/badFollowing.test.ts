// What goes wrong while a stream is followed, by calls and by subscriptions: each is said, and the tail goes on or says how.
import { describe, expect, test } from 'vitest';
import { invalidArgument, KinesisError } from '../../src/kinesis/errors.ts';
import type { OperationName } from '../../src/kinesis/operations.ts';
import { formatShardId } from '../../src/kinesis/shardId.ts';
import { awsPace, localPace } from '../../src/tail/pace.ts';
import { bytesOf, TestEngine } from '../engine/support/testEngine.ts';
import { recorder } from '../support/recorder.ts';
import { TestClock } from '../support/testClock.ts';
import { FakeStream, networkLost } from './support/fakeStream.ts';
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
    expect(tab.tick().problem?.message).toMatch(
      /was deleted.* Export it, or create the stream again/,
    );
  });

  test('of a deleted stream the rows stay until one of its name is found again', async () => {
    const { engine, clock, put, session, tab } = await following(pace);
    await put('old');
    await clock.advance(1000);
    await engine.engine.deleteStream({ StreamName: 'flights' }, own);
    await clock.advance(10_000);
    session.restart({ type: 'TRIM_HORIZON' });
    await clock.advance(2000);
    expect(tab.tick()).toMatchObject({
      state: 'failed',
      problem: { message: expect.stringMatching(/There is no stream flights here/) },
    });
    expect(numbers(recordsOf(tab))).toEqual(['old']);
    await engine.stream('flights', 1);
    await clock.advance(1000);
    await put('new');
    session.resume();
    await clock.advance(2000);
    expect(numbers(recordsOf(tab))).toEqual(['new']);
    expect(eventsOf(tab)).toEqual([]);
    expect(tab.tick()).toMatchObject({ state: 'live', received: 1 });
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

test.each([
  ['the other shard has records each second', 1000],
  ['the other shard is quiet', 20_000],
])(
  'a shard that alone gives no answer is told, and tried less and less often, while %s',
  async (_, everyMs) => {
    let isDown = false;
    const first = formatShardId(0);
    const isOfFirst = (input: object): boolean =>
      ('ShardId' in input && input.ShardId === first) ||
      ('ShardIterator' in input && String(input.ShardIterator).startsWith('0:'));
    const { clock, stream, shard, tab } = await tailing(
      {
        shards: 2,
        fault: (operation, input) =>
          isDown && operation !== 'ListShards' && isOfFirst(input as object)
            ? new KinesisError('InternalFailure', 'Try again.', 500)
            : undefined,
      },
      { place: 'aws', pace: awsPace },
    );
    const other = stream.shards[1]!;
    isDown = true;
    stream.put(shard, 'a');
    let puts = 0;
    const before = stream.calls.get('GetShardIterator')!;
    for (let ms = 0; ms < 120_000; ms += everyMs) {
      stream.put(other, `b${puts++}`);
      await clock.advance(everyMs);
    }
    expect(numbers(recordsOf(tab))).toHaveLength(puts);
    const [told] = eventsOf(tab).filter((text) => text.startsWith('Shard'));
    expect(told).toMatch(/^Shard 0 gives no answer: Try again\. It is asked again, less/);
    expect(tab.tick().problem?.message).toBe(told);
    expect(eventsOf(tab).length).toBeLessThanOrEqual(3);
    expect(stream.calls.get('GetShardIterator')! - before).toBeLessThan(14);
    isDown = false;
    await clock.advance(40_000);
    expect(numbers(recordsOf(tab))).toContain('a');
    expect(eventsOf(tab).at(-1)).toMatch(/^Shard 0 answers again after \d+\.\d s;/);
    expect(tab.tick().problem).toBeUndefined();
  },
);

test('a shard that gives no answer after an outage of all does not hold up the others', async () => {
  let [isBlip, isBad] = [false, false];
  const { clock, stream, tab } = await tailing(
    {
      shards: 3,
      fault: (operation, input) => {
        if (operation !== 'GetRecords') return undefined;
        if (isBlip) return networkLost();
        const isFirst = (input as { ShardIterator: string }).ShardIterator.startsWith('0:');
        return isBad && isFirst ? new KinesisError('InternalFailure', 'x', 500) : undefined;
      },
    },
    { place: 'aws', pace: awsPace, start: { type: 'LATEST' } },
  );
  await clock.advance(5000);
  isBlip = isBad = true;
  await clock.advance(1500);
  isBlip = false;
  for (const shard of stream.shards.slice(1)) stream.put(shard, 'a');
  await clock.advance(60_000);
  expect(numbers(recordsOf(tab))).toEqual(['a', 'a']);
  expect(tab.tick().problem?.message).toMatch(/^Shard 0 gives no answer/);
});

test('an outage that a question about expired records met is over once it is answered', async () => {
  let [isLost, isArmed] = [false, false];
  const clock = new TestClock();
  const fault = (_: string, input: unknown) => {
    const { ShardIteratorType } = input as { ShardIteratorType?: string };
    if (isArmed && ShardIteratorType === 'TRIM_HORIZON') {
      [isLost, isArmed] = [true, false];
      clock.schedule(12_000, () => {
        isLost = false;
      });
    }
    return isLost ? networkLost() : undefined;
  };
  const stream = new FakeStream({ clock, shards: 3, pageMax: 1, fault });
  const { session, tab } = openTail({ stream, clock }, { place: 'aws', pace: awsPace });
  const [first, second, third] = stream.shards;
  for (const shard of [first!, second!, third!]) stream.put(shard, 'a');
  await clock.advance(5000);
  session.pause();
  await clock.advance(25 * hourMs);
  stream.put(first!, 'b');
  stream.merge(first!, second!);
  for (const shard of [stream.shards[3]!, third!, third!]) stream.put(shard, 'c');
  isArmed = true;
  session.resume();
  await clock.advance(120_000);
  expect(recordsOf(tab)).toHaveLength(7);
  expect(tab.tick()).toMatchObject({ state: 'live', millisBehindLatest: 0 });
  expect(tab.tick().problem).toBeUndefined();
});

test('many shards that are throttled now and then are few rows', async () => {
  let calls = 0;
  const { clock, tab } = await tailing(
    {
      shards: 100,
      fault: (operation) =>
        operation === 'GetRecords' && ++calls % 4 === 0
          ? new KinesisError('ProvisionedThroughputExceededException', 'Rate exceeded.')
          : undefined,
    },
    { place: 'aws', pace: awsPace },
  );
  await clock.advance(600_000);
  const texts = eventsOf(tab);
  expect(texts.length).toBeLessThanOrEqual(7 * 11);
  expect(texts.filter((text) => text.startsWith('Reads of further shards'))).not.toEqual([]);
  expect(texts.filter((text) => text.startsWith('Reads of shard')).length).toBeGreaterThan(10);
});

test('a stream that is found deleted amid an outage ends the tail, and the outage', async () => {
  const lost = new KinesisError('InternalFailure', 'Try again.', 500);
  let isLost = false;
  const { clock, stream, tab } = await tailing(
    {
      shards: 2,
      fault: (operation) => (isLost && operation !== 'ListShards' ? lost : undefined),
    },
    { place: 'aws', pace: awsPace },
  );
  await clock.advance(5000);
  isLost = true;
  await clock.advance(10_000);
  expect(tab.tick().problem?.message).toMatch(/^AWS does not answer/);
  stream.isDeleted = true;
  await clock.advance(120_000);
  expect(tab.tick().state).toBe('ended');
  expect(tab.tick().problem?.message).toMatch(/^The stream flights was deleted/);
  expect(eventsOf(tab).at(-1)).toMatch(/was deleted/);
});

test('each shard that is throttled is told, for how long, and by what', async () => {
  const throttled = new Map<string, KinesisError>();
  const { clock, stream, tab } = await tailing(
    {
      shards: 2,
      fault: (operation, input) =>
        operation === 'GetRecords'
          ? throttled.get(String((input as { ShardIterator: string }).ShardIterator)[0]!)
          : undefined,
    },
    { place: 'aws', pace: awsPace },
  );
  await clock.advance(2000);
  throttled.set('0', new KinesisError('ProvisionedThroughputExceededException', 'Rate.'));
  await clock.advance(10_000);
  throttled.set('1', new KinesisError('KMSThrottlingException', 'Rate exceeded.'));
  await clock.advance(100_000);
  throttled.delete('0');
  await clock.advance(40_000);
  throttled.delete('1');
  await clock.advance(40_000);
  expect(eventsOf(tab).map((text) => text.split(':')[0])).toEqual([
    'Reads of shard 0 are throttled',
    'Reads of shard 1 are throttled',
    expect.stringMatching(/^Shard 0 was throttled for 1[0-3]\d\.\d s\.$/),
    expect.stringMatching(/^Shard 1 was throttled for 1[3-6]\d\.\d s\.$/),
  ]);
  expect(eventsOf(tab)[1]).toContain('throttled: KMSThrottlingException: Rate exceeded.');
  expect(stream.calls.get('ListShards')).toBeLessThan(6);
});

test('a stream that was created again while it was paused, and whose old iterators AWS does not know', async () => {
  let isAnother = false;
  const { clock, stream, shard, session, tab } = await tailing(
    {
      fault: (operation) => {
        if (!isAnother || operation === 'ListShards') return undefined;
        return operation === 'GetRecords'
          ? new KinesisError('InternalFailure', 'Try again.', 500)
          : invalidArgument(
              'StartingSequenceNumber 1 used in GetShardIterator on shard shardId-000000000000 in stream flights under account 1 is invalid because it did not come from this stream.',
            );
      },
    },
    { place: 'aws', pace: awsPace },
  );
  stream.put(shard, 'old');
  await clock.advance(2000);
  session.pause();
  isAnother = true;
  await clock.advance(2000);
  session.resume();
  await clock.advance(20_000);
  expect(tab.tick().state).toBe('ended');
  expect(eventsOf(tab)).toEqual([expect.stringMatching(/was deleted and created again/)]);
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

test('a defect of our own stops the tail, and is in the log once with where it came up, not what was read', async () => {
  const logger = recorder();
  let isBroken = false;
  const fault = (operation: OperationName): never | undefined => {
    if (isBroken && operation === 'GetRecords') throw new TypeError('"a secret" is no function');
    return undefined;
  };
  const { clock, tab, session } = await tailing({ shards: 3, fault }, { logger });
  expect(tab.tick().state).toBe('live');
  isBroken = true;
  await clock.advance(5000);
  const { state, problem } = tab.tick();
  expect([state, problem?.action]).toEqual(['failed', 'showLog']);
  expect(logger.lines).toEqual([
    expect.stringMatching(/^A tail of flights broke: TypeError\n +at .*badFollowing/),
  ]);
  expect(logger.lines.join()).not.toContain('secret');
  session.dispose();
});
