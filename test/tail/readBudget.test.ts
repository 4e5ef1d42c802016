// One budget of a shard on AWS for all of a window that read it, tails and exports: what they take together, and that
// each has its turn.
import { describe, expect, test } from 'vitest';
import { delay } from '../../src/base/clock.ts';
import type { RangeReader } from '../../src/export/rangeReader.ts';
import type { KinesisApi } from '../../src/kinesis/kinesisApi.ts';
import { awsPaceOf } from '../../src/tail/pace.ts';
import { budgetPaceOf, ReadBudget } from '../../src/tail/readBudget.ts';
import { exported, rangeOf } from '../export/support/exporting.ts';
import { TestClock } from '../support/testClock.ts';
import { type FakeOptions, FakeStream } from './support/fakeStream.ts';
import { numbers, openTail, recordsOf } from './support/openTail.ts';

const mib = 1024 * 1024;
const kib = new Uint8Array(1024);
const manyRows = { rowsMax: 1e6, bytesMax: 1e9 };

function made(options: Partial<FakeOptions> = {}, readsPerSecond = 1) {
  const clock = new TestClock();
  const stream = new FakeStream({ clock, shards: 1, ...options });
  const pace = awsPaceOf({ readsPerSecond });
  const budget = new ReadBudget(clock, budgetPaceOf(pace)!);
  const how = { place: 'aws', pace, budget, bounds: manyRows } as const;
  return { clock, stream, shard: stream.shards[0]!, how };
}

/** Calls and bytes of one of those who read. */
function counted({ api }: FakeStream) {
  const taken = { calls: 0, bytes: 0 };
  const getRecords: KinesisApi['getRecords'] = async (input, context) => {
    taken.calls++;
    const page = await api.getRecords(input, context);
    for (const { Data } of page.Records) taken.bytes += Data.length;
    return page;
  };
  return { taken, api: { ...api, getRecords } };
}

async function takeAll(source: RangeReader): Promise<void> {
  while (await source.next());
}

describe('a backlog of one shard that several read', () => {
  test.each([
    [1, 1, 1],
    [0, 2, 1],
    [1, 2, 1],
    [2, 1, 1],
    [1, 1, 5],
    [1, 1, 0.5],
  ])(
    'by %d tails and %d exports, at %d calls a second: all keep the budget, each has its part',
    async (tails, exports, readsPerSecond) => {
      const { clock, stream, shard, how } = made({}, readsPerSecond);
      for (let n = 0; n < 150_000; n++) stream.put(shard, kib);
      const readers = Array.from({ length: tails + exports }, () => counted(stream));
      const opened = readers.map(({ api }, index) =>
        index < tails ? openTail({ stream, clock }, { ...how, api }) : undefined,
      );
      for (const { api } of readers.slice(tails)) {
        void takeAll(rangeOf({ stream, clock }, { ...how, api }));
      }
      const seconds = 40;
      await clock.advance(seconds * 1000);
      const of = (what: 'calls' | 'bytes') => readers.map(({ taken }) => taken[what]);
      const all = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0);
      const part = Math.max(1, (2 * readsPerSecond) / 5) * mib;
      const bytesMax = part * (seconds + 2);
      const bytesMin = 0.85 * Math.min(part, how.pace.pageBytes! * readsPerSecond) * seconds;
      expect(all(of('calls'))).toBeLessThanOrEqual(seconds * readsPerSecond + 1);
      expect(all(of('bytes'))).toBeLessThanOrEqual(bytesMax);
      expect(all(of('bytes'))).toBeGreaterThan(bytesMin);
      const fair = 1 / readers.length;
      for (const calls of of('calls')) {
        expect(calls / all(of('calls'))).toBeGreaterThan(0.9 * fair);
      }
      for (const bytes of of('bytes')) {
        expect(bytes / all(of('bytes'))).toBeGreaterThan(0.75 * fair);
      }
      // What the foot says is what all of them take.
      const reads = opened[0]?.tab.tick().reads;
      if (!reads) return;
      expect(reads.callsPerSecond).toBeCloseTo(all(of('calls')) / seconds, 0);
      expect(reads.bytesPerSecond / mib).toBeCloseTo(all(of('bytes')) / seconds / mib, 0);
    },
  );

  test('shards have budgets of their own', async () => {
    const { clock, stream, how } = made({ shards: 4 });
    const readers = [counted(stream), counted(stream)];
    for (const { api } of readers) openTail({ stream, clock }, { ...how, api });
    await clock.advance(9_500);
    expect(readers.map(({ taken }) => taken.calls)).toEqual([20, 20]);
  });
});

