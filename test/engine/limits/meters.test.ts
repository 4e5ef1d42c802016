// The meters by themselves: what a shard, a stream and the engine count, tell, forget, and let through.
import { describe, expect, it } from 'vitest';
import type { LimitsMode } from '../../../src/admin/adminApi.ts';
import { nullLogger } from '../../../src/base/logger.ts';
import type { Moment } from '../../../src/engine/limits/moment.ts';
import { overLimitText } from '../../../src/engine/limits/overLimit.ts';
import { columns, RowBudget } from '../../../src/engine/limits/secondsRing.ts';
import { ShardMeter } from '../../../src/engine/limits/shardMeter.ts';
import { StreamMeter } from '../../../src/engine/limits/streamMeter.ts';
import { type LoadedMinute, Throughput } from '../../../src/engine/limits/throughput.ts';
import type { StreamEntry } from '../../../src/engine/streamEntry.ts';
import { MIB } from '../../../src/kinesis/limits.ts';
import { TestClock } from '../../support/testClock.ts';

const at = (nowMs: number, limits: LimitsMode = 'aws', caller = 'a'): Moment => {
  return { nowMs, second: Math.floor(nowMs / 1000), caller, limits };
};

/** The counts that are not 0 of each second of a meter. */
const rowsOf = ({ ring }: ShardMeter) =>
  [...ring.since(-1)].map(({ second, value }) => {
    const counts = Object.entries(columns).map(([name, column]) => [name, value(column)] as const);
    return { second, ...Object.fromEntries(counts.filter(([, count]) => count !== 0)) };
  });

const meterOf = () => new ShardMeter(0, new RowBudget());

describe('ShardMeter.put()', () => {
  it.each([
    ['aws', 'records', { recordsIn: 1000, bytesIn: 2000, putsThrottled: 5 }, 1000],
    ['warn', 'records', { recordsIn: 1005, bytesIn: 2010, putsOverLimit: 5 }, 1000],
    ['off', undefined, { recordsIn: 1005, bytesIn: 2010 }, 1005],
  ] as const)('%s: of 1,005 records in a second', (limits, expected, counts, demanded) => {
    const meter = meterOf();
    const answers = Array.from({ length: 1005 }, () => meter.put(2, at(7, limits)));
    expect(answers.slice(0, 1000).every((answer) => answer === undefined)).toBe(true);
    expect(answers.slice(1000)).toEqual(Array.from({ length: 5 }, () => expected));
    expect(rowsOf(meter)).toEqual([{ second: 0, ...counts }]);
    expect(meter.callers.list(0)).toEqual([{ caller: 'a', bytesIn: counts.bytesIn, bytesOut: 0 }]);
    expect(meter.takeDemand()).toEqual({ bytes: 2 * demanded, records: demanded });
    expect(meter.takeDemand()).toEqual({ bytes: 0, records: 0 });
  });
});

describe('ShardMeter.read() and iterator()', () => {
  it.each([
    ['aws', 'calls', false, { readsThrottled: 2 }],
    ['warn', 'calls', false, { readsOverLimit: 2 }],
    ['off', undefined, true, {}],
  ] as const)('%s: of six calls in a second', (limits, refusal, isAdmitted, counts) => {
    const meter = meterOf();
    const reads = Array.from({ length: 6 }, () => meter.read(at(0, limits)));
    expect(reads).toEqual([...new Array(5).fill(undefined), refusal]);
    const iterators = Array.from({ length: 6 }, () => meter.iterator(at(0, limits)));
    expect(iterators).toEqual([...new Array(5).fill(true), isAdmitted]);
    expect(rowsOf(meter)).toEqual([{ second: 0, reads: 6, ...counts }]);
  });

  it('an iterator alone keeps the shard in use', () => {
    const meter = meterOf();
    meter.iterator(at(5000));
    expect([meter.ring.lastSecond, rowsOf(meter)]).toEqual([5, [{ second: 5 }]]);
  });
});

describe('ShardMeter.answered()', () => {
  it('counts an answer, and charges what it costs', () => {
    const meter = meterOf();
    const answer = { records: 3, bytes: 10 * MIB, chargedBytes: 0, iteratorAgeMs: 40 };
    meter.answered(answer, at(0, 'aws', 'b'));
    meter.answered({ ...answer, records: 1, bytes: 5, iteratorAgeMs: 7 }, at(1, 'aws', 'a'));
    meter.answered({ ...answer, records: 0, bytes: 0, iteratorAgeMs: undefined }, at(1000));
    expect(rowsOf(meter)).toEqual([
      { second: 0, recordsOut: 4, bytesOut: 10 * MIB + 5, iteratorAge: 41 },
      { second: 1 },
    ]);
    expect(meter.callers.list(1)).toEqual([
      { caller: 'b', bytesIn: 0, bytesOut: 10 * MIB },
      { caller: 'a', bytesIn: 0, bytesOut: 5 },
    ]);
    expect(meter.read(at(1000))).toBeUndefined();
    meter.answered({ ...answer, chargedBytes: 10 * MIB }, at(1000));
    expect(meter.read(at(5999))).toBe('bytes');
    expect(meter.read(at(6000))).toBeUndefined();
  });
});

