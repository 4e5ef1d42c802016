// A tail that begins at a record, by its sequence number.
import { expect, test } from 'vitest';
import { formatSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import { TestEngine } from '../engine/support/testEngine.ts';
import type { FakeStream } from './support/fakeStream.ts';
import { numbers, openTail, recordsOf } from './support/openTail.ts';

const StreamName = 'flights';

async function filled() {
  const test = await TestEngine.open({ limits: 'off' });
  await test.stream(StreamName, 2);
  const put: { data: string; sequenceNumber: string }[] = [];
  for (let index = 0; index < 20; index++) {
    const answer = await test.put(StreamName, `key-${index % 5}`, `${index}`);
    put.push({ data: `${index}`, sequenceNumber: answer.SequenceNumber });
    await test.clock.advance(1000);
  }
  const opened = (sequenceNumber: string) =>
    openTail(
      { stream: { api: test.engine } as unknown as FakeStream, clock: test.clock },
      { start: { type: 'AT_SEQUENCE_NUMBER', sequenceNumber } },
    );
  return { test, put, opened };
}

test('its shard begins with it, and the others with its second', async () => {
  const { test, put, opened } = await filled();
  const { tab } = opened(put[8]!.sequenceNumber);
  await test.clock.advance(5000);
  expect(numbers(recordsOf(tab))).toEqual(put.slice(8).map(({ data }) => data));
  expect(tab.tick().state).toBe('live');
});

test.each([
  [
    'of a shard that is not there',
    formatSequenceNumber({ shardCreatedSeconds: 1, shardIndex: 77, index: 5n, seconds: 9 }),
    /is of shard 77/,
  ],
  ['that is none', '123456789012345678901234567890', /is no sequence number/],
])('a number %s is a problem with a sentence', async (_, number, words) => {
  const { test, opened } = await filled();
  const { session, tab } = opened(number);
  await test.clock.advance(5000);
  const { state, problem } = tab.tick();
  expect(state).toBe('failed');
  expect(problem?.message).toMatch(words);
  session.restart({ type: 'TRIM_HORIZON' });
  await test.clock.advance(5000);
  expect(recordsOf(tab)).toHaveLength(20);
});