test('a tail keeps up with what is put while an export reads', async () => {
  const { clock, stream, shard, how } = made();
  for (let n = 0; n < 50_000; n++) stream.put(shard, kib);
  const source = rangeOf({ stream, clock }, how);
  void takeAll(source);
  await clock.advance(3000);
  const { tab } = openTail({ stream, clock }, { ...how, start: { type: 'LATEST' } });
  // At once, although the export has just had its turn.
  await clock.advance(1);
  for (let n = 0; n < 20; n++) {
    stream.put(shard, 'a');
    await clock.advance(1000);
    expect(numbers(recordsOf(tab)).length).toBeGreaterThanOrEqual(n - 3);
  }
  await clock.advance(4000);
  expect(tab.tick().received).toBe(20);
  source.close();
});

test('a quiet tail leaves its turns to an export, an export that waits for its disk to a tail', async () => {
  const { clock, stream, shard, how } = made();
  const [tail, range] = [counted(stream), counted(stream)];
  const { session } = openTail(
    { stream, clock },
    { ...how, api: tail.api, start: { type: 'LATEST' } },
  );
  await clock.advance(100_000);
  for (let n = 0; n < 60_000; n++) stream.put(shard, kib);
  session.restart({ type: 'LATEST' });
  await clock.advance(30_000);
  const quietCalls = tail.taken.calls;
  const source = rangeOf({ stream, clock }, { ...how, api: range.api });
  // Nobody takes: it stops asking once 16 MiB wait.
  await clock.advance(100_000);
  const waiting = { ...range.taken };
  const held = tail.taken.calls;
  expect(held - quietCalls).toBeGreaterThan(20);
  for (let n = 0; n < 20; n++) {
    stream.put(shard, 'a');
    await clock.advance(1000);
  }
  expect(range.taken).toEqual(waiting);
  expect(tail.taken.calls - held).toBeGreaterThanOrEqual(16);
  void takeAll(source);
  await clock.advance(20_000);
  expect(range.taken.calls - waiting.calls).toBeGreaterThan(10);
});

test('who goes away while it waits leaves its turn to the next', async () => {
  const { clock, how } = made();
  const shard = how.budget.shard('shardId-000000000000');
  const turns: string[] = [];
  const turn = (name: string, signal = new AbortController().signal): void => {
    void shard.turn(signal).then(() => turns.push(`${name} ${clock.monotonic()}`));
  };
  const leaving = new AbortController();
  const beganMs = clock.monotonic();
  turn('a');
  turn('b', leaving.signal);
  turn('c', leaving.signal);
  turn('d');
  await clock.advance(500);
  leaving.abort();
  await clock.advance(1000);
  const at = (ms: number) => String(beganMs + ms);
  expect(turns.sort()).toEqual([`a ${at(0)}`, `b ${at(500)}`, `c ${at(500)}`, `d ${at(1000)}`]);
  // What was three times its part takes the time of three.
  shard.came(3 * mib);
  turn('e');
  turn('f');
  await clock.advance(10_000);
  expect(turns.slice(4)).toEqual([`e ${at(4000)}`, `f ${at(5000)}`]);
});

test('with very many shards over a slow line no iterator grows too old before its shard has its turn', async () => {
  const { clock, stream, how } = made({ shards: 60, pageMax: 2, iteratorLifeMs: 1500 });
  for (const shard of stream.shards) for (let n = 0; n < 4; n++) stream.put(shard, String(n));
  const getRecords: KinesisApi['getRecords'] = async (input, context) => {
    const page = await stream.api.getRecords(input, context);
    await delay(clock, 1000);
    return page;
  };
  const source = rangeOf({ stream, clock }, { ...how, api: { ...stream.api, getRecords } });
  const { result } = await exported({ source, clock });
  expect(result).toMatchObject({ end: 'done', records: 240 });
});
