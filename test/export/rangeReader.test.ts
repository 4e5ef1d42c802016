// A range of a stream, read anew: all of it, in order, through reshards, faults and outages, and nothing beside it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { waitingBytesMax } from '../../src/export/rangeReader.ts';
import { KinesisError } from '../../src/kinesis/errors.ts';
import type { OperationName } from '../../src/kinesis/operations.ts';
import { arrivalMsOf } from '../../src/tail/arrival.ts';
import { awsPace } from '../../src/tail/pace.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { TestClock } from '../support/testClock.ts';
import {
  type FakeOptions,
  type FakeShard,
  FakeStream,
  networkLost,
  passingFault,
} from '../tail/support/fakeStream.ts';
import { exported, rangeOf, recordsOf } from './support/exporting.ts';

const minuteMs = 60_000;

async function made(options: Partial<FakeOptions> = {}) {
  const clock = new TestClock();
  const stream = new FakeStream({ clock, shards: 2, ...options });
  return { clock, stream };
}

const numbersOf = (shards: readonly FakeShard[]): string[] =>
  shards.flatMap(({ records }) => records.map(({ SequenceNumber }) => SequenceNumber));

/** A stream that was split and merged while records came, a minute between two. */
async function resharded(options: Partial<FakeOptions> = {}) {
  const { clock, stream } = await made(options);
  let number = 0;
  const putAll = async () => {
    for (const shard of stream.open) {
      for (let n = 0; n < 5; n++) stream.put(shard, String(number++));
    }
    await clock.advance(minuteMs);
  };
  await putAll();
  stream.split(stream.open[0]!);
  await putAll();
  stream.merge(stream.open[0]!, stream.open[1]!);
  await putAll();
  return { clock, stream };
}

test('all of a stream that was split and merged: each shard in order, parents first', async () => {
  const { clock, stream } = await resharded({ pageMax: 2, extraHop: () => true });
  const { result, chunks } = await exported({ source: rangeOf({ stream, clock }), clock });
  const records = recordsOf(chunks);
  expect(result).toMatchObject({ end: 'done', records: 35, warnings: [] });
  for (const shard of stream.shards) {
    const its = records.filter(({ shardId }) => shardId === shard.id);
    expect(its.map(({ sequenceNumber }) => sequenceNumber)).toEqual(numbersOf([shard]));
    for (const parent of shard.parents) {
      const lastOfParent = records.findLastIndex(({ shardId }) => shardId === parent);
      expect(records.findIndex(({ shardId }) => shardId === shard.id)).toBeGreaterThan(
        lastOfParent,
      );
    }
  }
});

test('ranges that follow each other have every record once, arrival times falling or not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const random = seededRandom(seed);
      const { clock, stream } = await resharded({
        pageMax: random.integer(1, 5),
        arrivalJitterMs: () => random.integer(0, minuteMs),
        extraHop: () => random.chance(0.3),
      });
      const arrivals = stream.shards.flatMap(({ records }) => records.map(arrivalMsOf));
      const middleMs = random.pick(arrivals)! + random.integer(-1, 1);
      const start = { type: 'AT_TIMESTAMP', timestampMs: middleMs } as const;
      const first = await exported({
        source: rangeOf({ stream, clock }, { toMs: middleMs }),
        clock,
      });
      const second = await exported({ source: rangeOf({ stream, clock }, { start }), clock });
      const found = [...recordsOf(first.chunks), ...recordsOf(second.chunks)];
      for (const shard of stream.shards) {
        const its = found.filter(({ shardId }) => shardId === shard.id);
        expect(its.map(({ sequenceNumber }) => sequenceNumber)).toEqual(numbersOf([shard]));
      }
    }),
    { numRuns: 60 },
  );
});

test('from a record on, by its sequence number', async () => {
  const { clock, stream } = await made({ shards: 1 });
  for (let n = 0; n < 9; n++) stream.put(stream.shards[0]!, String(n));
  const api = stream.api;
  const problem = await exported({
    source: rangeOf(
      { stream, clock },
      { api, start: { type: 'AT_SEQUENCE_NUMBER', sequenceNumber: '7' } },
    ),
    clock,
  });
  expect(problem.result).toMatchObject({
    end: 'failed',
    failure: expect.stringContaining('7 is no sequence number'),
  });
});

test('up to now ends although records come faster than they are read', async () => {
  const { clock, stream } = await made({ shards: 1, pageMax: 100 });
  const [shard] = stream.shards;
  let isOver = false;
  const flow = (): void => {
    for (let n = 0; n < 150; n++) stream.put(shard!, 'meanwhile');
    if (!isOver) clock.schedule(1000, flow);
  };
  flow();
  const beganMs = clock.now();
  const source = rangeOf({ stream, clock }, { place: 'aws', pace: awsPace });
  const { result, chunks } = await exported({ source, clock });
  isOver = true;
  expect(result.end).toBe('done');
  const last = recordsOf(chunks).at(-1)!;
  expect(last.arrivedMs - beganMs).toBe(60_000);
});

