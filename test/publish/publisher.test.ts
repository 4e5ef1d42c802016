// What reaches a stream that throttles, vanishes and refuses, and what the publisher says of it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nullLogger } from '../../src/base/logger.ts';
import { KinesisError } from '../../src/kinesis/errors.ts';
import { apiFrom, type KinesisApi } from '../../src/kinesis/kinesisApi.ts';
import type { PutRecordsInput, PutRecordsOutput } from '../../src/kinesis/operations/putRecords.ts';
import type { PublishProgress, PublishResult } from '../../src/protocol/worker.ts';
import type { PublishRecord } from '../../src/publish/document.ts';
import { type Phase, Publisher, type Receipt } from '../../src/publish/publisher.ts';
import { samplePhases } from '../../src/publish/sample.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { TestClock } from '../support/testClock.ts';

type Entry = PutRecordsInput['Records'][number];

/** A stream of one shard that stores what `fate` lets through. */
class FakeShard {
  readonly stored: { key: string; text: string; atMs: number }[] = [];
  readonly batches: number[] = [];
  inFlightMax = 0;
  private inFlight = 0;
  private readonly clock: TestClock;
  private readonly fate: (entry: Entry, atMs: number) => 'store' | 'throttle';
  private readonly fault: (
    input: PutRecordsInput,
  ) => 'lost' | 'lostAfter' | KinesisError | undefined;

  constructor(
    clock: TestClock,
    {
      fate = () => 'store',
      fault = () => undefined,
    }: Partial<{
      fate: FakeShard['fate'];
      fault: FakeShard['fault'];
    }> = {},
  ) {
    this.clock = clock;
    this.fate = fate;
    this.fault = fault;
  }

  readonly api: KinesisApi = apiFrom(async (_, input) => {
    this.inFlightMax = Math.max(this.inFlightMax, ++this.inFlight);
    try {
      return (await this.put(input as PutRecordsInput)) as never;
    } finally {
      this.inFlight--;
    }
  });

  private async put(input: PutRecordsInput): Promise<PutRecordsOutput> {
    await Promise.resolve();
    const fault = this.fault(input);
    if (fault instanceof KinesisError) throw fault;
    if (fault === 'lost') throw lost();
    this.batches.push(input.Records.length);
    const Records = input.Records.map((entry) => this.store(entry));
    if (fault === 'lostAfter') throw lost();
    return { Records };
  }

  private store(entry: Entry): PutRecordsOutput['Records'][number] {
    const atMs = this.clock.monotonic();
    if (this.fate(entry, atMs) === 'throttle') {
      return { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded' };
    }
    const text = new TextDecoder().decode(entry.Data);
    this.stored.push({ key: entry.PartitionKey!, text, atMs });
    return { ShardId: 'shardId-000000000000', SequenceNumber: String(this.stored.length) };
  }
}

const lost = (): KinesisError => new KinesisError('NetworkError', 'No answer.', 503);

const records = (count: number, key = (n: number) => `k${n % 3}`): PublishRecord[] =>
  Array.from({ length: count }, (_, n) => ({
    data: new TextEncoder().encode(String(n)),
    partitionKey: key(n),
  }));

async function publish(
  { shard, clock, signal }: { shard: FakeShard; clock: TestClock; signal?: AbortSignal },
  phases: readonly Phase[],
) {
  const receipts: Receipt[] = [];
  const progress: PublishProgress[] = [];
  const publisher = new Publisher({
    api: shard.api,
    stream: 's',
    job: 1,
    clock,
    random: seededRandom(1),
    logger: nullLogger,
    signal: signal ?? new AbortController().signal,
    receipts: { write: async (batch) => void receipts.push(...batch) },
    progress: (item) => progress.push(item),
  });
  let isOver = false;
  const running = publisher.run(phases).finally(() => {
    isOver = true;
  });
  const [settled] = await Promise.all([
    Promise.allSettled([running]),
    (async () => {
      for (let waited = 0; !isOver && waited < 5000; waited++) await clock.advance(100);
    })(),
  ]);
  if (settled[0].status === 'rejected') throw settled[0].reason;
  const result: PublishResult = settled[0].value;
  return { result, receipts, progress };
}

const phaseOf = (items: PublishRecord[], rest: Partial<Phase> = {}): Phase => ({
  name: 'lines',
  records: items.values(),
  ...rest,
});

describe('Publisher', () => {
  test('keeps the order of each lane, whichever records of a call are refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 300 }), async (seed, count) => {
        const random = seededRandom(seed);
        const clock = new TestClock();
        const shard = new FakeShard(clock, {
          fault: () => (random.chance(0.1) ? 'lost' : undefined),
          fate: () => (random.chance(0.3) ? 'throttle' : 'store'),
        });
        const items = records(count, (n) => `k${n % 5}`).map((record, n) => ({
          ...record,
          lanes: [record.partitionKey, `shard ${Math.floor(n / 40)} ${n % 2}`],
        }));
        const { result } = await publish({ shard, clock }, [phaseOf(items)]);
        expect(result).toMatchObject({ acknowledged: count, failed: 0 });
        const lanes = new Set(items.flatMap((item) => item.lanes));
        for (const lane of lanes) {
          const its = items.flatMap((item, n) => (item.lanes.includes(lane) ? [String(n)] : []));
          const stored = shard.stored.map(({ text }) => text).filter((text) => its.includes(text));
          expect(stored).toEqual(its);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('stores everything once and each key in order, however much is refused and lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 1300 }), async (seed, count) => {
        const random = seededRandom(seed);
        const clock = new TestClock();
        const shard = new FakeShard(clock, {
          fault: () => (random.chance(0.2) ? 'lost' : undefined),
          // Whole keys are refused, as a full shard refuses them.
          fate: (entry, atMs) =>
            (Math.floor(atMs / 300) + entry.PartitionKey!.charCodeAt(1)) % 3 === 0
              ? 'throttle'
              : 'store',
        });
        const { result, receipts } = await publish({ shard, clock }, [phaseOf(records(count))]);
        expect(result).toMatchObject({ acknowledged: count, failed: 0 });
        expect(receipts).toHaveLength(count);
        expect(shard.inFlightMax).toBe(1);
        for (const key of ['k0', 'k1', 'k2']) {
          const texts = shard.stored
            .filter((one) => one.key === key)
            .map((one) => Number(one.text));
          expect(texts).toEqual(records(count).flatMap((_, n) => (`k${n % 3}` === key ? [n] : [])));
        }
      }),
      { numRuns: 25 },
    );
  });

