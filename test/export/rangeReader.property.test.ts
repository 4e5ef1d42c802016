// Ranges of a stream that is written and resharded while they are read, of the engine and of AWS, over faults.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { awsPace, localPace } from '../../src/tail/pace.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { TestClock } from '../support/testClock.ts';
import { type FakeShard, FakeStream, passingFault } from '../tail/support/fakeStream.ts';
import { exported, rangeOf, recordsOf } from './support/exporting.ts';

/** By so much the clock of AWS may be behind this machine's. */
const behindMsMax = 4500;
const shardsMax = 6;

function made(seed: number) {
  const random = seededRandom(seed);
  const clock = new TestClock();
  const isAws = random.chance(0.5);
  const behindMs = isAws && random.chance(0.5) ? random.integer(0, behindMsMax) : 0;
  let faults = random.chance(0.4) ? 60 : 0;
  const stream = new FakeStream({
    clock,
    shards: random.integer(1, 3),
    pageMax: random.integer(1, 40),
    arrivalJitterMs: () => -behindMs,
    latencyMs: () => random.integer(0, 120),
    extraHop: () => random.chance(0.3),
    fault: (operation) =>
      faults > 0 && random.chance(0.1) && faults-- ? passingFault(operation, random) : undefined,
  });
  const place = isAws ? 'aws' : 'local';
  const how = { place, pace: isAws ? awsPace : localPace } as const;
  const step = (): void => {
    const { open } = stream;
    if (random.chance(0.03) && open.length < shardsMax) stream.split(random.pick(open));
    else if (random.chance(0.03) && open.length > 1) stream.merge(open[0]!, open[1]!);
    for (let n = random.integer(0, 4); n > 0; n--) stream.put(random.pick(stream.open), 'x');
  };
  let isOver = false;
  const flow = (): void => {
    if (isOver) return;
    step();
    clock.schedule(random.integer(1, 400), flow);
  };
  const end = (): void => {
    isOver = true;
  };
  return { random, clock, stream, how, flow, end };
}

const numbersOf = ({ records }: FakeShard): string[] =>
  records.map(({ SequenceNumber }) => SequenceNumber);

test('up to now has all that was there, and no hole within a key', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const { clock, stream, how, flow, end } = made(seed);
      flow();
      await clock.advance(15_000);
      const before = stream.shards.flatMap(numbersOf);
      const { result, chunks } = await exported({ source: rangeOf({ stream, clock }, how), clock });
      end();
      expect(result.end).toBe('done');
      const found = new Set(recordsOf(chunks).map(({ sequenceNumber }) => sequenceNumber));
      expect(found.size).toBe(result.records);
      expect(before.filter((number) => !found.has(number))).toEqual([]);
      for (const shard of stream.shards) {
        const its = numbersOf(shard);
        const last = its.findLastIndex((number) => found.has(number));
        const parents = stream.shards.filter(({ id }) => shard.parents.includes(id));
        const wanted = last < 0 ? [] : [...parents.flatMap(numbersOf), ...its.slice(0, last)];
        expect(wanted.filter((number) => !found.has(number))).toEqual([]);
      }
    }),
    { numRuns: 60 },
  );
});

test('ranges that meet about now have every record once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const { random, clock, stream, how, flow, end } = made(seed);
      flow();
      await clock.advance(15_000);
      const nowMs = clock.now();
      const toMs = nowMs + random.integer(-5000, 5000);
      const first = await exported({ source: rangeOf({ stream, clock }, { ...how, toMs }), clock });
      end();
      await clock.advance(60_000);
      const start = { type: 'AT_TIMESTAMP', timestampMs: Math.min(toMs, nowMs) } as const;
      const rest = await exported({ source: rangeOf({ stream, clock }, { ...how, start }), clock });
      const found = [...recordsOf(first.chunks), ...recordsOf(rest.chunks)];
      const numbers = found.map(({ sequenceNumber }) => sequenceNumber);
      expect(numbers.sort()).toEqual(stream.shards.flatMap(numbersOf).sort());
    }),
    { numRuns: 60 },
  );
});
