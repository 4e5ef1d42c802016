// Rules for faults: which calls they hit, how often, what the caller is told, and what is stored all the same.
import { describe, expect, test } from 'vitest';
import { type FaultSpec, faultEffects, faultRulesMax } from '../../src/admin/faults.ts';
import { kmsExceptions } from '../../src/kinesis/encryptionErrors.ts';
import { formatShardId } from '../../src/kinesis/shardId.ts';
import { ControlledBench, rejection } from './support/controlledBench.ts';

const bytes = new TextEncoder().encode('x');

async function faultBench(...specs: FaultSpec[]): Promise<ControlledBench> {
  const bench = await ControlledBench.open();
  await bench.streams('orders', 'clicks');
  for (const spec of specs) await bench.controls.addFault(spec);
  return bench;
}

const putRecords = (bench: ControlledBench, ...keys: string[]) =>
  bench.api.putRecords({
    StreamName: 'orders',
    Records: keys.map((key) => ({
      PartitionKey: key,
      Data: new TextEncoder().encode(key),
    })),
  });

/** Explicit hash keys of the two shards. */
const lowKey = '0';
const highKey = (2n ** 127n).toString();
const [first, second] = [formatShardId(0), formatShardId(1)];

const putTo = (bench: ControlledBench, ExplicitHashKey: string) =>
  bench.api.putRecord({ StreamName: 'orders', PartitionKey: 'k', ExplicitHashKey, Data: bytes });

async function iteratorOf(bench: ControlledBench, ShardId = first): Promise<string> {
  const { ShardIterator } = await bench.api.getShardIterator({
    StreamName: 'orders',
    ShardId,
    ShardIteratorType: 'TRIM_HORIZON',
  });
  return ShardIterator!;
}

