// Shard iterators: where each type starts, on open, closed, trimmed and empty shards; what a page says of the rest.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GetRecordsOutput } from '../../src/kinesis/operations/getRecords.ts';
import type { GetShardIteratorInput } from '../../src/kinesis/operations/getShardIterator.ts';
import { HeldFiles } from '../support/heldFiles.ts';
import { rejection, TestEngine, textOf } from './support/testEngine.ts';

const hourMs = 3_600_000;
const StreamName = 'orders';
const half = (2n ** 127n).toString();
const parent = 'shardId-000000000000';

type Start = Pick<
  GetShardIteratorInput,
  'ShardIteratorType' | 'StartingSequenceNumber' | 'Timestamp'
>;

async function iterator(test: TestEngine, start: Start, ShardId = parent): Promise<string> {
  const { ShardIterator } = await test.engine.getShardIterator({ StreamName, ShardId, ...start });
  return ShardIterator!;
}

const read = (test: TestEngine, ShardIterator: string, Limit?: number) =>
  test.engine.getRecords({ ShardIterator, Limit });

const textsOf = ({ Records }: GetRecordsOutput): string[] =>
  Records.map(({ Data }) => textOf(Data));

async function opened(): Promise<TestEngine> {
  const test = await TestEngine.open({ limits: 'off' });
  await test.stream(StreamName);
  return test;
}

async function close(test: TestEngine): Promise<void> {
  await test.engine.splitShard({ StreamName, ShardToSplit: '0', NewStartingHashKey: half });
  await test.settle();
}

