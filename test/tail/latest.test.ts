// A tail that begins at the latest record, where it cannot at once: what came since it was asked for is shown, and nothing older.
import { expect, test } from 'vitest';
import { invalidArgument, KinesisError } from '../../src/kinesis/errors.ts';
import { awsPace, localPace } from '../../src/tail/pace.ts';
import { TEST_EPOCH_MS, TestClock } from '../support/testClock.ts';
import { FakeStream, networkLost } from './support/fakeStream.ts';
import { eventsOf, numbers, openTail, pollPace, recordsOf, tailing } from './support/openTail.ts';

test.each([
  ['the shards cannot be listed', () => true],
  ['no shard answers', (operation: string) => operation !== 'ListShards'],
])('LATEST has what came since it was asked for, also while %s', async (_, isLost) => {
  const clock = new TestClock();
  let isDown = true;
  const fault = (operation: string) => (isDown && isLost(operation) ? networkLost() : undefined);
  const stream = new FakeStream({ clock, shards: 2, fault });
  stream.put(stream.shards[0]!, 'of before');
  await clock.advance(10);
  const start = { type: 'LATEST' } as const;
  const { tab } = openTail({ stream, clock }, { pace: pollPace, start });
  await clock.advance(5000);
  stream.put(stream.shards[0]!, 'a');
  stream.split(stream.shards[0]!);
  stream.put(stream.shards[2]!, 'b');
  stream.put(stream.shards[1]!, 'c');
  isDown = false;
  await clock.advance(5000);
  expect(numbers(recordsOf(tab)).toSorted()).toEqual(['a', 'b', 'c']);
});

test.each(['ListShards', 'GetShardIterator'])(
  'LATEST that is refused for a moment by %s shows nothing older, whatever the clock here says',
  async (refused) => {
    let refusals = 2;
    const throttle = new KinesisError('LimitExceededException', 'Rate exceeded.');
    const clock = new TestClock();
    const stream = new FakeStream({
      clock,
      shards: 1,
      fault: (operation) => (operation === refused && refusals-- > 0 ? throttle : undefined),
    });
    stream.put(stream.shards[0]!, 'of before');
    clock.setWall(clock.now() - 300_000);
    const start = { type: 'LATEST' } as const;
    const { tab } = openTail({ stream, clock }, { place: 'aws', pace: awsPace, start });
    await clock.advance(10_000);
    expect(tab.tick().state).toBe('live');
    expect(recordsOf(tab)).toEqual([]);
  },
);

test('LATEST that was given up begins at the latest record of when it is tried again', async () => {
  let isRefused = true;
  const refused = new KinesisError('CredentialsError', 'The credentials have expired.', 403);
  for (const operation of ['ListShards', 'GetShardIterator']) {
    const { clock, stream, shard, session, tab } = await tailing(
      { fault: (asked) => (isRefused && asked === operation ? refused : undefined) },
      { start: { type: 'LATEST' }, place: 'aws', pace: awsPace },
    );
    await clock.advance(1000);
    expect(tab.tick().state).toBe('failed');
    stream.put(shard, 'meanwhile');
    await clock.advance(60 * 3_600_000);
    isRefused = false;
    session.resume();
    await clock.advance(5000);
    stream.put(shard, 'a');
    await clock.advance(5000);
    expect(numbers(recordsOf(tab))).toEqual(['a']);
    expect(eventsOf(tab)).toEqual(['The credentials have expired.']);
    isRefused = true;
  }
});

test.each([
  ['LATEST', { type: 'LATEST' }],
  [
    'a time that its clock has not reached',
    { type: 'AT_TIMESTAMP', timestampMs: TEST_EPOCH_MS + 30_000 },
  ],
] as const)('from %s, a shard in trouble before its first record loses none', async (_, start) => {
  const clock = new TestClock();
  let isDown = false;
  const stream = new FakeStream({
    clock,
    shards: 1,
    fault: (operation, input) => {
      if (isDown && operation === 'GetRecords') {
        return new KinesisError('InternalFailure', 'Try again.', 500);
      }
      // Its clock is five seconds behind.
      const { Timestamp } = input as { Timestamp?: Date };
      return Timestamp && Timestamp.getTime() > clock.now() - 5000
        ? invalidArgument('The timestampInMillis parameter cannot be greater than 0.')
        : undefined;
    },
  });
  const { tab } = openTail({ stream, clock }, { place: 'aws', pace: awsPace, start });
  await clock.advance(600_000);
  isDown = true;
  await clock.advance(5000);
  stream.put(stream.shards[0]!, 'a');
  await clock.advance(5000);
  isDown = false;
  await clock.advance(60_000);
  expect(numbers(recordsOf(tab))).toEqual(['a']);
});

test.each([0, 60, 120])(
  'LATEST that is paused %d ms after it began has what comes meanwhile',
  async (ms) => {
    const clock = new TestClock();
    const stream = new FakeStream({ clock, shards: 1, latencyMs: () => 50 });
    stream.put(stream.shards[0]!, 'of before');
    await clock.advance(10);
    const start = { type: 'LATEST' } as const;
    const { session, tab } = openTail({ stream, clock }, { pace: localPace, start });
    await clock.advance(ms);
    expect(tab.tick().state).toBe('starting');
    session.pause();
    // Before it is asked how far behind it is, which takes a place, too.
    await clock.advance(2000);
    stream.put(stream.shards[0]!, 'a');
    await clock.advance(10_000);
    session.resume();
    await clock.advance(5000);
    expect(numbers(recordsOf(tab))).toEqual(['a']);
  },
);
