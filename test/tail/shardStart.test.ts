// Where a tail begins: at a record, by its sequence number; at a time, without what ended before it.
import { describe, expect, test } from 'vitest';
import { formatSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import type { Shard } from '../../src/kinesis/shapes.ts';
import { startsOf } from '../../src/tail/shardStart.ts';
import { ShardTable } from '../../src/tail/shardTable.ts';
import { TestEngine } from '../engine/support/testEngine.ts';
import type { FakeStream } from './support/fakeStream.ts';
import { eventsOf, numbers, openTail, recordsOf } from './support/openTail.ts';

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

describe('at a time', () => {
  /** A split and a merge, as AWS told of them: closed 392 s and 1150 s after the stream was made. */
  const [madeMs, splitMs, mergedMs] = [1_426_526_784_000, 1_426_527_176_000, 1_426_527_934_000];
  const listed = (index: number, range: string[], parents: number[] = []): Shard => {
    const [ParentShardId, AdjacentParentShardId] = parents.map((at) => `shardId-00000000000${at}`);
    return {
      ...{ ShardId: `shardId-00000000000${index}`, ParentShardId, AdjacentParentShardId },
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: '1' },
      SequenceNumberRange: { StartingSequenceNumber: range[0]!, EndingSequenceNumber: range[1] },
    };
  };
  const numbersOf = [
    [
      '49548859072970256769156879668947671610661756289899560962',
      '49548859072981407141756144980517230543978492779512725506',
    ],
    [
      '49548859213219643322715968606065803827347328807764754450',
      '49548859213230793695315233917635362760664090379986927634',
    ],
    [
      '49548859213241944067914499229207339545619977169270734882',
      '49548859213253094440513764540776898478936738741492908066',
    ],
    ['49548859483727682580892427312894066474572005964670566450'],
  ] as const;
  const shardsOf = (ranges: readonly (readonly string[])[]): Shard[] =>
    [[], [0], [0], [1, 2]].map((parents, index) => listed(index, [...ranges[index]!], parents));
  const readAt = (timestampMs: number, shards: readonly Shard[]): number[] => {
    const started = startsOf(
      { type: 'AT_TIMESTAMP', timestampMs },
      { shards, table: new ShardTable() },
    );
    return shards.flatMap((shard, index) => (started(shard) ? [index] : []));
  };

  test('shards that ended clearly before are not read', () => {
    const shards = shardsOf(numbersOf);
    expect(readAt(madeMs, shards)).toEqual([0, 1, 2, 3]);
    expect(readAt(splitMs + 30_000, shards)).toEqual([0, 1, 2, 3]);
    expect(readAt(splitMs + 90_000, shards)).toEqual([1, 2, 3]);
    expect(readAt(mergedMs + 30_000, shards)).toEqual([1, 2, 3]);
    expect(readAt(mergedMs + 90_000, shards)).toEqual([3]);
  });

  test('nor at the time of a record of another shard', () => {
    const shards = shardsOf(numbersOf);
    const created = { shardCreatedSeconds: 1_426_527_935, shardIndex: 3 };
    const sequenceNumber = formatSequenceNumber({ ...created, index: 5n, seconds: 1_426_529_000 });
    const start = { type: 'AT_SEQUENCE_NUMBER', sequenceNumber } as const;
    const started = startsOf(start, { shards, table: new ShardTable() });
    expect(shards.map(started)).toEqual([undefined, undefined, undefined, start]);
  });

  test.each([
    ['ends', numbersOf.map(([first, end]) => (end ? [first, '9223372036854775807'] : [first]))],
    ['ends that are those of records', numbersOf.map(([first, end]) => [first, end && first])],
    ['beginnings', numbersOf.map(([_, end], index) => [`${index}`, end])],
  ])('where %s tell no time, all are read', (_, ranges) => {
    const shards = shardsOf(ranges.map((range) => range.filter((one) => one !== undefined)));
    expect(readAt(mergedMs + 86_400_000, shards)).toEqual([0, 1, 2, 3]);
  });

  test('all records from then on come, whatever became of the shards and the clock, and old news do not', async () => {
    const test = await TestEngine.open({ limits: 'off' });
    await test.stream(StreamName, 1);
    const put: { data: string; atMs: number }[] = [];
    const endsMs: number[] = [];
    for (let index = 0; index < 12; index++) {
      await test.put(StreamName, `key-${index}`, `${index}`);
      if (index === 4) test.clock.setWall(test.clock.now() - 5 * 3_600_000);
      await test.put(StreamName, `key-${index}`, `late-${index}`);
      const open = (await test.shards(StreamName)).filter(
        ({ SequenceNumberRange }) => !SequenceNumberRange.EndingSequenceNumber,
      );
      const [first, second] = open.map(({ ShardId }) => ShardId);
      const names = { StreamName, ShardToSplit: first!, NewStartingHashKey: `${2n ** 127n}` };
      if (second === undefined) await test.engine.splitShard(names);
      else {
        const pair = { ShardToMerge: first!, AdjacentShardToMerge: second };
        await test.engine.mergeShards({ StreamName, ...pair });
      }
      await test.settle();
      await test.clock.advance(index % 3 === 0 ? 20_000 : 3_600_000);
    }
    for (const { records } of (await test.readAll(StreamName)).values()) {
      for (const { data, timeMs } of records) put.push({ data, atMs: timeMs });
      endsMs.push(Math.max(...records.map(({ timeMs }) => timeMs)));
    }
    const nowMs = test.clock.now();
    const times = [...put.flatMap(({ atMs }) => [atMs, atMs + 1]), nowMs - 600_000];
    for (const timestampMs of times.filter((one) => one <= nowMs)) {
      const { tab, session } = openTail(
        { stream: { api: test.engine } as unknown as FakeStream, clock: test.clock },
        { start: { type: 'AT_TIMESTAMP', timestampMs } },
      );
      await test.clock.advance(3000);
      const wanted = put.filter(({ atMs }) => atMs >= timestampMs).map(({ data }) => data);
      expect(new Set(numbers(recordsOf(tab)))).toEqual(new Set(wanted));
      const recent = endsMs.filter((endMs) => endMs > timestampMs - 120_000).length;
      expect(eventsOf(tab).length).toBeLessThanOrEqual(recent);
      session.dispose();
    }
  });
});