describe('getShardIterator() by every type', () => {
  /** Records a, b, c an hour apart; b's time and number. */
  async function three() {
    const test = await opened();
    await test.put(StreamName, 'k', 'a');
    await test.clock.advance(hourMs);
    const { SequenceNumber: StartingSequenceNumber } = await test.put(StreamName, 'k', 'b');
    const Timestamp = new Date(test.clock.now());
    await test.clock.advance(hourMs);
    await test.put(StreamName, 'k', 'c');
    await test.clock.advance(hourMs);
    const starts: Record<string, Start> = {
      horizon: { ShardIteratorType: 'TRIM_HORIZON' },
      latest: { ShardIteratorType: 'LATEST' },
      at: { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber },
      after: { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber },
      time: { ShardIteratorType: 'AT_TIMESTAMP', Timestamp },
      later: { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(Timestamp.getTime() + 1) },
      now: { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(test.clock.now()) },
      epoch: { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(0) },
    };
    return { test, starts };
  }

  async function pages(test: TestEngine, starts: Record<string, Start>) {
    const found: Record<string, string> = {};
    for (const [name, start] of Object.entries(starts)) {
      found[name] = textsOf(await read(test, await iterator(test, start))).join('');
    }
    return found;
  }

  it('starts in an open shard where AWS does', async () => {
    const { test, starts } = await three();
    const whole = { horizon: 'abc', at: 'bc', after: 'c', time: 'bc', later: 'c', epoch: 'abc' };
    expect(await pages(test, starts)).toEqual({ ...whole, latest: '', now: '' });
  });

  it('starts in a closed shard where AWS does, and every start leads to the end', async () => {
    const { test, starts } = await three();
    await close(test);
    await test.put(StreamName, 'k', 'in a child');
    const whole = { horizon: 'abc', at: 'bc', after: 'c', time: 'bc', later: 'c', epoch: 'abc' };
    expect(await pages(test, starts)).toEqual({ ...whole, latest: '', now: '' });
    for (const start of Object.values(starts)) {
      const page = await read(test, await iterator(test, start));
      expect(page.NextShardIterator).toBeUndefined();
      expect(page.ChildShards).toHaveLength(2);
    }
  });

  it.each([false, true])(
    'starts at the horizon when it points before it, swept: %s',
    async (isSwept) => {
      const { test, starts } = await three();
      await test.clock.advance(22.5 * hourMs);
      if (isSwept) await test.engine.removeExpired();
      const whole = { horizon: 'c', at: 'c', after: 'c', time: 'c', later: 'c', epoch: 'c' };
      expect(await pages(test, starts)).toEqual({ ...whole, latest: '', now: '' });
      await test.clock.advance(24 * hourMs);
      if (isSwept) await test.engine.removeExpired();
      const tips: string[] = [];
      for (const start of Object.values(starts)) tips.push(await iterator(test, start));
      await test.put(StreamName, 'k', 'd');
      for (const tip of tips) expect(textsOf(await read(test, tip))).toEqual(['d']);
    },
  );

  it('starts in an empty shard at its first record, and in an empty closed one at its end', async () => {
    const test = await opened();
    const [shard] = await test.shards(StreamName);
    const StartingSequenceNumber = shard!.SequenceNumberRange.StartingSequenceNumber;
    const Timestamp = new Date(test.clock.now());
    const starts: Start[] = [
      { ShardIteratorType: 'TRIM_HORIZON' },
      { ShardIteratorType: 'LATEST' },
      { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber },
      { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber },
      { ShardIteratorType: 'AT_TIMESTAMP', Timestamp },
    ];
    const all = () => Promise.all(starts.map((start) => iterator(test, start)));
    const before = await all();
    for (const each of before) {
      expect(await read(test, each)).toMatchObject({ Records: [], MillisBehindLatest: 0 });
    }
    await test.put(StreamName, 'k', 'first');
    for (const each of before) expect(textsOf(await read(test, each))).toEqual(['first']);
    const empty = await opened();
    await close(empty);
    for (const start of starts) {
      const page = await read(empty, await iterator(empty, start));
      expect(page).toMatchObject({ Records: [], MillisBehindLatest: 0 });
      expect(page.ChildShards).toHaveLength(2);
    }
  });

  it('leaves out a record that arrived before AT_TIMESTAMP and is still being written', async () => {
    const files = new HeldFiles();
    const test = await TestEngine.open({}, { files });
    await test.stream(StreamName);
    await test.put(StreamName, 'k', 'a');
    const letGo = files.holdNext(({ kind }) => kind === 'write');
    const early = test.put(StreamName, 'k', 'early');
    await test.clock.advance(5);
    const Timestamp = new Date(test.clock.now());
    const later = await iterator(test, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp });
    letGo();
    await early;
    expect(textsOf(await read(test, later))).toEqual([]);
    await test.put(StreamName, 'k', 'late');
    expect(textsOf(await read(test, later))).toEqual(['late']);
  });

  it('takes records that are put between LATEST and the first read', async () => {
    const test = await opened();
    await test.put(StreamName, 'k', 'before');
    const latest = await iterator(test, { ShardIteratorType: 'LATEST' });
    await test.put(StreamName, 'k', 'after');
    expect(textsOf(await read(test, latest))).toEqual(['after']);
  });
});

describe('an iterator', () => {
  it('lives five minutes, to the millisecond, and is read as often as one likes', async () => {
    const test = await opened();
    await test.put(StreamName, 'k', 'a');
    const horizon = await iterator(test, { ShardIteratorType: 'TRIM_HORIZON' });
    await test.clock.advance(300_000);
    for (const Limit of [1, 2, 10_000]) {
      expect(textsOf(await read(test, horizon, Limit))).toEqual(['a']);
    }
    await test.clock.advance(1);
    expect(await rejection(read(test, horizon))).toMatchObject({
      name: 'ExpiredIteratorException',
      message:
        'Iterator expired. The iterator was created at time Wed Jan 01 00:00:00 UTC 2025 while ' +
        'right now it is Wed Jan 01 00:05:00 UTC 2025 which is further in the future than the ' +
        'tolerated delay of 300000 milliseconds.',
    });
  });

  it('survives a reshard and a restart', async () => {
    const test = await opened();
    await test.put(StreamName, 'k', 'a');
    const horizon = await iterator(test, { ShardIteratorType: 'TRIM_HORIZON' });
    await close(test);
    await test.reopen();
    const page = await read(test, horizon);
    expect(textsOf(page)).toEqual(['a']);
    expect(page.ChildShards).toHaveLength(2);
  });
});

