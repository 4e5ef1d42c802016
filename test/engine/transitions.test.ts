// Every change of state is carried out once it was answered: after a restart, and after a kill at any point.
import { describe, expect, it } from 'vitest';
import type { StateDelays } from '../../src/engine/stateDelays.ts';
import { isKinesisError } from '../../src/kinesis/errors.ts';
import { FaultyFiles } from '../support/faultyFiles.ts';
import type { MemoryFiles } from '../support/memoryFiles.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { settle, type TestClock } from '../support/testClock.ts';
import { dataOf, TestEngine } from './support/testEngine.ts';

const StreamName = 'orders';
const half = (2n ** 127n).toString();

/** One kind of change of a stream of two shards (of none, for a creation). */
interface Change {
  /** State while it is under way. */
  readonly state: 'CREATING' | 'UPDATING' | 'DELETING';
  readonly start: (test: TestEngine) => Promise<unknown>;
  /** What DescribeStreamSummary says before and after. */
  readonly before: Shape | undefined;
  readonly after: Shape | undefined;
}

interface Shape {
  readonly open: number;
  readonly listed: number;
  readonly hours: number;
  readonly mode: string;
}

const two: Shape = { open: 2, listed: 2, hours: 24, mode: 'PROVISIONED' };

const changes: Readonly<Record<string, Change>> = {
  creation: {
    state: 'CREATING',
    start: ({ engine }) => engine.createStream({ StreamName, ShardCount: 2 }),
    before: undefined,
    after: two,
  },
  split: {
    state: 'UPDATING',
    start: ({ engine }) =>
      engine.splitShard({ StreamName, ShardToSplit: '0', NewStartingHashKey: '99' }),
    before: two,
    after: { ...two, open: 3, listed: 4 },
  },
  merge: {
    state: 'UPDATING',
    start: ({ engine }) =>
      engine.mergeShards({ StreamName, ShardToMerge: '0', AdjacentShardToMerge: '1' }),
    before: two,
    after: { ...two, open: 1, listed: 3 },
  },
  scaling: {
    state: 'UPDATING',
    start: ({ engine }) => {
      const scaling = { TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' as const };
      return engine.updateShardCount({ StreamName, ...scaling });
    },
    before: two,
    after: { ...two, open: 3, listed: 7 },
  },
  retention: {
    state: 'UPDATING',
    start: ({ engine }) =>
      engine.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 48 }),
    before: two,
    after: { ...two, hours: 48 },
  },
  mode: {
    state: 'UPDATING',
    start: ({ engine }) => {
      const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
      return engine.updateStreamMode({ StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    },
    before: two,
    after: { ...two, mode: 'ON_DEMAND' },
  },
  deletion: {
    state: 'DELETING',
    start: ({ engine }) => engine.deleteStream({ StreamName }),
    before: two,
    after: undefined,
  },
};
const kinds = Object.keys(changes);

async function statusOf({ engine }: TestEngine): Promise<string | undefined> {
  try {
    const { StreamDescriptionSummary: summary } = await engine.describeStreamSummary({
      StreamName,
    });
    return summary.StreamStatus;
  } catch (error) {
    if (isKinesisError(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

async function shapeOf(test: TestEngine): Promise<Shape | undefined> {
  if ((await statusOf(test)) === undefined) return undefined;
  const { StreamDescriptionSummary: summary } = await test.engine.describeStreamSummary({
    StreamName,
  });
  const listed = (await test.shards(StreamName)).length;
  return {
    open: summary.OpenShardCount,
    listed,
    hours: summary.RetentionPeriodHours,
    mode: summary.StreamModeDetails!.StreamMode,
  };
}

/** Turns of the event loop after which whatever goes on must have ended. */
const turnsMax = 300;

/** Lets files finish; their changes take a turn each. */
async function rest(test: TestEngine): Promise<void> {
  for (let turn = 0; turn < turnsMax; turn++) {
    const status = await statusOf(test);
    if (status === undefined || status === 'ACTIVE') return;
    await settle(1);
  }
  expect.unreachable(`the stream is still ${await statusOf(test)}`);
}

async function prepared(
  kind: string,
  settings: { stateDelays?: StateDelays; durability?: 'synced' } = {},
) {
  const files = new FaultyFiles();
  const test = await TestEngine.open(settings, { files });
  if (changes[kind]!.before) {
    await test.engine.createStream({ StreamName, ShardCount: 2 });
    await test.clock.advance(40_000);
    await rest(test);
    await test.put(StreamName, 'k', 'kept');
  }
  return { files, test };
}

/** What was put is there once, the shards cover the hash space, and records are taken. */
async function checkWhole(test: TestEngine, kept: string[]): Promise<void> {
  const shards = await test.shards(StreamName);
  const open = shards.filter(
    ({ SequenceNumberRange: range }) => range.EndingSequenceNumber === undefined,
  );
  const width = open.reduce(
    (sum, { HashKeyRange: range }) =>
      sum + BigInt(range.EndingHashKey) - BigInt(range.StartingHashKey) + 1n,
    0n,
  );
  expect(width).toBe(2n ** 128n);
  await test.put(StreamName, 'k', 'new');
  const records = [...(await test.readAll(StreamName)).values()].flatMap(dataOf);
  expect(records).toEqual([...kept, 'new']);
}

/** What `prepared` puts. */
const keptOf = (kind: string): string[] => (changes[kind]!.before ? ['kept'] : []);

/** Opens what a kill left, lets time pass, and returns what the stream has become. */
async function revived(
  files: MemoryFiles,
  { clock, kept }: { clock: TestClock; kept: string[] },
): Promise<Shape | undefined> {
  const test = await TestEngine.open({}, { files, clock });
  await clock.advance(30);
  await rest(test);
  const shape = await shapeOf(test);
  if (shape) await checkWhole(test, kept);
  expect(test.engine.damaged()).toEqual([]);
  await test.engine.close();
  return shape;
}

describe('a change of state', () => {
  it.each(kinds)('shows its state, then is there as a whole: %s', async (kind) => {
    const { test } = await prepared(kind);
    const { start, state, after } = changes[kind]!;
    await start(test);
    expect(await statusOf(test)).toBe(state);
    await test.settle();
    await rest(test);
    expect(await shapeOf(test)).toEqual(after);
    if (after) await checkWhole(test, keptOf(kind));
  });

  it.each(kinds)('goes on after a restart at any time of its delay: %s', async (kind) => {
    for (const passedMs of [0, 500, 999]) {
      const { test } = await prepared(kind, { stateDelays: 1000 });
      const { start, state, after } = changes[kind]!;
      await start(test);
      await test.clock.advance(passedMs);
      await test.reopen();
      expect(await statusOf(test)).toBe(state);
      await test.clock.advance(1000);
      await rest(test);
      expect(await shapeOf(test)).toEqual(after);
    }
  });

  it.each(kinds)(
    'is all there or not begun after a kill or power cut at any point: %s',
    async (kind) => {
      const { files, test } = await prepared(kind, { durability: 'synced' });
      const { start, before, after } = changes[kind]!;
      const first = files.operations.length;
      await start(test);
      const answered = files.operations.length;
      await test.settle();
      await rest(test);
      const last = files.operations.length;
      expect(answered).toBeGreaterThan(first);
      expect(last).toBeGreaterThan(answered);
      const outcomes = new Set<Shape | undefined>();
      for (let cut = first; cut <= last; cut++) {
        const left = [0, 5, 30].map((writtenBytes) => files.afterKill(cut, writtenBytes));
        for (let seed = 0; seed < 5; seed++)
          left.push(files.afterPowerCut(cut, seededRandom(seed)));
        for (const image of left) {
          const shape = await revived(image, { clock: test.clock, kept: keptOf(kind) });
          outcomes.add(shape);
          if (cut >= answered) expect(shape, `cut at ${cut} of ${last}`).toEqual(after);
          else expect([before, after]).toContainEqual(shape);
        }
      }
      expect(outcomes).toContainEqual(before);
    },
  );

  it('is not carried out beside a deletion that came in between', async () => {
    const test = await TestEngine.open({ stateDelays: 1000 });
    await test.engine.createStream({ StreamName, ShardCount: 2 });
    await test.clock.advance(10);
    await test.engine.deleteStream({ StreamName });
    await test.clock.advance(995);
    expect(await statusOf(test)).toBe('DELETING');
    await test.clock.advance(10);
    expect(await statusOf(test)).toBeUndefined();
  });
});

describe('state delays', () => {
  it.each([
    ['creation', 10, 40],
    ['split', 25, 35],
    ['merge', 25, 35],
    ['scaling', 60, 300],
    ['retention', 2, 10],
    ['mode', 10, 60],
    ['deletion', 10, 30],
  ])('realistic: %s takes %i to %i seconds', async (kind, min, max) => {
    const { test } = await prepared(kind, { stateDelays: 'realistic' });
    const { start, state, after } = changes[kind]!;
    await start(test);
    await test.clock.advance(min * 1000 - 1);
    expect(await statusOf(test)).toBe(state);
    await test.clock.advance((max - min) * 1000 + 1);
    await rest(test);
    expect(await shapeOf(test)).toEqual(after);
  });

  it('realistic: no two streams take equally long', async () => {
    const test = await TestEngine.open({ stateDelays: 'realistic' });
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) {
      await test.engine.createStream({ StreamName: name, ShardCount: 1 });
    }
    const seconds = new Map<string, number>();
    for (let second = 1; second <= 40; second++) {
      await test.clock.advance(1000);
      for (const { StreamName: name, StreamStatus: status } of (await test.engine.listStreams({}))
        .StreamSummaries!) {
        if (status === 'ACTIVE' && !seconds.has(name)) seconds.set(name, second);
      }
    }
    expect(seconds.size).toBe(5);
    expect(new Set(seconds.values()).size).toBeGreaterThan(2);
    for (const second of seconds.values()) expect(second).toBeGreaterThan(9);
  });

  it('a number is so many milliseconds, 0 the next turn', async () => {
    const test = await TestEngine.open({ stateDelays: 0 });
    await test.engine.createStream({ StreamName, ShardCount: 1 });
    await test.clock.advance(0);
    expect(await statusOf(test)).toBe('ACTIVE');
    await test.engine.splitShard({ StreamName, ShardToSplit: '0', NewStartingHashKey: half });
    await test.clock.advance(0);
    await rest(test);
    expect(await test.shards(StreamName)).toHaveLength(3);
  });
});
