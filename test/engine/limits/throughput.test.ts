// Limits and counters through the engine: what is refused, counted, exempt, and that nothing is lost by it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ShardCount } from '../../../src/admin/counters.ts';
import { nullLogger } from '../../../src/base/logger.ts';
import { Throughput } from '../../../src/engine/limits/throughput.ts';
import type { EngineSettings } from '../../../src/engine/ports.ts';
import type { StreamEntry } from '../../../src/engine/streamEntry.ts';
import { MIB } from '../../../src/kinesis/limits.ts';
import { TestClock } from '../../support/testClock.ts';
import { bytesOf, dataOf, rejection, TestEngine } from '../support/testEngine.ts';

const StreamName = 'orders';
const shard = 'shardId-000000000000';
const rateText = `Rate exceeded for shard ${shard} in stream orders under account 000000000000.`;

async function engineOf(
  limits: EngineSettings['limits'],
  more: Partial<EngineSettings> & { MaxRecordSizeInKiB?: number } = {},
): Promise<TestEngine> {
  const { MaxRecordSizeInKiB, ...settings } = more;
  const test = await TestEngine.open({ limits, ...settings });
  const size = MaxRecordSizeInKiB === undefined ? {} : { MaxRecordSizeInKiB };
  await test.engine.createStream({ StreamName, ShardCount: 1, ...size });
  await test.settle();
  return test;
}

const batch = (count: number, bytes: number) => ({
  StreamName,
  Records: Array.from({ length: count }, () => ({
    PartitionKey: 'k',
    Data: new Uint8Array(bytes - 1),
  })),
});

const totalOf = (test: TestEngine, seconds = 300): ShardCount =>
  test.engine.counters({ stream: StreamName, seconds }).streams[0]!.shards[0]!.total;