describe('MillisBehindLatest', () => {
  it('of an open shard is the age of the last record returned, and grows', async () => {
    const test = await opened();
    for (const data of ['a', 'b', 'c']) {
      await test.put(StreamName, 'k', data);
      await test.clock.advance(1000);
    }
    const horizon = await iterator(test, { ShardIteratorType: 'TRIM_HORIZON' });
    const behind = async (Limit: number) => (await read(test, horizon, Limit)).MillisBehindLatest;
    expect([await behind(1), await behind(2), await behind(3)]).toEqual([3000, 2000, 0]);
    await test.clock.advance(1500);
    expect([await behind(1), await behind(2), await behind(3)]).toEqual([4500, 3500, 0]);
  });

  it('of a closed shard is measured against its last record, and stands still', async () => {
    const test = await opened();
    for (const data of ['a', 'b', 'c']) {
      await test.put(StreamName, 'k', data);
      await test.clock.advance(1000);
    }
    await close(test);
    const behind = async (Limit: number) => {
      const horizon = await iterator(test, { ShardIteratorType: 'TRIM_HORIZON' });
      return (await read(test, horizon, Limit)).MillisBehindLatest;
    };
    for (let hour = 0; hour < 3; hour++) {
      expect([await behind(1), await behind(2), await behind(3)]).toEqual([2000, 1000, 0]);
      await test.clock.advance(hourMs);
    }
  });

  it('is never 0 while there is more, also of the same millisecond', async () => {
    const test = await opened();
    for (const data of ['a', 'b']) await test.put(StreamName, 'k', data);
    const horizon = await iterator(test, { ShardIteratorType: 'TRIM_HORIZON' });
    expect((await read(test, horizon, 1)).MillisBehindLatest).toBe(1);
    await close(test);
    expect((await read(test, horizon, 1)).MillisBehindLatest).toBe(1);
  });
});

interface Known {
  readonly data: string;
  readonly number: string;
  readonly timeMs: number;
}

/** One shard as a list, and readers as places in it. */
class Model {
  readonly test: TestEngine;
  readonly records: Known[] = [];
  readonly readers: { token: string; next: number; tookMs: number }[] = [];
  /** What reads came upon, to show that the steps lead everywhere. */
  readonly seen = new Set<string>();
  closedMs = Number.POSITIVE_INFINITY;

  constructor(test: TestEngine) {
    this.test = test;
  }

  async put(): Promise<void> {
    if (this.isClosed) return;
    const data = `${this.records.length}`;
    const { SequenceNumber: number } = await this.test.put(StreamName, 'k', data);
    this.records.push({ data, number, timeMs: this.test.clock.now() });
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    await close(this.test);
    this.closedMs = this.test.clock.now();
  }

  private get isClosed(): boolean {
    return this.closedMs <= this.test.clock.now();
  }

  /** A new reader of a type at a record. */
  async start({ type, pick }: { type: number; pick: number }): Promise<void> {
    const at = this.records.length === 0 ? -1 : pick % this.records.length;
    const { number, timeMs = 0 } = this.records[at] ?? {};
    const byTime = this.records.findIndex((record) => record.timeMs >= timeMs);
    const cases: { start: Start; next: number }[] = [
      { start: { ShardIteratorType: 'TRIM_HORIZON' }, next: 0 },
      { start: { ShardIteratorType: 'LATEST' }, next: this.records.length },
      {
        start: { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(timeMs) },
        next: Math.max(0, byTime),
      },
    ];
    if (number !== undefined) {
      const StartingSequenceNumber = number;
      const sequence = [
        { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber },
        { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber },
      ] as const;
      sequence.forEach((start, more) => void cases.push({ start, next: at + more }));
    }
    const { start, next } = cases[type % cases.length]!;
    const token = await iterator(this.test, start);
    this.readers.push({ token, next, tookMs: this.test.clock.now() });
  }