  test('counts what it put again after a lost answer, and says that it may be there twice', async () => {
    const clock = new TestClock();
    let calls = 0;
    const shard = new FakeShard(clock, { fault: () => (calls++ < 8 ? 'lostAfter' : undefined) });
    const { result, receipts, progress } = await publish({ shard, clock }, [phaseOf(records(10))]);
    expect(result).toMatchObject({ acknowledged: 10, retried: 80, failed: 0 });
    expect(shard.stored).toHaveLength(90);
    expect(receipts).toHaveLength(10);
    expect(progress.map((item) => item.phase)).toContainEqual(
      expect.stringMatching(/no answer, putting the last call again.*there twice/),
    );
  });

  test('keeps calls within 500 records and 5 MiB', async () => {
    const clock = new TestClock();
    const shard = new FakeShard(clock);
    const large = Array.from({ length: 12 }, () => ({
      data: new Uint8Array(1024 * 1024),
      partitionKey: 'k',
    }));
    await publish({ shard, clock }, [phaseOf(records(1200)), phaseOf(large)]);
    expect(shard.batches).toEqual([500, 500, 200, 4, 4, 4]);
  });

  test('gives up only the record that is refused', async () => {
    const clock = new TestClock();
    const refusal = new KinesisError('ValidationException', 'Data is too long.');
    const shard = new FakeShard(clock, {
      fault: ({ Records }) =>
        Records.some((one) => one.PartitionKey === 'bad') ? refusal : undefined,
    });
    const items = records(100, (n) => (n === 41 ? 'bad' : 'good'));
    const { result } = await publish({ shard, clock }, [phaseOf(items)]);
    expect(result).toMatchObject({
      acknowledged: 99,
      failed: 1,
      failure: 'ValidationException: Data is too long.',
    });
    const long = await publish({ shard, clock }, [phaseOf(records(2, (n) => 'x'.repeat(257 * n)))]);
    expect(long.result).toMatchObject({ acknowledged: 0, failed: 2 });
  });

  test('stops at once where the stream is missing', async () => {
    const clock = new TestClock();
    const missing = new KinesisError('ResourceNotFoundException', 'Stream s not found.');
    const shard = new FakeShard(clock, { fault: () => missing });
    const { result } = await publish({ shard, clock }, [phaseOf(records(2000))]);
    expect(result).toMatchObject({ acknowledged: 0, failed: 500 });
    expect(result.failure).toBe('ResourceNotFoundException: Stream s not found.');
  });

  test('tells how many it did not try once the stream takes nothing', async () => {
    const clock = new TestClock();
    const expired = new KinesisError('ExpiredTokenException', 'The token is expired.');
    let calls = 0;
    const shard = new FakeShard(clock, {
      fault: () => (++calls > 2 ? expired : undefined),
      fate: ({ PartitionKey }) => (calls === 2 && PartitionKey === 'k1' ? 'throttle' : 'store'),
    });
    const phases = [phaseOf(records(5000), { total: 5000 }), phaseOf(records(70), { total: 70 })];
    const { result } = await publish({ shard, clock }, phases);
    const { acknowledged, failed, untried } = result;
    expect(result.end).toBe('givenUp');
    expect(acknowledged).toBe(shard.stored.length);
    expect(failed).toBeGreaterThanOrEqual(500);
    expect(untried).toBeGreaterThan(0);
    expect(acknowledged + failed + untried!).toBe(5070);
  });