const iteratorOf = async (test: TestEngine): Promise<string> => {
  const from = { StreamName, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' as const };
  return (await test.engine.getShardIterator(from, { own: true })).ShardIterator!;
};

describe('limits: aws', () => {
  it('putRecords() refuses entries one by one in request order, with the text of AWS', async () => {
    const test = await engineOf('aws');
    const large = { PartitionKey: 'k', Data: new Uint8Array(600_000) };
    const small = { PartitionKey: 'k', Data: bytesOf('small') };
    const { FailedRecordCount, Records } = await test.engine.putRecords({
      StreamName,
      Records: [large, large, small, large, small],
    });
    const refused = {
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage: rateText,
    };
    expect(FailedRecordCount).toBe(2);
    expect(Records.map(({ ErrorCode }) => ErrorCode === undefined)).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
    expect([Records[1], Records[3]]).toEqual([refused, refused]);
    const content = await test.read(StreamName, shard);
    expect(dataOf(content).map((data) => data.length)).toEqual([600_000, 5, 5]);
  });

  it('putRecord() is refused above 1,000 records a second and admitted again in the next', async () => {
    const test = await engineOf('aws');
    for (let call = 0; call < 2; call++) await test.engine.putRecords(batch(500, 10));
    const error = await rejection(test.put(StreamName, 'k', 'one more'));
    expect(error).toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      message: rateText,
    });
    await test.clock.advance(1000);
    await test.put(StreamName, 'k', 'one more');
  });

  it('putRecords() answers 200 when every entry is refused', async () => {
    const test = await engineOf('aws');
    await test.engine.putRecords(batch(1, MIB));
    const { FailedRecordCount, Records } = await test.engine.putRecords(batch(3, 100));
    expect(FailedRecordCount).toBe(3);
    expect(new Set(Records.map(({ ErrorMessage }) => ErrorMessage))).toEqual(new Set([rateText]));
  });

  it('counts data and the UTF-8 bytes of the key', async () => {
    const test = await engineOf('aws');
    const PartitionKey = '€'.repeat(100);
    await test.engine.putRecord({ StreamName, PartitionKey, Data: new Uint8Array(MIB - 301) });
    const one = { StreamName, PartitionKey: 'k', Data: new Uint8Array() };
    await test.engine.putRecord(one);
    expect((await rejection(test.engine.putRecord(one))).name).toMatch(/^ProvisionedThroughput/);
  });

  it('one record of 10 MiB is served at once and empties the shard for its second', async () => {
    const test = await engineOf('aws', { MaxRecordSizeInKiB: 10_240 });
    await test.engine.putRecord({
      StreamName,
      PartitionKey: 'k',
      Data: new Uint8Array(10 * MIB - 1),
    });
    expect((await rejection(test.put(StreamName, 'k', 'x'))).name).toMatch(/^Provisioned/);
    await test.clock.advance(1000);
    await test.put(StreamName, 'k', 'x');
  });

  it('getRecords() is refused at the sixth call of a second, and for a second after', async () => {
    const test = await engineOf('aws');
    const ShardIterator = await iteratorOf(test);
    for (let call = 0; call < 5; call++) await test.engine.getRecords({ ShardIterator });
    const error = await rejection(test.engine.getRecords({ ShardIterator }));
    expect(error).toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      message: `Rate exceeded for Shard - 000000000000/orders/${shard}`,
    });
    await test.clock.advance(999);
    await rejection(test.engine.getRecords({ ShardIterator }));
    await test.clock.advance(1);
    await test.engine.getRecords({ ShardIterator });
  });

  it('an answer of 10 MiB costs five seconds', async () => {
    const test = await engineOf('aws');
    for (let second = 0; second < 12; second++) {
      await test.engine.putRecords(batch(1, 1_000_000));
      await test.clock.advance(1000);
    }
    const ShardIterator = await iteratorOf(test);
    const { Records } = await test.engine.getRecords({ ShardIterator });
    expect(Records).toHaveLength(10);
    for (const ms of [0, 1000, 3999]) {
      await test.clock.advance(ms);
      await rejection(test.engine.getRecords({ ShardIterator }));
    }
    await test.clock.advance(1);
    await test.engine.getRecords({ ShardIterator });
  });

  it('getShardIterator() is refused at the sixth call of a second', async () => {
    const test = await engineOf('aws');
    const from = { StreamName, ShardId: shard, ShardIteratorType: 'LATEST' as const };
    for (let call = 0; call < 5; call++) await test.engine.getShardIterator(from);
    const error = await rejection(test.engine.getShardIterator(from));
    expect(error).toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      message: rateText,
    });
    await test.clock.advance(200);
    await test.engine.getShardIterator(from);
  });

  it('bad calls cost nothing, and a missing stream is told before its rate', async () => {
    const test = await engineOf('aws');
    for (let call = 0; call < 9; call++) {
      const from = { StreamName, ShardId: '7', ShardIteratorType: 'LATEST' as const };
      expect((await rejection(test.engine.getShardIterator(from))).name).toMatch(/^ResourceNot/);
      const error = await rejection(test.engine.getRecords({ ShardIterator: 'AAAA' }));
      expect(error.name).toBe('InvalidArgumentException');
    }
    await test.engine.getRecords({ ShardIterator: await iteratorOf(test) });
    expect(totalOf(test)).toMatchObject({ reads: 1, readsThrottled: 0 });
  });

  it('the extension is exempt and in no counter', async () => {
    const test = await engineOf('aws');
    const ShardIterator = await iteratorOf(test);
    for (let call = 0; call < 20; call++) {
      await test.engine.getRecords({ ShardIterator }, { own: true });
      await test.engine.listStreams({}, { own: true });
      await test.engine.putRecords(batch(100, 50), { own: true });
    }
    const { streams, operations } = test.engine.counters({ stream: StreamName });
    expect(streams[0]!.shards).toEqual([]);
    expect(operations).toEqual([
      { operation: 'CreateStream', calls: 1, throttled: 0, overLimit: 0 },
    ]);
  });

  it('a shard has its own allowance, and a split gives both children one', async () => {
    const test = await engineOf('aws', { stateDelays: 30 });
    await test.engine.putRecords(batch(1, MIB));
    expect((await rejection(test.put(StreamName, 'k', 'x'))).name).toMatch(/^Provisioned/);
    const half = (2n ** 127n).toString();
    const split = { StreamName, ShardToSplit: shard, NewStartingHashKey: half };
    await test.engine.splitShard(split);
    await test.settle();
    for (const ExplicitHashKey of ['0', half]) {
      const Data = new Uint8Array(MIB - 1);
      const record = { StreamName, PartitionKey: 'k', Data, ExplicitHashKey };
      await test.engine.putRecord(record);
      expect((await rejection(test.engine.putRecord(record))).name).toMatch(/^Provisioned/);
    }
  });
});

