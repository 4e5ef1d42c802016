// A range of a stream, read anew: all of it, in order, through reshards, faults and outages, and nothing beside it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordBytes, waitingBytesMax } from '../../src/export/rangeReader.ts';
import { KinesisError } from '../../src/kinesis/errors.ts';
import type { GetRecordsInput, GetRecordsOutput } from '../../src/kinesis/operations/getRecords.ts';
import type { OperationName } from '../../src/kinesis/operations.ts';
import type { Shard } from '../../src/kinesis/shapes.ts';
import { arrivalMsOf } from '../../src/tail/arrival.ts';
import { awsPace, localPace } from '../../src/tail/pace.ts';
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

/** Answers of GetRecords as another Kinesis would word them. */
function changed(
  { api }: FakeStream,
  change: (page: GetRecordsOutput, input: GetRecordsInput) => GetRecordsOutput,
): void {
  const { getRecords } = api;
  api.getRecords = async (input, context) => change(await getRecords(input, context), input);
}

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

test('a range up to a time to come ends now, says so, and the next one from there has the rest', async () => {
  const { clock, stream } = await made({ shards: 1 });
  stream.put(stream.shards[0]!, 'before');
  await clock.advance(1000);
  clock.schedule(minuteMs, () => stream.put(stream.shards[0]!, 'meanwhile'));
  const nowMs = clock.now();
  const first = await exported({
    source: rangeOf({ stream, clock }, { toMs: nowMs + 2 * minuteMs }),
    clock,
  });
  await clock.advance(3 * minuteMs);
  const start = { type: 'AT_TIMESTAMP', timestampMs: nowMs } as const;
  const second = await exported({ source: rangeOf({ stream, clock }, { start }), clock });
  expect([first.result.records, second.result.records]).toEqual([1, 1]);
  expect(first.result).toMatchObject({
    end: 'done',
    warnings: [
      `The end of the range was still to come: the file has what arrived before ${new Date(nowMs).toISOString()}. Export from there on to have the rest.`,
    ],
  });
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

test('up to now ends soon in a shard into which records come all the time', async () => {
  const { clock, stream } = await made({ shards: 1 });
  let isOver = false;
  const flow = (): void => {
    stream.put(stream.shards[0]!, 'meanwhile');
    if (!isOver) clock.schedule(500, flow);
  };
  flow();
  const source = rangeOf({ stream, clock }, { place: 'aws', pace: awsPace });
  const { result } = await exported({ source, clock });
  isOver = true;
  expect(result.end).toBe('done');
  expect(stream.calls.get('GetRecords')).toBeLessThanOrEqual(7);
});

test('up to now ends at the newest record of the local engine, also while its clock stands still', async () => {
  const clock = new TestClock();
  const stillMs = clock.now();
  const streamClock = {
    now: () => stillMs,
    monotonic: () => clock.monotonic(),
    schedule: (delayMs: number, task: () => void) => clock.schedule(delayMs, task),
  };
  const stream = new FakeStream({
    ...{ clock, shards: 1, pageMax: 10 },
    arrivalJitterMs: () => stillMs - clock.now(),
  });
  for (let n = 0; n < 50; n++) stream.put(stream.shards[0]!, 'before');
  let meanwhile = 0;
  const flow = (): void => {
    stream.put(stream.shards[0]!, 'meanwhile');
    if (++meanwhile < 1000) clock.schedule(20, flow);
  };
  flow();
  const source = rangeOf({ stream, clock }, { clock: streamClock });
  const { result, chunks } = await exported({ source, clock });
  expect(result.end).toBe('done');
  const before = recordsOf(chunks).filter(
    ({ data }) => new TextDecoder().decode(data) === 'before',
  );
  expect(before).toHaveLength(50);
  expect(meanwhile).toBeLessThan(50);
});

test('up to now has all of the local engine, also what arrived before its clock was set back', async () => {
  const { clock, stream } = await made({ shards: 1, pageMax: 10 });
  const nowMs = clock.now();
  for (const arrivedMs of [nowMs - 60 * minuteMs, nowMs + 60 * minuteMs]) {
    clock.setWall(arrivedMs);
    for (let n = 0; n < 25; n++) stream.put(stream.shards[0]!, 'a');
  }
  clock.setWall(nowMs);
  const { result } = await exported({ source: rangeOf({ stream, clock }), clock });
  expect(result).toMatchObject({ end: 'done', records: 50 });
});

test.each([0, 1000, 4000])(
  'ranges that follow each other have every record once on a machine whose clock is %d ms ahead of AWS',
  async (aheadMs) => {
    const { clock, stream } = await made({ shards: 1, arrivalJitterMs: () => -aheadMs });
    const nowMs = clock.now();
    for (let n = 0; n < 20; n++) {
      clock.schedule(600 * n + 300, () => stream.put(stream.shards[0]!, String(n)));
    }
    const how = { place: 'aws', pace: awsPace } as const;
    const first = await exported({
      source: rangeOf({ stream, clock }, { ...how, toMs: nowMs + minuteMs }),
      clock,
    });
    await clock.advance(minuteMs);
    const start = { type: 'AT_TIMESTAMP', timestampMs: nowMs } as const;
    const second = await exported({ source: rangeOf({ stream, clock }, { ...how, start }), clock });
    const numbers = [...recordsOf(first.chunks), ...recordsOf(second.chunks)];
    expect(numbers.map(({ sequenceNumber }) => sequenceNumber)).toEqual(numbersOf(stream.shards));
  },
);

test('a range that ended before is not waited for', async () => {
  const { clock, stream } = await made({ shards: 1 });
  const toMs = clock.now() - minuteMs;
  const source = rangeOf({ stream, clock }, { place: 'aws', pace: awsPace, toMs });
  await exported({ source, clock });
  expect(stream.calls.get('GetRecords')).toBe(1);
});

test("up to now is by the stream's clock, also where the first shard that answers is empty", async () => {
  const { clock, stream } = await made({ pageMax: 5, arrivalJitterMs: () => 3 * 60 * minuteMs });
  for (let n = 0; n < 20; n++) stream.put(stream.shards[1]!, 'ahead of this clock');
  const { result } = await exported({ source: rangeOf({ stream, clock }), clock });
  expect(result).toMatchObject({ end: 'done', records: 20 });
});

describe('how far a shard is read', () => {
  /** As emulators do that tell no distance. */
  const neverBehind = (stream: FakeStream) =>
    changed(stream, (page) => ({ ...page, MillisBehindLatest: 0 }));

  test('to its end also where answers with records always say that none follow', async () => {
    const { clock, stream } = await made({ pageMax: 10 });
    for (const shard of stream.shards) for (let n = 0; n < 50; n++) stream.put(shard, 'a');
    stream.split(stream.shards[0]!);
    for (const shard of stream.open) for (let n = 0; n < 50; n++) stream.put(shard, 'b');
    neverBehind(stream);
    const source = rangeOf({ stream, clock }, { place: 'aws', pace: awsPace });
    const { result } = await exported({ source, clock });
    expect(result).toMatchObject({ end: 'done', records: 250 });
  });

  test('over empty answers that are behind, to one that is not', async () => {
    const { clock, stream } = await made({ walkPages: 12 });
    for (const shard of stream.shards) stream.put(shard, 'a');
    const { result } = await exported({ source: rangeOf({ stream, clock }), clock });
    expect(result).toMatchObject({ end: 'done', records: 2 });
  });

  test('a closed one that never ends is left when it has no more, and its children are read', async () => {
    const { clock, stream } = await made({ shards: 1, extraHop: () => true });
    stream.put(stream.shards[0]!, 'a');
    stream.split(stream.shards[0]!);
    for (const shard of stream.open) stream.put(shard, 'b');
    changed(stream, ({ ChildShards: _, ...page }, { ShardIterator }) => ({
      NextShardIterator: ShardIterator,
      ...page,
    }));
    const { result } = await exported({ source: rangeOf({ stream, clock }), clock });
    expect(result).toMatchObject({ end: 'done', records: 3 });
  });
});

describe('up to now, while another shard is still read', () => {
  test.each([
    ['AWS', { place: 'aws', pace: awsPace }, 10_000],
    ['the local engine', { place: 'local', pace: localPace }, 1000],
  ] as const)(
    'a shard of %s that goes on and is split then leaves no hole',
    async (_, how, stepMs) => {
      const { clock, stream } = await made({ pageMax: 10, latencyMs: () => stepMs / 20 });
      const [large, small] = stream.shards;
      for (let n = 0; n < 3000; n++) stream.put(large!, 'a');
      stream.put(small!, '1', 'key');
      clock.schedule(stepMs, () => stream.put(small!, '2', 'key'));
      clock.schedule(2 * stepMs, () => {
        stream.split(small!);
        for (const child of stream.open.slice(1)) stream.put(child, '3', 'key');
        stream.merge(stream.open[1]!, stream.open[2]!);
        stream.put(stream.open[1]!, '4', 'key');
      });
      const { result, chunks } = await exported({ source: rangeOf({ stream, clock }, how), clock });
      const its = recordsOf(chunks).filter(({ partitionKey }) => partitionKey === 'key');
      expect(its.map(({ data }) => new TextDecoder().decode(data))).toEqual(['1']);
      expect(result).toMatchObject({ end: 'done', records: 3001, warnings: [] });
      // The new shards were seen on the way.
      expect(stream.calls.get('ListShards')).toBeGreaterThan(2);
    },
  );

  test('one that is split while it is read itself is read to its end, and its children are', async () => {
    const { clock, stream } = await made({ shards: 1, pageMax: 10, latencyMs: () => 50 });
    const [parent] = stream.shards;
    for (let n = 0; n < 500; n++) stream.put(parent!, 'a');
    clock.schedule(1000, () => {
      stream.split(parent!);
      for (const child of stream.open) stream.put(child, 'b');
    });
    const { result } = await exported({ source: rangeOf({ stream, clock }), clock });
    expect(result).toMatchObject({ end: 'done', records: 502 });
  });
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
    expect(result.failure).toBe('The stream flights was deleted while it was read.');
    expect(writes).toBe(1);
    expect(recordsOf(chunks)).toHaveLength(2);
  });

  test('one that is created again on the way is a failure that says which one was read', async () => {
    const { clock, stream } = await made({ shards: 1, pageMax: 2, latencyMs: () => 1000 });
    for (let n = 0; n < 60; n++) stream.put(stream.shards[0]!, String(n));
    const { listShards } = stream.api;
    stream.api.listShards = async (input, context) => {
      const { Shards = [], ...rest } = await listShards(input, context);
      const StartingSequenceNumber = stream.calls.get('ListShards') === 1 ? '1' : '5';
      const of = (shard: Shard) => ({ ...shard, SequenceNumberRange: { StartingSequenceNumber } });
      return { ...rest, Shards: Shards.map(of) };
    };
    const { result } = await exported({ source: rangeOf({ stream, clock }), clock });
    expect(result).toMatchObject({
      end: 'failed',
      failure:
        'The stream flights was deleted and created again while it was read: what was read is of the old one. Export again to have the new one.',
    });
    expect(result.records).toBeGreaterThan(2);
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

test('while the disk is slow, what is held of records of one byte has a bound, too', async () => {
  const { clock, stream } = await made({ shards: 8 });
  const one = new Uint8Array([0x41]);
  for (const shard of stream.shards) for (let n = 0; n < 6000; n++) stream.put(shard, one);
  const source = rangeOf({ stream, clock });
  await clock.advance(minuteMs);
  // Of 48,000 records, each at 1 KiB; four pages of 2,000 are on their way.
  const held = stream.calls.get('GetRecords')! * localPace.recordsPerCall;
  expect(held * recordBytes).toBeLessThanOrEqual(waitingBytesMax + 5 * 2000 * recordBytes);
  expect(source.peakBytes).toBeLessThanOrEqual(waitingBytesMax + 5 * 2000 * (recordBytes + 1));
  const { result } = await exported({ source, clock });
  expect(result.records).toBe(48_000);
});

test("on AWS it asks a shard once a second, inside the tail's budget", async () => {
  const { clock, stream } = await made({ shards: 1, pageMax: 10 });
  for (let n = 0; n < 100; n++) stream.put(stream.shards[0]!, String(n));
  const beganMs = clock.monotonic();
  const source = rangeOf({ stream, clock }, { place: 'aws', pace: awsPace });
  const { result } = await exported({ source, clock });
  expect(result.records).toBe(100);
  // The last one says that there are no more.
  expect(stream.calls.get('GetRecords')).toBe(11);
  expect(clock.monotonic() - beganMs).toBeGreaterThanOrEqual(10_000);
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