  /** One read of one reader, twice; the second time goes on. */
  async read({ pick, limit }: { pick: number; limit: number }): Promise<void> {
    const reader = this.readers[pick % Math.max(1, this.readers.length)];
    if (!reader || this.test.clock.now() - reader.tookMs > 300_000) return;
    const again = await read(this.test, reader.token, limit);
    const page = await read(this.test, reader.token, limit);
    expect(textsOf(page)).toEqual(textsOf(again));
    const nowMs = this.test.clock.now();
    const isReadable = ({ timeMs }: Known) => timeMs >= nowMs - 24 * hourMs;
    const rest = this.records.slice(reader.next).filter(isReadable);
    const expected = rest.slice(0, limit);
    if (rest.length < this.records.length - reader.next) this.seen.add('expired');
    expect(textsOf(page)).toEqual(expected.map(({ data }) => data));
    this.checkPlace(page, { last: expected.at(-1), hasMore: rest.length > limit, nowMs });
    expect(page.NextShardIterator).not.toBe(again.NextShardIterator ?? '');
    if (page.NextShardIterator === undefined) return;
    if (expected.length > 0) reader.next = this.records.indexOf(expected.at(-1)!) + 1;
    reader.token = page.NextShardIterator;
    reader.tookMs = nowMs;
  }

  private checkPlace(
    page: GetRecordsOutput,
    { last, hasMore, nowMs }: { last: Known | undefined; hasMore: boolean; nowMs: number },
  ): void {
    const isEnd = this.isClosed && !hasMore;
    this.seen.add(isEnd ? 'end' : hasMore ? 'behind' : 'caught up');
    expect(page.NextShardIterator === undefined).toBe(isEnd);
    expect(page.ChildShards?.length).toBe(isEnd ? 2 : undefined);
    for (const child of page.ChildShards ?? []) expect(child.ParentShards).toEqual([parent]);
    const newestMs = this.isClosed ? (this.records.at(-1)?.timeMs ?? nowMs) : nowMs;
    const expected = hasMore ? Math.max(1, newestMs - last!.timeMs) : 0;
    expect(page.MillisBehindLatest).toBe(expected);
  }
}

const weights = { put: 12, read: 12, start: 8, pass: 6, sweep: 1, reopen: 1, close: 1 };
type Action = keyof typeof weights;

const anyStep = fc.record({
  action: fc.constantFrom(
    ...(Object.keys(weights) as Action[]).flatMap((action) =>
      Array<Action>(weights[action]).fill(action),
    ),
  ),
  pick: fc.nat(50),
  limit: fc.integer({ min: 1, max: 5 }),
  type: fc.nat(4),
  passMs: fc.oneof(fc.nat(2000), fc.integer({ min: 8 * hourMs, max: 20 * hourMs })),
});

describe('readers of one shard', () => {
  it('never go back, never repeat, never skip, and are told exactly how far behind they are', async () => {
    const did = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 20, maxLength: 60 }), async (steps) => {
        const test = await opened();
        const model = new Model(test);
        const actions: Record<Action, (step: (typeof steps)[number]) => Promise<void>> = {
          put: () => model.put(),
          read: (step) => model.read(step),
          start: (step) => model.start(step),
          pass: ({ passMs }) => test.clock.advance(passMs),
          sweep: () => test.engine.removeExpired(),
          reopen: () => test.reopen(),
          close: () => model.close(),
        };
        for (const step of steps) {
          // Soon after, the closed shard expires and no iterator starts in it.
          if (test.clock.now() - model.closedMs > 15 * hourMs) break;
          await actions[step.action](step);
        }
        for (const seen of model.seen) did.add(seen);
      }),
      { numRuns: 60 },
    );
    expect([...did].sort()).toEqual(['behind', 'caught up', 'end', 'expired']);
  });
});