describe('limits: warn and off', () => {
  it('warn stores and answers all, and counts what AWS would have refused', async () => {
    const test = await engineOf('warn');
    for (let call = 0; call < 3; call++) {
      const { FailedRecordCount } = await test.engine.putRecords(batch(500, 10));
      expect(FailedRecordCount).toBe(0);
    }
    const ShardIterator = await iteratorOf(test);
    for (let call = 0; call < 8; call++) await test.engine.getRecords({ ShardIterator, Limit: 1 });
    expect(totalOf(test)).toEqual({
      recordsIn: 1500,
      bytesIn: 15_000,
      recordsOut: 8,
      bytesOut: 80,
      reads: 8,
      putsThrottled: 0,
      putsOverLimit: 500,
      readsThrottled: 0,
      readsOverLimit: 3,
      iteratorAgeMs: 0,
    });
  });

  it('warn says so in the log, once a minute and stream', async () => {
    const told: string[] = [];
    const logger = { ...nullLogger, warn: (sentence: string) => void told.push(sentence) };
    const clock = new TestClock();
    const throughput = new Throughput({ clock, logger, limits: 'warn' });
    const stream = { id: '1', name: 'orders' } as StreamEntry;
    const scope = { account: '', region: '', own: false, caller: '' };
    const use = (): void => {
      for (let call = 0; call < 9; call++) throughput.read({ stream, shard: 2 }, scope);
      const meter = throughput.puts(stream, scope);
      for (let record = 0; record < 3; record++) {
        expect(meter?.admitPut(2, MIB)).toBeUndefined();
      }
    };
    use();
    use();
    expect(told).toEqual([
      'Stream orders, shardId-000000000002: AWS would have refused GetRecords for more than ' +
        '5 calls in a second. It was admitted, since limits is warn; the counters tell how many more.',
    ]);
    await clock.advance(60_000);
    const meter = throughput.puts(stream, scope);
    for (let record = 0; record < 3; record++) meter?.admitPut(0, MIB);
    expect(told).toHaveLength(2);
    expect(told[1]).toContain('would have refused PutRecord for more than 1 MiB in a second');
  });

  it('off decides nothing and goes on counting', async () => {
    const test = await engineOf('off');
    for (let call = 0; call < 3; call++) await test.engine.putRecords(batch(500, 10));
    for (let call = 0; call < 30; call++) await test.engine.listStreams({});
    expect(totalOf(test)).toMatchObject({ recordsIn: 1500, putsOverLimit: 0, putsThrottled: 0 });
    expect(test.engine.counters().operations).toContainEqual({
      operation: 'ListStreams',
      calls: 30,
      throttled: 0,
      overLimit: 0,
    });
  });
});