  test.each([
    [500, 0],
    [501, undefined],
  ])(
    'of %i records that nobody counted it knows whether some were not tried',
    async (count, untried) => {
      const clock = new TestClock();
      const missing = new KinesisError('ResourceNotFoundException', 'Stream s not found.');
      const shard = new FakeShard(clock, { fault: () => missing });
      const { result } = await publish({ shard, clock }, [phaseOf(records(count))]);
      expect(result).toMatchObject({ failed: 500, end: 'givenUp', untried });
    },
  );

  test('what waited for its turn has failed when the stream takes nothing', async () => {
    const clock = new TestClock();
    const missing = new KinesisError('ResourceNotFoundException', 'Stream s not found.');
    const shard = new FakeShard(clock, { fault: () => missing });
    const items = records(2).map((record) => ({ ...record, lanes: ['key k'] }));
    const { result } = await publish({ shard, clock }, [phaseOf(items)]);
    expect(result).toMatchObject({ failed: 2, end: 'givenUp', untried: 0 });
  });

  test('a job that tried all has nothing untried, whatever was refused', async () => {
    const clock = new TestClock();
    const shard = new FakeShard(clock);
    const items = records(3, (n) => (n === 1 ? '' : 'k'));
    const { result } = await publish({ shard, clock }, [phaseOf(items, { total: 3 })]);
    expect(result).toMatchObject({ acknowledged: 2, failed: 1, end: 'done', untried: 0 });
  });

  test('cancelling stops after the call in flight', async () => {
    const clock = new TestClock();
    const shard = new FakeShard(clock);
    const controller = new AbortController();
    const phase = phaseOf(records(1000), { perSecond: 100 });
    clock.schedule(2000, () => controller.abort());
    const { result } = await publish({ shard, clock, signal: controller.signal }, [phase]);
    expect(result).toMatchObject({ end: 'cancelled', untried: undefined });
    expect(result.acknowledged).toBe(shard.stored.length);
    expect(result.acknowledged).toBeLessThanOrEqual(220);
    expect(result.acknowledged).toBeGreaterThanOrEqual(190);
  });
});

describe('a source', () => {
  test('that breaks has all put that came before, then rejects', async () => {
    const clock = new TestClock();
    const shard = new FakeShard(clock);
    const source = (function* () {
      yield* records(700);
      throw new Error('Line 701 is too long.');
    })();
    const published = publish({ shard, clock }, [phaseOf([], { records: source })]);
    await expect(published).rejects.toThrow('Line 701 is too long.');
    expect(shard.stored).toHaveLength(700);
  });

  test.each([
    ['when the job is cancelled', undefined],
    ['when the stream is missing', new KinesisError('ResourceNotFoundException', 'None.')],
  ])('is closed %s', async (_, fault) => {
    const clock = new TestClock();
    const shard = new FakeShard(clock, { fault: () => fault });
    const controller = new AbortController();
    let isClosed = false;
    const source = (function* () {
      try {
        while (!isClosed) yield* records(10);
      } finally {
        isClosed = true;
      }
    })();
    clock.schedule(1000, () => controller.abort());
    const phase = phaseOf([], { records: source, perSecond: 100 });
    await publish({ shard, clock, signal: controller.signal }, [phase]);
    expect(isClosed).toBe(true);
  });
});

describe('the sample', () => {
  const file = path.join(import.meta.dirname, '../../media/sample/flights.ndjson');
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);

  test('flows in three phases at their rates, the last one over a shard limit', async () => {
    const clock = new TestClock();
    const seconds = new Map<number, number>();
    const shard = new FakeShard(clock, {
      fate: (_, atMs) => {
        const second = Math.floor(atMs / 1000);
        const count = seconds.get(second) ?? 0;
        if (count >= 1000) return 'throttle';
        seconds.set(second, count + 1);
        return 'store';
      },
    });
    const { result, progress } = await publish({ shard, clock }, samplePhases(lines));
    expect(result).toMatchObject({ acknowledged: 16_000, failed: 0 });
    expect(result.retried).toBeGreaterThan(0);
    expect(progress[0]!.total).toBe(16_000);
    expect(seconds.get(10)).toBe(250);
    expect(Math.max(...seconds.values())).toBe(1000);
    const keys = new Set(shard.stored.slice(12_000, 13_500).map((one) => one.key));
    expect(keys).toEqual(new Set(['Chrome', 'Firefox', 'Safari']));
    expect(progress.length / (clock.monotonic() / 1000)).toBeLessThan(2.5);
  });

  test('has flights with an origin for a key, in half a megabyte', () => {
    expect(lines.length).toBe(5000);
    expect(readFileSync(file).length).toBeLessThan(500_000);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ origin: expect.stringMatching(/^[A-Z]{3}$/) });
    }
  });
});
