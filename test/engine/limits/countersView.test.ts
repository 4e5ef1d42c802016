// What is told of the counters: which streams and shards, which seconds, sums and highest ages.
import { describe, expect, it } from 'vitest';
import { TestEngine } from '../support/testEngine.ts';

const own = { own: true };

/** Two streams, of which `orders` alone is used. */
async function engineWithTraffic(): Promise<TestEngine> {
  const test = await TestEngine.open({ limits: 'warn' });
  await test.stream('orders');
  await test.stream('idle');
  await test.clock.advance(1000 - (test.clock.monotonic() % 1000));
  await test.put('orders', 'k', 'abc');
  return test;
}

async function readOnce(test: TestEngine): Promise<void> {
  const from = { StreamName: 'orders', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' as const };
  const { ShardIterator } = await test.engine.getShardIterator(from, own);
  await test.engine.getRecords({ ShardIterator: ShardIterator! });
}

const totalOf = (test: TestEngine, seconds = 60) =>
  test.engine.counters({ stream: 'orders', seconds }).streams[0]!.shards[0]!.total;

describe('counters()', () => {
  it('of all streams leave out those without traffic, and the single seconds', async () => {
    const test = await engineWithTraffic();
    const { streams } = test.engine.counters();
    expect(streams.map(({ stream }) => stream)).toEqual(['orders']);
    expect(streams[0]!.shards[0]).not.toHaveProperty('perSecond');
  });

  it('of one stream tell it also without traffic, and its seconds', async () => {
    const test = await engineWithTraffic();
    expect(test.engine.counters({ stream: 'idle' }).streams).toEqual([
      { stream: 'idle', account: '000000000000', region: 'us-east-1', shards: [] },
    ]);
    const { perSecond } = test.engine.counters({ stream: 'orders' }).streams[0]!.shards[0]!;
    expect(perSecond).toMatchObject([{ secondsAgo: 0, recordsIn: 1, bytesIn: 4 }]);
  });

  it('of a stream that does not exist name it and the account', async () => {
    const test = await engineWithTraffic();
    expect(() => test.engine.counters({ stream: 'nobody' })).toThrow(
      'Stream nobody under account 000000000000 not found.',
    );
  });

  it('look back so many seconds, this one included, and not one more', async () => {
    const test = await engineWithTraffic();
    await test.clock.advance(9000);
    expect(totalOf(test, 10)).toMatchObject({ recordsIn: 1 });
    expect(test.engine.counters({ stream: 'orders', seconds: 9 }).streams[0]!.shards).toEqual([]);
  });

  it('tell no age while nobody reads', async () => {
    const test = await engineWithTraffic();
    expect(totalOf(test)).toEqual({
      recordsIn: 1,
      bytesIn: 4,
      recordsOut: 0,
      bytesOut: 0,
      reads: 0,
      putsThrottled: 0,
      putsOverLimit: 0,
      readsThrottled: 0,
      readsOverLimit: 0,
    });
  });

  it('tell the highest age of all seconds, and sums of all else', async () => {
    const test = await engineWithTraffic();
    await test.clock.advance(2000);
    await readOnce(test);
    await test.clock.advance(3000);
    await readOnce(test);
    expect(totalOf(test)).toMatchObject({ recordsOut: 2, reads: 2, iteratorAgeMs: 5000 });
    const { perSecond } = test.engine.counters({ stream: 'orders' }).streams[0]!.shards[0]!;
    expect(perSecond!.map(({ iteratorAgeMs }) => iteratorAgeMs)).toEqual([undefined, 2000, 5000]);
  });
});
