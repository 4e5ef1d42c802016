// The engine's clock: stopped, stepped, sped up, kept with the data; and what of the engine follows it.
import { describe, expect, test } from 'vitest';
import { rateMax, stepMsMax } from '../../src/admin/controls.ts';
import { EngineClock, stepTimersMax } from '../../src/engine/engineClock.ts';
import { clockPath, latestMs } from '../../src/engine/engineClockLine.ts';
import { parseSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import { FaultyFiles, failNext } from '../support/faultyFiles.ts';
import { MemoryFiles } from '../support/memoryFiles.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { TEST_EPOCH_MS, TestClock } from '../support/testClock.ts';
import { ControlledBench, rejection } from './support/controlledBench.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const settled = (): Promise<void> => Promise.resolve();

async function clockBench(files = new MemoryFiles()) {
  const machine = new TestClock();
  const clock = await EngineClock.open({ files, clock: machine });
  return { machine, clock, files };
}

describe('EngineClock', () => {
  test("is the machine's until it is moved, and writes nothing", async () => {
    const { machine, clock, files } = await clockBench();
    await machine.advance(1234);
    machine.setWall(TEST_EPOCH_MS - hourMs);
    expect([clock.now(), clock.monotonic()]).toEqual([machine.now(), machine.monotonic()]);
    expect(clock.status).toMatchObject({ aheadMs: 0, rate: 1 });
    expect(files.paths).toEqual([]);
  });

  test('stopped, neither time nor timers go on; started, they go on from there', async () => {
    const { machine, clock } = await clockBench();
    const called: number[] = [];
    clock.schedule(100, () => called.push(clock.now()));
    await machine.advance(40);
    await clock.setRate(0);
    await machine.advance(hourMs);
    expect([clock.now() - TEST_EPOCH_MS, clock.monotonic(), called]).toEqual([40, 40, []]);
    expect(machine.pendingTimers).toBe(0);
    await clock.setRate(1);
    await machine.advance(59);
    expect(called).toEqual([]);
    await machine.advance(1);
    expect(called).toEqual([TEST_EPOCH_MS + 100]);
    expect(clock.status.aheadMs).toBe(-hourMs);
  });

  test('a step calls what becomes due, in order, with the clock at its time', async () => {
    const { clock } = await clockBench();
    await clock.setRate(0);
    const called: [string, number][] = [];
    const note = (name: string) => () => void called.push([name, clock.now() - TEST_EPOCH_MS]);
    clock.schedule(30, note('c'));
    clock.schedule(10, () => {
      note('a')();
      clock.schedule(5, note('b'));
    });
    clock.schedule(30, note('d'));
    clock.schedule(51, note('never'));
    clock.schedule(20, note('disposed')).dispose();
    await clock.step(50, settled);
    expect(called).toEqual([
      ['a', 10],
      ['b', 15],
      ['c', 30],
      ['d', 30],
    ]);
    expect(clock.now() - TEST_EPOCH_MS).toBe(50);
    expect(clock.monotonic()).toBe(50);
  });

  test('stopped, what is due is called all the same: of a step too, what came too late for it', async () => {
    const { machine, clock } = await clockBench();
    const called: string[] = [];
    await clock.setRate(0);
    clock.schedule(0, () => called.push('now'));
    clock.schedule(1, () => called.push('after the step'));
    clock.schedule(3, () => called.push('never'));
    await machine.advance(0);
    expect(called).toEqual(['now']);
    const due: (() => void)[] = [];
    await clock.step(2, async () => {
      if (called.length === 2) due.push(() => clock.schedule(0, () => called.push('too late')));
    });
    for (const schedule of due.slice(0, 1)) schedule();
    await machine.advance(hourMs);
    expect(called).toEqual(['now', 'after the step', 'too late']);
  });

  test('a step waits for what each timer starts before the next', async () => {
    const { clock } = await clockBench();
    const log: string[] = [];
    let work: Promise<void> = Promise.resolve();
    const slow = async (name: string): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${name} at ${clock.now() - TEST_EPOCH_MS}`);
    };
    clock.schedule(10, () => {
      work = slow('first');
    });
    clock.schedule(20, () => {
      work = slow('second');
    });
    await clock.step(30, () => work);
    expect(log).toEqual(['first at 10', 'second at 20']);
  });

  test('two steps at once go as far as both', async () => {
    const { clock } = await clockBench();
    await Promise.all([clock.step(10, settled), clock.step(20, settled)]);
    expect(clock.status.aheadMs).toBe(30);
  });

  test('a chain of timers without end does not hold a step for ever', async () => {
    const { clock } = await clockBench();
    await clock.setRate(0);
    let count = 0;
    const again = (): void => {
      count++;
      clock.schedule(0, again);
    };
    clock.schedule(0, again);
    await clock.step(1, settled);
    expect(count).toBe(stepTimersMax);
    expect(clock.now() - TEST_EPOCH_MS).toBe(1);
  });

  test('sped up, time and timers go faster', async () => {
    const { machine, clock } = await clockBench();
    await clock.setRate(60);
    const called: number[] = [];
    clock.schedule(hourMs, () => called.push(clock.now() - TEST_EPOCH_MS));
    await machine.advance(minuteMs - 1);
    expect(called).toEqual([]);
    await machine.advance(1);
    expect(called).toEqual([hourMs]);
    expect(clock.monotonic()).toBe(hourMs);
    await clock.setRate(rateMax);
    await machine.advance(1000);
    expect(clock.now() - TEST_EPOCH_MS).toBe(2 * hourMs);
  });

  test.each([
    ['a step', (clock: EngineClock) => clock.step(25 * hourMs, settled), 25 * hourMs, 1],
    ['a stop', (clock: EngineClock) => clock.setRate(0), -minuteMs, 0],
    ['a speed', (clock: EngineClock) => clock.setRate(10), 9 * minuteMs, 10],
  ])(
    '%s survives a restart, and the time while nothing ran counts',
    async (_, move, aheadMs, rate) => {
      const { machine, clock, files } = await clockBench();
      await move(clock);
      machine.setWall(machine.now() + minuteMs);
      const next = await EngineClock.open({ files, clock: machine });
      expect(next.status).toMatchObject({ aheadMs, rate, nowMs: clock.now() });
      expect(next.notice).toMatch(/^The engine's clock was moved in an earlier run: it is \d/);
    },
  );

  test('is kept before it counts: a failing disk leaves it where it was', async () => {
    const files = new FaultyFiles();
    const { clock } = await clockBench(files);
    failNext(files, 'write', { code: 'EIO' });
    await expect(clock.step(hourMs, settled)).rejects.toThrow('EIO');
    expect(clock.status.aheadMs).toBe(0);
    await clock.step(hourMs, settled);
    expect(clock.status.aheadMs).toBe(hourMs);
  });

  test('only reset takes it back', async () => {
    const { machine, clock, files } = await clockBench();
    await clock.step(hourMs, settled);
    await clock.setRate(1);
    expect(clock.status.aheadMs).toBe(hourMs);
    await clock.reset();
    expect(clock.status).toMatchObject({ aheadMs: 0, rate: 1 });
    expect(files.paths).toEqual([]);
    expect((await EngineClock.open({ files, clock: machine })).notice).toBe(undefined);
    const monotonic = clock.monotonic();
    await machine.advance(5);
    expect(clock.monotonic()).toBe(monotonic + 5);
  });

  test('goes to 2200 and no further', async () => {
    const { machine, clock } = await clockBench();
    machine.setWall(latestMs - hourMs);
    const error = await rejection(clock.step(hourMs + 1, settled));
    expect(error.message).toContain('2200-01-01T00:00:00.000Z');
    await clock.setRate(rateMax);
    await machine.advance(hourMs);
    expect(clock.now()).toBe(latestMs);
  });

  test('monotonic time never falls, whatever is done to the clock', async () => {
    const { machine, clock } = await clockBench();
    const random = seededRandom(7);
    let before = clock.monotonic();
    for (let turn = 0; turn < 500; turn++) {
      switch (random.integer(0, 4)) {
        case 0:
          await clock.setRate(random.pick([0, 0.25, 1, 60]));
          break;
        case 1:
          await clock.step(random.integer(1, stepMsMax / 1000), settled);
          break;
        case 2:
          machine.setWall(TEST_EPOCH_MS + random.integer(-hourMs, hourMs));
          break;
        case 3:
          await clock.reset();
          break;
        default:
          await machine.advance(random.integer(0, minuteMs));
      }
      const now = clock.monotonic();
      expect(now).toBeGreaterThanOrEqual(before);
      before = now;
    }
  });

  test('a file that cannot be read is said; a newer one is refused', async () => {
    const { machine, clock, files } = await clockBench();
    await clock.step(hourMs, settled);
    const whole = files.raw(clockPath).slice();
    await files.replace(clockPath, whole.slice(0, 9));
    const damaged = await EngineClock.open({ files, clock: machine });
    expect([damaged.status.aheadMs, damaged.notice]).toEqual([
      0,
      expect.stringContaining('cannot be read'),
    ]);
    await files.replace(clockPath, new TextEncoder().encode('{"format":2}'));
    const error = await rejection(EngineClock.open({ files, clock: machine }));
    expect(error).toMatchObject({ name: 'LogError', code: 'FORMAT' });
  });

  test('held, it calls nothing; released, it calls what is due, the first due first', async () => {
    const { machine, clock } = await clockBench();
    const called: string[] = [];
    clock.schedule(20, () => called.push('second'));
    clock.schedule(10, () => called.push('first'));
    clock.hold();
    await machine.advance(100);
    expect(called).toEqual([]);
    clock.release();
    await machine.advance(0);
    expect(called).toEqual(['first', 'second']);
  });
});

describe('the engine on a moved clock', () => {
  test('arrival times stand still with it, and never fall when it is reset by a restart', async () => {
    const bench = await ControlledBench.open();
    await bench.streams('orders');
    await bench.controls.stopClock();
    const numbers = [];
    for (const data of ['a', 'b', 'c']) {
      numbers.push(BigInt((await bench.put('orders', data)).SequenceNumber));
      await bench.clock.advance(minuteMs);
    }
    const times = await arrivals(bench);
    expect(new Set(times).size).toBe(1);
    await bench.controls.startClock();
    bench.clock.setWall(TEST_EPOCH_MS - hourMs);
    await bench.put('orders', 'd');
    expect(Math.min(...(await arrivals(bench)))).toBe(times[0]);
  });

  test('iterators expire by it', async () => {
    const bench = await ControlledBench.open();
    await bench.streams('orders');
    const iterator = await iteratorOf(bench);
    await bench.controls.stepClock(5 * minuteMs);
    await bench.api.getRecords({ ShardIterator: iterator });
    await bench.controls.stepClock(1);
    const error = await rejection(bench.api.getRecords({ ShardIterator: iterator }));
    expect(error.name).toBe('ExpiredIteratorException');
  });

  test('records expire by it, and their bytes are gone when the step has ended', async () => {
    const bench = await ControlledBench.open({ settings: { segmentBytesMax: 64 * 1024 } });
    await bench.streams('orders');
    for (let i = 0; i < 40; i++) await bench.put('orders', `${i}`.repeat(5000));
    const before = bench.controlled.engine.folderUse().bytes;
    await bench.controls.stepClock(24 * hourMs - minuteMs);
    expect(await bench.read('orders')).toHaveLength(40);
    await bench.controls.stepClock(2 * minuteMs);
    expect(await bench.read('orders')).toEqual([]);
    const after = bench.controlled.engine.folderUse().bytes;
    expect([before > 300_000, after < 10_000]).toEqual([true, true]);
  });

  test('states wait for it; a step brings them about before it ends', async () => {
    const bench = await ControlledBench.open({ settings: { stateDelays: 10_000 } });
    await bench.controls.stopClock();
    await bench.api.createStream({ StreamName: 'orders', ShardCount: 1 });
    const status = async (): Promise<string> => {
      const { StreamDescriptionSummary } = await bench.api.describeStreamSummary({
        StreamName: 'orders',
      });
      return StreamDescriptionSummary.StreamStatus;
    };
    await bench.clock.advance(hourMs);
    expect(await status()).toBe('CREATING');
    await bench.controls.stepClock(9_999);
    expect(await status()).toBe('CREATING');
    await bench.controls.stepClock(1);
    expect(await status()).toBe('ACTIVE');
  });

  test('what a step brings about happens at its own time, not at the end of the step', async () => {
    const bench = await ControlledBench.open({ settings: { stateDelays: 10_000 } });
    await bench.streams('orders');
    await bench.controls.stopClock();
    const split = { ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '1000' };
    await bench.api.splitShard({ StreamName: 'orders', ...split });
    await bench.controls.stepClock(hourMs);
    const { Shards = [] } = await bench.api.listShards({ StreamName: 'orders' });
    const number = Shards[0]!.SequenceNumberRange.EndingSequenceNumber!;
    expect(parseSequenceNumber(number)?.seconds).toBe(TEST_EPOCH_MS / 1000 + 10);
  });

  test('streams of the start are there also when it stands still', async () => {
    const bench = await ControlledBench.open({ settings: { stateDelays: 10_000 } });
    await bench.controls.stopClock();
    const next = await bench.reopen({ stateDelays: 10_000 });
    expect((await next.controls.clock()).rate).toBe(0);
    await next.streams('orders');
    expect(await next.streamNames()).toEqual(['orders']);
    await next.put('orders', 'a');
  });

  test('throughput limits refill by it', async () => {
    const bench = await ControlledBench.open({ settings: { limits: 'aws' } });
    await bench.controlled.ensureStreams([{ name: 'orders', shards: 1 }]);
    await bench.controls.stopClock();
    const megabyte = 'x'.repeat(1_000_000);
    const put = () =>
      bench.api.putRecord({
        StreamName: 'orders',
        PartitionKey: 'k',
        Data: new TextEncoder().encode(megabyte),
      });
    await put();
    await bench.clock.advance(hourMs);
    expect((await rejection(put())).name).toBe('ProvisionedThroughputExceededException');
    await bench.controls.stepClock(1000);
    await put();
  });

  test('a reset takes clock and faults back, and streams away', async () => {
    const bench = await ControlledBench.open();
    await bench.streams('orders');
    await bench.controls.stepClock(hourMs);
    await bench.controls.addFault({ effect: 'internalFailure' });
    await bench.controls.reset();
    expect(await bench.controls.clock()).toMatchObject({ aheadMs: 0, rate: 1 });
    expect([await bench.controls.faults(), await bench.streamNames()]).toEqual([[], []]);
  });
});

async function iteratorOf(bench: ControlledBench): Promise<string> {
  const { ShardIterator } = await bench.api.getShardIterator({
    StreamName: 'orders',
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
  });
  return ShardIterator!;
}

async function arrivals(bench: ControlledBench): Promise<number[]> {
  const times: number[] = [];
  for (const ShardId of ['shardId-000000000000', 'shardId-000000000001']) {
    const { ShardIterator } = await bench.api.getShardIterator({
      StreamName: 'orders',
      ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const { Records } = await bench.api.getRecords({ ShardIterator: ShardIterator! });
    times.push(...Records.map((record) => record.ApproximateArrivalTimestamp!.getTime()));
  }
  return times;
}