describe('a rule', () => {
  test('hits so many calls as it counts, and is gone', async () => {
    const bench = await faultBench({ effect: 'throttle', operation: 'PutRecord', count: 2 });
    for (let hit = 1; hit <= 2; hit++) {
      const [rule] = await bench.controls.faults();
      expect(rule).toMatchObject({ id: 1, hits: hit - 1, probability: 1 });
      expect((await rejection(bench.put('orders', 'a'))).name).toBe(
        'ProvisionedThroughputExceededException',
      );
    }
    expect(await bench.controls.faults()).toEqual([]);
    await bench.put('orders', 'a');
    expect(await bench.read('orders')).toEqual(['a']);
  });

  test('hits no more than it counts when calls wait for another rule at the same time', async () => {
    const bench = await faultBench(
      { effect: 'latency', operation: 'PutRecord', latencyMs: 40 },
      { effect: 'throttle', operation: 'PutRecord', count: 1 },
    );
    const puts = Promise.allSettled(['a', 'b', 'c'].map((data) => bench.put('orders', data)));
    await bench.clock.advance(40);
    const fates = (await puts).map(({ status }) => status);
    expect(fates).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(await bench.read('orders')).toEqual(['b', 'c']);
  });

  test('that is removed while a call waits for another one does not hit it', async () => {
    const bench = await faultBench(
      { effect: 'latency', operation: 'PutRecord', latencyMs: 40 },
      { effect: 'internalFailure' },
    );
    const put = bench.put('orders', 'a');
    await bench.clock.advance(20);
    await bench.controls.clearFaults();
    await bench.clock.advance(20);
    await put;
    expect(await bench.read('orders')).toEqual(['a']);
  });

  test('hits operations that name no stream, and pages that name it in their token', async () => {
    const bench = await faultBench({ effect: 'throttle', operation: 'DescribeLimits' });
    expect((await rejection(bench.api.describeLimits({}))).name).toBe('LimitExceededException');
    const { NextToken } = await bench.api.listShards({ StreamName: 'orders', MaxResults: 1 });
    await bench.controls.addFault({
      effect: 'throttle',
      operation: 'ListShards',
      stream: 'orders',
      count: 1,
    });
    const error = await rejection(bench.api.listShards({ NextToken: NextToken! }));
    expect([error.name, error.message]).toEqual([
      'LimitExceededException',
      expect.stringContaining('orders'),
    ]);
    expect((await bench.api.listShards({ NextToken: NextToken! })).Shards).toHaveLength(1);
  });

  test('of an operation hits no other', async () => {
    const bench = await faultBench({ effect: 'internalFailure', operation: 'ListStreams' });
    await bench.put('orders', 'a');
    expect((await rejection(bench.api.listStreams({}))).name).toBe('InternalFailure');
  });

  test.each([
    ['its name', 'orders'],
    ['its ARN', undefined],
  ])('of a stream hits calls by %s, and no other stream', async (_, StreamName) => {
    const bench = await faultBench({ effect: 'internalFailure', stream: 'orders' });
    const naming =
      StreamName === undefined
        ? { StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/orders' }
        : { StreamName };
    const call = bench.api.putRecord({ ...naming, PartitionKey: 'k', Data: bytes });
    expect((await rejection(call)).name).toBe('InternalFailure');
    await bench.put('clicks', 'a');
    await bench.api.listStreams({});
  });

  test('of a shard hits single puts, records of a batch, reads and iterators of that shard', async () => {
    const bench = await faultBench();
    const [low, high] = [await iteratorOf(bench, first), await iteratorOf(bench, second)];
    await bench.controls.addFault({ effect: 'throttle', shard: second });
    await putTo(bench, lowKey);
    expect((await rejection(putTo(bench, highKey))).message).toBe(
      'Rate exceeded for shard shardId-000000000001 in stream orders under account 000000000000.',
    );
    const Records = [lowKey, highKey, lowKey].map((ExplicitHashKey) => {
      return { PartitionKey: 'k', ExplicitHashKey, Data: bytes };
    });
    const answer = await bench.api.putRecords({ StreamName: 'orders', Records });
    expect(answer.Records.map((record) => record.ShardId ?? record.ErrorCode)).toEqual([
      first,
      'ProvisionedThroughputExceededException',
      first,
    ]);
    expect(answer.FailedRecordCount).toBe(1);
    await bench.api.getRecords({ ShardIterator: low });
    expect((await rejection(bench.api.getRecords({ ShardIterator: high }))).message).toBe(
      'Rate exceeded for Shard - 000000000000/orders/shardId-000000000001',
    );
    await iteratorOf(bench, first);
    expect((await rejection(iteratorOf(bench, '1'))).name).toContain('Throughput');
    await bench.api.listShards({ StreamName: 'orders' });
  });

  test('with a probability hits about that part, the same ones for the same seed', async () => {
    const hitsOf = async (seed: number): Promise<string> => {
      const spec = {
        effect: 'internalFailure',
        operation: 'PutRecord',
        probability: 0.3,
        seed,
      } as const;
      const bench = await faultBench(spec);
      let hits = '';
      for (let call = 0; call < 400; call++) {
        hits += await bench.put('orders', 'a').then(
          () => '.',
          () => 'x',
        );
      }
      return hits;
    };
    const [one, again, other] = [await hitsOf(5), await hitsOf(5), await hitsOf(6)];
    expect(one).toBe(again);
    expect(one).not.toBe(other);
    const count = [...one].filter((sign) => sign === 'x').length;
    expect(count).toBeGreaterThan(80);
    expect(count).toBeLessThan(160);
  });

  test('in PutRecords draws for each record; the others are stored, answers keep their places', async () => {
    const spec = { effect: 'throttle', probability: 0.5, seed: 3, count: 1 } as const;
    const bench = await faultBench(spec);
    const keys = Array.from({ length: 100 }, (_, i) => `key-${String(i).padStart(3, '0')}`);
    const { Records, FailedRecordCount } = await putRecords(bench, ...keys);
    const stored = keys.filter((_, place) => Records[place]!.SequenceNumber !== undefined);
    expect(stored.length).toBe(100 - FailedRecordCount!);
    expect([stored.length > 30, stored.length < 70]).toEqual([true, true]);
    expect(await bench.read('orders')).toEqual(stored);
    for (const [place, key] of keys.entries()) {
      expect(Records[place]!.SequenceNumber).toBe((await bench.numbers('orders')).get(key));
    }
    expect(await bench.controls.faults()).toEqual([]);
  });

  test('that hits every record of a batch puts nothing', async () => {
    const bench = await faultBench({ effect: 'internalFailure' });
    const { Records, FailedRecordCount } = await putRecords(bench, 'a', 'b');
    const failed = { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' };
    expect([FailedRecordCount, Records]).toEqual([2, [failed, failed]]);
    expect(await bench.read('orders')).toEqual([]);
  });

  test('hits no call of our own, and none that would be refused anyway', async () => {
    const bench = await faultBench(...faultEffects.map((effect) => ({ effect, latencyMs: 1 })));
    await bench.put('orders', 'a', { own: true });
    const missing = await rejection(bench.put('nowhere', 'a'));
    expect(missing.name).toBe('ResourceNotFoundException');
    const invalid = await rejection(bench.put('orders', ''));
    expect(invalid.name).toBe('ValidationException');
    expect((await bench.controls.faults()).map(({ hits }) => hits)).toEqual(
      faultEffects.map(() => 0),
    );
  });

  test('is removed by its id; an unknown id and one rule too many are refused', async () => {
    const bench = await faultBench({ effect: 'throttle' }, { effect: 'internalFailure' });
    await bench.controls.removeFault(1);
    expect((await bench.controls.faults()).map(({ id }) => id)).toEqual([2]);
    expect((await rejection(bench.controls.removeFault(1))).name).toBe('ResourceNotFoundException');
    await bench.controls.clearFaults();
    for (let rule = 0; rule < faultRulesMax; rule++) {
      await bench.controls.addFault({ effect: 'throttle' });
    }
    const error = await rejection(bench.controls.addFault({ effect: 'throttle' }));
    expect(error.name).toBe('LimitExceededException');
    expect((await bench.controls.faults()).length).toBe(faultRulesMax);
    expect((await bench.controls.faults())[0]!.id).toBe(3);
  });
});

describe('the effect', () => {
  test.each([
    ['UpdateShardCount', 'Rate exceeded for stream orders under account 000000000000.'],
    ['ListStreams', 'Rate exceeded for account 000000000000.'],
  ] as const)('throttle of %s is a refusal of its rate', async (operation, text) => {
    const bench = await faultBench({ effect: 'throttle', operation });
    const call =
      operation === 'ListStreams'
        ? bench.api.listStreams({})
        : bench.api.updateShardCount({
            StreamName: 'orders',
            TargetShardCount: 4,
            ScalingType: 'UNIFORM_SCALING',
          });
    expect(await rejection(call)).toMatchObject({ name: 'LimitExceededException', message: text });
  });

  test("latency holds the call by the machine's clock, also while the engine's stands still", async () => {
    const bench = await faultBench({ effect: 'latency', operation: 'PutRecord', latencyMs: 250 });
    await bench.controls.stopClock();
    let isAnswered = false;
    const put = bench.put('orders', 'a').then(() => {
      isAnswered = true;
    });
    await bench.clock.advance(249);
    expect(isAnswered).toBe(false);
    await bench.clock.advance(1);
    await put;
    expect(await bench.read('orders')).toEqual(['a']);
  });

  test('latency ends with the caller', async () => {
    const bench = await faultBench({ effect: 'latency', latencyMs: 250 });
    const gone = new AbortController();
    const put = bench.put('orders', 'a', { signal: gone.signal });
    gone.abort();
    await put; // the clock stands still
    expect((await bench.controls.faults())[0]!.hits).toBe(1);
  });

  test("expiredIterator is AWS's sentence, on the engine's clock", async () => {
    const bench = await faultBench({ effect: 'expiredIterator' });
    const ShardIterator = await iteratorOf(bench);
    const error = await rejection(bench.api.getRecords({ ShardIterator }));
    expect(error.name).toBe('ExpiredIteratorException');
    expect(error.message).toMatch(
      /^Iterator expired\. The iterator was created at time .* 23:54:59 UTC 2024 while right now it is Wed Jan 01 00:00:00 UTC 2025 /,
    );
  });

  test.each(kmsExceptions)('kms is %s, of puts and reads and nothing else', async (exception) => {
    const bench = await faultBench({ effect: 'kms', exception });
    const ShardIterator = await iteratorOf(bench);
    for (const call of [
      bench.put('orders', 'a'),
      putRecords(bench, 'a'),
      bench.api.getRecords({ ShardIterator }),
    ]) {
      expect(await rejection(call)).toMatchObject({ name: exception, status: 400 });
    }
    await bench.api.listStreams({});
    expect(await bench.read('orders')).toEqual([]);
  });

  test('duplicate stores the put, and says that it failed', async () => {
    const bench = await faultBench({ effect: 'duplicate', count: 2 });
    expect((await rejection(bench.put('orders', 'a'))).name).toBe('InternalFailure');
    expect((await rejection(putRecords(bench, 'b', 'c'))).name).toBe('InternalFailure');
    await bench.put('orders', 'a');
    expect(await bench.read('orders')).toEqual(['a', 'a', 'b', 'c']);
  });

  test('dropConnection carries nothing out', async () => {
    const bench = await faultBench({ effect: 'dropConnection' });
    expect((await rejection(bench.put('orders', 'a'))).name).toBe('ConnectionDropped');
    expect(await bench.read('orders')).toEqual([]);
  });

  test('of the first rule that ends a call is the one that is told; later ones are not spent', async () => {
    const bench = await faultBench({ effect: 'kms' }, { effect: 'throttle', count: 1 });
    expect((await rejection(bench.put('orders', 'a'))).name).toBe('KMSAccessDeniedException');
    expect((await bench.controls.faults()).map(({ hits }) => hits)).toEqual([1, 0]);
  });
});