describe('Engine.counters()', () => {
  it('tells seconds apart, the age of what was read and who called', async () => {
    const test = await engineOf('aws');
    await test.engine.putRecords(batch(3, 100), { accessKeyId: 'writer' });
    await test.clock.advance(2000);
    await test.engine.putRecords(batch(1, 50), { accessKeyId: 'other' });
    await test.clock.advance(500);
    const ShardIterator = await iteratorOf(test);
    await test.engine.getRecords({ ShardIterator, Limit: 2 }, { accessKeyId: 'reader' });
    const { streams, ...told } = test.engine.counters({ stream: StreamName, seconds: 10 });
    expect(told).toMatchObject({ atMs: test.clock.now(), limits: 'aws', seconds: 10 });
    const [{ ShardId, perSecond, topCallers }] = streams[0]!.shards as [
      (typeof streams)[number]['shards'][number],
    ];
    expect(ShardId).toBe(shard);
    expect(perSecond).toMatchObject([
      { secondsAgo: 2, recordsIn: 3, bytesIn: 300 },
      { secondsAgo: 0, recordsIn: 1, bytesIn: 50, recordsOut: 2, iteratorAgeMs: 2500 },
    ]);
    expect(topCallers).toEqual([
      { caller: 'writer', bytesIn: 300, bytesOut: 0 },
      { caller: 'reader', bytesIn: 0, bytesOut: 200 },
      { caller: 'other', bytesIn: 50, bytesOut: 0 },
    ]);
    expect(totalOf(test, 1)).toMatchObject({ recordsIn: 1, recordsOut: 2 });
  });

  it('forgets what is older than the window, and deleted streams', async () => {
    const test = await engineOf('warn');
    await test.engine.putRecords(batch(3, 100));
    await test.clock.advance(301_000);
    expect(test.engine.counters({ stream: StreamName, seconds: 300 }).streams[0]!.shards).toEqual(
      [],
    );
    await test.engine.deleteStream({ StreamName });
    await test.settle();
    expect(test.engine.counters().streams).toEqual([]);
    expect(() => test.engine.counters({ stream: StreamName })).toThrow(/not found/);
  });

  it('refuses spans that it does not keep', async () => {
    const test = await engineOf('warn');
    for (const seconds of [0, 301, 1.5]) {
      expect(() => test.engine.counters({ seconds })).toThrow('seconds must be a whole number');
    }
  });
});

describe('limits of any kind', () => {
  it('what is acknowledged is stored, once and in order, and what is refused is not', async () => {
    const size = fc.oneof(
      { weight: 3, arbitrary: fc.nat(2000) },
      { weight: 1, arbitrary: fc.integer({ min: 200_000, max: 600_000 }) },
    );
    const step = fc.record({
      sizes: fc.array(size, { minLength: 1, maxLength: 12 }),
      ms: fc.oneof(fc.nat(10), fc.nat(1500)),
    });
    const runs = fc.record({
      limits: fc.constantFrom('aws' as const, 'warn' as const, 'off' as const),
      steps: fc.array(step, { minLength: 1, maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(runs, async ({ limits, steps }) => {
        const test = await TestEngine.open({ limits });
        await test.stream(StreamName, 2);
        const expected = new Map<string, string[]>();
        let record = 0;
        for (const { sizes, ms } of steps) {
          const Records = sizes.map((size) => ({
            PartitionKey: `key ${record % 5}`,
            Data: bytesOf(`${record++}`.padEnd(size, '.')),
          }));
          const answer = await test.engine.putRecords({ StreamName, Records });
          answer.Records.forEach(({ ShardId, ErrorCode }, at) => {
            if (ErrorCode !== undefined) return;
            const stored = expected.get(ShardId!) ?? [];
            expected.set(ShardId!, [...stored, new TextDecoder().decode(Records[at]!.Data)]);
          });
          await test.clock.advance(ms);
        }
        for (const { ShardId } of await test.shards(StreamName)) {
          const content = await readOwn(test, ShardId);
          expect(content).toEqual(expected.get(ShardId) ?? []);
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** The whole shard, by calls that meet no limit. */
async function readOwn(test: TestEngine, ShardId: string): Promise<string[]> {
  const own = { own: true };
  const from = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
  let { ShardIterator } = await test.engine.getShardIterator(from, own);
  const data: string[] = [];
  for (;;) {
    const page = await test.engine.getRecords({ ShardIterator: ShardIterator! }, own);
    data.push(...page.Records.map(({ Data }) => new TextDecoder().decode(Data)));
    if (page.MillisBehindLatest === 0) return data;
    ShardIterator = page.NextShardIterator;
  }
}
