// Whatever a stream does, a tail shows every record once, in the order of its shard, parents first.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KinesisError } from '../../src/kinesis/errors.ts';
import type { OperationName } from '../../src/kinesis/operations.ts';
import { awsPace, localPace } from '../../src/tail/pace.ts';
import { type SeededRandom, seededRandom } from '../support/seededRandom.ts';
import { TestClock } from '../support/testClock.ts';
import { FakeStream, networkLost, passingFault } from './support/fakeStream.ts';
import { type OpenTail, openTail, pollPace, recordsOf } from './support/openTail.ts';

const scenario = fc.record({
  seed: fc.integer(),
  shards: fc.integer({ min: 1, max: 4 }),
  pageMax: fc.integer({ min: 1, max: 7 }),
  start: fc.constantFrom('TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'),
  way: fc.constantFrom<'push' | 'poll' | 'aws'>('push', 'poll', 'aws'),
  steps: fc.integer({ min: 5, max: 25 }),
});
const paces = { push: localPace, poll: pollPace, aws: awsPace };
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

/** Faults come only while the trouble lasts, so that every run can end. */
class World {
  readonly random: SeededRandom;
  readonly clock = new TestClock();
  readonly stream: FakeStream;
  isTroubled = true;
  isDown = false;

  constructor({ seed, shards, pageMax }: Scenario) {
    this.random = seededRandom(seed);
    this.stream = new FakeStream({
      clock: this.clock,
      shards,
      pageMax,
      iteratorLifeMs: 4000,
      subscriptionLifeMs: 7000,
      latencyMs: () => this.random.integer(0, 40),
      fault: (operation) => this.fault(operation),
      extraHop: () => this.random.chance(0.5),
    });
  }

  put(count: number): void {
    for (let made = 0; made < count; made++) {
      this.stream.put(this.random.pick(this.stream.open), `{"n":${made}}`);
    }
  }

  /** The engine goes, or comes back. */
  toggle(): void {
    this.isDown = !this.isDown;
    for (const one of this.isDown ? this.stream.subscriptions : []) one.cut(networkLost());
  }

  reshard(): void {
    const { open } = this.stream;
    if (open.length > 1 && this.random.chance(0.5)) this.stream.merge(open[0]!, open[1]!);
    else this.stream.split(this.random.pick(open));
  }

  private fault(operation: OperationName): KinesisError | undefined {
    if (this.isDown) return networkLost();
    if (!this.isTroubled || !this.random.chance(0.2)) return undefined;
    return passingFault(operation, this.random);
  }
}

async function disturb(world: World, { session, tab }: OpenTail): Promise<void> {
  const { random } = world;
  const deeds = [
    () => world.put(random.integer(1, 20)),
    () => world.put(random.integer(1, 20)),
    () => world.reshard(),
    () => session.pause(),
    () => session.resume(),
    () => tab.filter({ text: random.pick(['', '1', 'no such thing']) }),
    () => world.toggle(),
  ];
  random.pick(deeds)();
  await world.clock.advance(random.pick([1, 30, 200, 1500, 6000]));
}

async function drain(world: World, { session, tab }: OpenTail): Promise<void> {
  world.isTroubled = false;
  world.isDown = false;
  session.resume();
  tab.filter({ text: '' });
  for (let waited = 0; waited < 300; waited++) {
    await world.clock.advance(1000);
    const { shards } = tab.tick();
    const isRead = shards.every((shard) => shard.millisBehindLatest === 0);
    const isKnown = shards.length === world.stream.shards.length;
    if (isRead && isKnown && waited > 40 && shards.every((s) => s.reading !== 'waiting')) return;
  }
}

test('a tail shows every record once, per shard in order, parents before children', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const world = new World(given);
      const { stream, clock } = world;
      const pace = paces[given.way];
      world.put(10);
      await clock.advance(1000);
      const old = new Set(stream.shards.flatMap((shard) => shard.records));
      const opened = openTail(
        { stream, clock },
        {
          pace,
          start:
            given.start === 'AT_TIMESTAMP'
              ? { type: given.start, timestampMs: clock.now() }
              : { type: given.start },
        },
      );
      if (given.start === 'LATEST') await untilLive(world, opened);
      for (let step = 0; step < given.steps; step++) await disturb(world, opened);
      await drain(world, opened);
      const { session, tab } = opened;

      const rows = recordsOf(tab);
      for (const shard of stream.shards) {
        const wanted = shard.records.filter((r) => given.start === 'TRIM_HORIZON' || !old.has(r));
        const shown = rows.filter((row) => row.shardId === shard.id);
        expect(shown.map((row) => row.sequenceNumber)).toEqual(
          wanted.map((record) => record.SequenceNumber),
        );
        const begin = rows.findIndex((row) => row.shardId === shard.id);
        const parentEnd = rows.findLastIndex((row) => shard.parents.includes(row.shardId));
        if (begin >= 0) expect(parentEnd).toBeLessThan(begin);
      }
      expect(tab.tick().received).toBe(rows.length);
      expect(stream.inFlightMax).toBeLessThanOrEqual(pace.callsMax);
      session.dispose();
      await clock.advance(100);
      expect([stream.inFlight, stream.subscriptions.size]).toEqual([0, 0]);
    }),
    { numRuns: 60 },
  );
});

test('rows of all shards stand in one order: by the time up to which their shard had come', async () => {
  const given = fc.record({
    ...{ seed: fc.integer(), shards: fc.integer({ min: 2, max: 5 }) },
    way: fc.constantFrom<keyof typeof paces>('push', 'poll'),
  });
  const property = fc.asyncProperty(given, async ({ seed, shards, way }) => {
    const clock = new TestClock();
    const random = seededRandom(seed);
    const stream = new FakeStream({
      ...{ clock, shards, pageMax: 3 },
      arrivalJitterMs: () => random.integer(-300, 300),
      latencyMs: () => random.pick([0, 10, 500, 5000]),
    });
    const put = (): void => stream.put(random.pick(stream.open), '{}');
    for (let index = 0; index < 40; index++) {
      put();
      await clock.advance(random.integer(0, 200));
    }
    const pace = paces[way];
    const start = { type: 'TRIM_HORIZON' } as const;
    const { session, tab, ticks } = openTail({ stream, clock }, { start, pace });
    for (let index = 0; index < 40; index++) {
      put();
      await clock.advance(random.integer(0, 500));
    }
    await clock.advance(120_000);
    const reached = new Map<string, number>();
    let beforeMs = 0;
    const rows = recordsOf(tab);
    for (const { shardId, arrivedMs } of rows) {
      const orderMs = Math.max(arrivedMs, reached.get(shardId) ?? 0);
      reached.set(shardId, orderMs);
      expect(orderMs).toBeGreaterThanOrEqual(beforeMs);
      beforeMs = orderMs;
    }
    expect(rows).toHaveLength(80);
    const moved = ticks
      .flatMap(({ moves }) => moves.list)
      .reduce((sum, { count }) => sum + count, 0);
    expect(tab.tick().moves.late).toBe(moved);
    session.dispose();
  });
  await fc.assert(property, { numRuns: 60 });
});

async function untilLive(world: World, { tab }: OpenTail): Promise<void> {
  for (let waited = 0; tab.tick().state !== 'live' && waited < 1000; waited++) {
    await world.clock.advance(100);
  }
}
