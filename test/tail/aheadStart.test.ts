// A tail that is to begin at a time which its stream's clock has not reached.
import { expect, test } from 'vitest';
import { invalidArgument } from '../../src/kinesis/errors.ts';
import { awsPace, localPace } from '../../src/tail/pace.ts';
import { TEST_EPOCH_MS } from '../support/testClock.ts';
import { eventsOf, numbers, pollPace, recordsOf, tailing } from './support/openTail.ts';

const startAt = (timestampMs: number, isResumed = false) =>
  ({ type: 'AT_TIMESTAMP', timestampMs, isResumed }) as const;
const hourMs = 3_600_000;
const how =
  "ahead of the stream's clock: nothing of it is there yet, and reading begins with what is put from now on. Begin at an earlier time for what is there already.";

test.each([
  ['pushed', localPace],
  ['polled', pollPace],
])('says so once for all shards, and shows what is put from then on: %s', async (_, pace) => {
  const start = startAt(TEST_EPOCH_MS + 3 * hourMs);
  const { clock, stream, tab } = await tailing({ shards: 3 }, { pace, start });
  for (const [index, shard] of stream.shards.entries()) stream.put(shard, `${index}`);
  await clock.advance(5000);
  expect(eventsOf(tab)).toEqual([`The time to begin at lies 3 h ${how}`]);
  expect(numbers(recordsOf(tab)).toSorted()).toEqual(['0', '1', '2']);
});

test('says so where only the other side knows: its clock is behind ours', async () => {
  const fault = (_: string, input: unknown) => {
    const { Timestamp } = input as { Timestamp?: Date };
    return Timestamp && Timestamp.getTime() > TEST_EPOCH_MS - 5000
      ? invalidArgument('The timestampInMillis parameter cannot be greater than 0.')
      : undefined;
  };
  const start = startAt(TEST_EPOCH_MS - 1000);
  const { clock, tab } = await tailing({ fault }, { place: 'aws', pace: awsPace, start });
  await clock.advance(5000);
  expect(eventsOf(tab)).toEqual([`The time to begin at lies ${how}`]);
});

test.each([
  ['the present', startAt(TEST_EPOCH_MS), []],
  ['what it had read, by a clock that is a little ahead', startAt(TEST_EPOCH_MS + 5000, true), []],
  [
    'what it had read before the clock was set back',
    startAt(TEST_EPOCH_MS + 3 * hourMs, true),
    [`The time to begin at lies 3 h ${how}`],
  ],
])('a tail that begins at %s', async (_, start, told) => {
  const { clock, tab } = await tailing({}, { start });
  await clock.advance(1000);
  expect(eventsOf(tab)).toEqual(told);
});