describe('StreamMeter', () => {
  const streamOf = () => {
    const told: object[] = [];
    const budget = new RowBudget(100);
    return { told, budget, meter: new StreamMeter(budget, (met) => told.push(met)) };
  };

  it('admitPut() refuses with aws; with warn it admits and tells once a minute', () => {
    const { told, meter } = streamOf();
    const twice = (nowMs: number, limits: LimitsMode) => {
      meter.begin(at(nowMs, limits));
      return [meter.admitPut(3, MIB), meter.admitPut(3, MIB)];
    };
    expect(twice(0, 'aws')).toEqual([undefined, 'bytes']);
    expect(told).toEqual([]);
    expect(twice(5000, 'warn')).toEqual([undefined, undefined]);
    const met = { call: 'PutRecord', limit: 'bytes', shard: 3 };
    expect(told).toEqual([met]);
    const read = { call: 'GetRecords', limit: 'calls', shard: 9 } as const;
    for (const nowMs of [5001, 64_999]) {
      twice(nowMs, 'warn');
      meter.tellOfRead(read, at(nowMs, 'warn'));
    }
    expect(told).toEqual([met]);
    meter.tellOfRead(read, at(65_000, 'warn'));
    twice(65_000, 'warn');
    expect(told).toEqual([met, read]);
    expect(twice(70_000, 'off')).toEqual([undefined, undefined]);
  });

  it('a minute ends at the next full one, and begins with the first call after it', () => {
    const { meter } = streamOf();
    const ends = [61_500, 119_999, 120_000, 240_001].map(
      (nowMs) => meter.begin(at(nowMs)).minuteEnds,
    );
    expect(ends).toEqual([120, 120, 180, 300]);
  });

  it('takeLoads() are averages of a minute by bytes or records, and none without any', () => {
    const { meter } = streamOf();
    meter.begin(at(0, 'off'));
    meter.admitPut(4, 30 * MIB);
    for (let record = 0; record < 15_000; record++) meter.admitPut(2, 1);
    meter.shard(3, 0).read(at(0, 'off'));
    expect(meter.takeLoads()).toEqual([
      { shard: 2, load: 0.25 },
      { shard: 4, load: 0.5 },
    ]);
    expect(meter.takeLoads()).toEqual([]);
  });

  it('sweep() forgets shards that were idle for 300 seconds and gives their rows back', () => {
    const { budget, meter } = streamOf();
    meter.begin(at(10_000));
    meter.admitPut(7, 1);
    meter.begin(at(11_000));
    meter.admitPut(5, 1);
    const known = meter.shard(5, 0);
    expect(meter.sweep(309)).toBe(false);
    expect(meter.entries().map(([index]) => index)).toEqual([5, 7]);
    expect(meter.sweep(310)).toBe(false);
    expect(meter.entries()).toEqual([[5, known]]);
    expect(meter.sweep(311)).toBe(true);
    expect(meter.entries()).toEqual([]);
    expect(budget.take(100, 0)).toBe(100);
  });
});