describe('in trouble', () => {
  test('throttles, lost calls and expired iterators are waited for: nothing is missing', async () => {
    const random = seededRandom(3);
    let faults = 0;
    const fault = (operation: OperationName) => {
      if (!random.chance(0.4)) return undefined;
      faults++;
      return passingFault(operation, random);
    };
    const { clock, stream } = await resharded({ pageMax: 2, fault });
    const { result, chunks } = await exported({ source: rangeOf({ stream, clock }), clock });
    expect(faults).toBeGreaterThan(5);
    expect(result).toMatchObject({ end: 'done', records: 35 });
    expect(new Set(recordsOf(chunks).map((one) => one.sequenceNumber)).size).toBe(35);
  });

  test('an outage is told with the progress, and can be left by cancelling', async () => {
    const { clock, stream } = await made({ fault: networkLost });
    const cancelling = new AbortController();
    clock.schedule(20_000, () => cancelling.abort());
    const source = rangeOf({ stream, clock });
    const { result, progress } = await exported({ source, clock }, { signal: cancelling.signal });
    expect(result).toMatchObject({ end: 'cancelled', records: 0 });
    expect(progress.at(-1)?.waiting).toMatch(/^The engine does not answer/);
    const calls = stream.calls.get('ListShards');
    await clock.advance(minuteMs);
    expect(stream.calls.get('ListShards')).toBe(calls);
  });

  test('a stream that is deleted on the way is a failure that keeps what was read', async () => {
    const { clock, stream } = await made({ shards: 1, pageMax: 2 });
    for (let n = 0; n < 6; n++) stream.put(stream.shards[0]!, String(n));
    let writes = 0;
    const chunks: Uint8Array[] = [];
    const write = async (bytes: Uint8Array) => {
      writes++;
      chunks.push(bytes);
    };
    stream.api.getRecords = (
      (original) =>
      async (...call: Parameters<typeof original>) => {
        const answer = await original(...call);
        stream.isDeleted = true;
        return answer;
      }
    )(stream.api.getRecords);
    const { result } = await exported(
      { source: rangeOf({ stream, clock }), clock },
      { sink: { write } },
    );
    expect(result).toMatchObject({ end: 'failed', records: 2 });
    expect(result.failure).toBe('The stream flights was deleted. What was read of it stays here.');
    expect(writes).toBe(1);
    expect(recordsOf(chunks)).toHaveLength(2);
  });

  test('no stream is a failure with what to do', async () => {
    const { clock, stream } = await made();
    stream.isDeleted = true;
    const { result } = await exported({ source: rangeOf({ stream, clock }), clock });
    expect(result).toMatchObject({ end: 'failed', records: 0 });
    expect(result.failure).toMatch(/^There is no stream flights here: /);
  });
});

test('while the disk is slow, reading waits: what is held has a bound', async () => {
  const { clock, stream } = await made({ shards: 8, pageMax: 4 });
  const large = new Uint8Array(1024 * 1024).fill(0x41);
  for (const shard of stream.shards) for (let n = 0; n < 12; n++) stream.put(shard, large);
  const source = rangeOf({ stream, clock });
  await clock.advance(minuteMs);
  const asked = stream.calls.get('GetRecords')!;
  // 16 MiB wait and four pages of 4 MiB are on their way, of 96 MiB in all.
  expect(asked).toBeLessThanOrEqual(8);
  expect(source.peakBytes).toBeGreaterThanOrEqual(waitingBytesMax);
  expect(source.peakBytes).toBeLessThanOrEqual(2 * waitingBytesMax);
  const { result } = await exported({ source, clock });
  expect(result.records).toBe(96);
  expect(source.peakBytes).toBeLessThanOrEqual(2 * waitingBytesMax);
  expect(stream.inFlightMax).toBeLessThanOrEqual(4);
});

test("on AWS it asks a shard once a second, inside the tail's budget", async () => {
  const { clock, stream } = await made({ shards: 1, pageMax: 10 });
  for (let n = 0; n < 100; n++) stream.put(stream.shards[0]!, String(n));
  const beganMs = clock.monotonic();
  const source = rangeOf({ stream, clock }, { place: 'aws', pace: awsPace });
  const { result } = await exported({ source, clock });
  expect(result.records).toBe(100);
  expect(stream.calls.get('GetRecords')).toBe(10);
  expect(clock.monotonic() - beganMs).toBeGreaterThanOrEqual(9_000);
});

test('AccessDenied is a failure that says what to ask for', async () => {
  const { clock, stream } = await made({
    fault: () => new KinesisError('AccessDeniedException', 'Not authorized.'),
  });
  const { result } = await exported({ source: rangeOf({ stream, clock }), clock });
  expect(result.failure).toMatch(
    /^AWS does not allow reading flights: .* Ask for kinesis:ListShards/,
  );
});