describe('Throughput', () => {
  const stream = (id: string) => {
    return { id, name: `name of ${id}`, account: '000000000000' } as StreamEntry;
  };
  const scope = { account: '000000000000', region: 'us-east-1', own: false, caller: 'me' };
  const own = { ...scope, own: true };

  function throughputOf(limits: LimitsMode) {
    const clock = new TestClock();
    const said: string[] = [];
    const logger = { ...nullLogger, warn: (text: string) => void said.push(text) };
    const throughput = new Throughput({ clock, logger, limits });
    const minutes: LoadedMinute[] = [];
    throughput.onDidEndMinute((minute) => minutes.push(minute));
    const put = (id: string, bytes: number) =>
      throughput.puts(stream(id), scope)?.admitPut(0, bytes);
    return { throughput, clock, said, minutes, put };
  }

  it('has no meter for the extension`s own calls', () => {
    const { throughput } = throughputOf('aws');
    expect(throughput.puts(stream('a'), own)).toBeUndefined();
    for (let call = 0; call < 9; call++) {
      expect(throughput.read({ stream: stream('a'), shard: 0 }, own)).toBeUndefined();
      throughput.iterator({ stream: stream('a'), shard: 0 }, own);
    }
    expect(throughput.of('a')).toBeUndefined();
  });

  it('tells the loads of a minute with the first put after it, and of none without', async () => {
    const { clock, minutes, put } = throughputOf('off');
    put('a', 30 * MIB);
    await clock.advance(59_999);
    put('a', 30 * MIB);
    expect(minutes).toEqual([]);
    await clock.advance(1);
    put('a', 0);
    expect(minutes).toEqual([{ streamId: 'a', loads: [{ shard: 0, load: 1 }] }]);
  });

  it('forgets streams that were idle for 300 seconds, and tells their last minute', async () => {
    const { throughput, clock, minutes, put } = throughputOf('off');
    put('a', 60 * MIB);
    await clock.advance(100_000);
    put('b', 1);
    await clock.advance(199_999);
    put('c', 1);
    expect(throughput.of('a')).toBeDefined();
    await clock.advance(1);
    put('c', 1);
    expect([throughput.of('a'), throughput.of('b')?.entries().length]).toEqual([undefined, 1]);
    expect(minutes[0]).toEqual({ streamId: 'a', loads: [{ shard: 0, load: 1 }] });
    await clock.advance(299_999);
    put('c', 1);
    expect(throughput.of('b')).toBeDefined();
    await clock.advance(1);
    put('c', 1);
    expect([throughput.of('b'), throughput.of('c')?.entries().length]).toEqual([undefined, 1]);
  });

  it('ends the minutes that are over, and no others, when it looks for idle streams', async () => {
    const { clock, minutes, put } = throughputOf('off');
    const ended = () => minutes.splice(0).map(({ streamId }) => streamId);
    await clock.advance(30_000);
    put('a', MIB);
    await clock.advance(285_000);
    put('b', MIB);
    // 330 s: 300 after the first look; the minute of `b` ends at 360 s.
    await clock.advance(15_000);
    put('c', MIB);
    expect(ended()).toEqual(['a']);
    await clock.advance(300_000);
    put('d', MIB);
    expect(ended()).toEqual(['b', 'c']);
  });

  it('ends a minute in the second in which it is over', async () => {
    const { clock, minutes, put } = throughputOf('off');
    put('first', 1);
    await clock.advance(299_000);
    put('a', 60 * MIB);
    await clock.advance(1000);
    put('b', 1);
    expect(minutes.map(({ streamId }) => streamId)).toContain('a');
  });

  it('iterator() refuses the sixth of a second with aws; with warn it admits and tells', () => {
    for (const limits of ['aws', 'warn'] as const) {
      const { throughput, said } = throughputOf(limits);
      const ask = () => throughput.iterator({ stream: stream('a'), shard: 2 }, scope);
      for (let call = 0; call < 5; call++) ask();
      expect(said).toEqual([]);
      if (limits === 'aws') expect(ask).toThrow('name of a');
      else ask();
      const met = { call: 'GetShardIterator', limit: 'calls', shard: 2 } as const;
      expect(said).toEqual(limits === 'warn' ? [overLimitText('name of a', met)] : []);
    }
  });

  it('charges an answer to whoever read, unless AWS would have refused it', () => {
    for (const limits of ['aws', 'warn'] as const) {
      const { throughput, said } = throughputOf(limits);
      const where = { stream: stream('a'), shard: 1 };
      const answer = { records: 1, bytes: 5, chargedBytes: 10 * MIB, iteratorAgeMs: undefined };
      for (let call = 0; call < 5; call++) throughput.read(where, scope);
      const sixth = () => throughput.read(where, scope);
      if (limits === 'aws') expect(sixth).toThrow('name of a/shardId-000000000001');
      else {
        sixth()!.answered(answer);
        expect(said).toEqual([
          overLimitText('name of a', { call: 'GetRecords', limit: 'calls', shard: 1 }),
        ]);
      }
      const meter = throughput.of('a')!.shard(1, 0);
      expect(meter.read(at(1000))).toBeUndefined();
    }
  });

  it('answers that come after their meter was forgotten are counted by a new one', async () => {
    const { throughput, clock, put } = throughputOf('aws');
    const read = throughput.read({ stream: stream('a'), shard: 0 }, scope)!;
    await clock.advance(600_000);
    put('b', 1);
    expect(throughput.of('a')).toBeUndefined();
    read.answered({ records: 2, bytes: 9, chargedBytes: 9, iteratorAgeMs: 1 });
    expect(rowsOf(throughput.of('a')!.shard(0, 0))).toEqual([
      { second: 600, recordsOut: 2, bytesOut: 9, iteratorAge: 2 },
    ]);
  });
});

describe('overLimitText()', () => {
  it('names stream, shard, call and limit', () => {
    const reasons = [
      overLimitText('s', { call: 'PutRecord', limit: 'bytes', shard: 2 }),
      overLimitText('s', { call: 'PutRecord', limit: 'records', shard: 2 }),
      overLimitText('s', { call: 'GetRecords', limit: 'bytes', shard: 2 }),
      overLimitText('s', { call: 'GetRecords', limit: 'penalty', shard: 2 }),
      overLimitText('s', { call: 'GetShardIterator', limit: 'calls', shard: 2 }),
    ].map((text) => /would have refused (.*)\. It was admitted/.exec(text)?.[1]);
    expect(reasons).toEqual([
      'PutRecord for more than 1 MiB in a second',
      'PutRecord for more than 1,000 records in a second',
      'GetRecords for more than 2 MiB in a second',
      'GetRecords for another call within a second of one that it refuses',
      'GetShardIterator for more than 5 calls in a second',
    ]);
  });
});
