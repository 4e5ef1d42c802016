// A machine's clock that jumps: back a day, forward a year, back again. What is stored keeps its order, and
// what is counted per second does not notice.
import { describe, expect, it } from 'vitest';
import { TEST_EPOCH_MS, TestClock } from '../support/testClock.ts';
import { dataOf, rejection, TestEngine } from './support/testEngine.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Where the wall clock stands, one after the other. */
const jumps = [0, -DAY_MS, 365 * DAY_MS, 364 * DAY_MS, 0, -DAY_MS];

const isRising = (values: readonly bigint[]): boolean =>
  values.every((value, index) => index === 0 || value > values[index - 1]!);

describe('a wall clock that jumps', () => {
  it('never makes arrival times or sequence numbers fall, also over restarts', async () => {
    const test = await TestEngine.open();
    await test.stream('orders');
    const numbers: bigint[] = [];
    for (const [index, offset] of jumps.entries()) {
      test.clock.setWall(TEST_EPOCH_MS + offset);
      for (const part of ['a', 'b']) {
        const { SequenceNumber } = await test.put('orders', 'k', `${index}${part}`);
        numbers.push(BigInt(SequenceNumber));
        if (part === 'a') await (index % 2 ? test.reopen() : test.reopenAfterKill());
      }
    }
    expect(isRising(numbers)).toBe(true);
    const { records } = await test.read('orders', '0');
    expect(dataOf({ records })).toEqual(jumps.flatMap((_, index) => [`${index}a`, `${index}b`]));
    const times = records.map(({ timeMs }) => timeMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBe(TEST_EPOCH_MS + 365 * DAY_MS);
  });

  it.each([
    ['ahead', 365 * DAY_MS],
    ['back', -365 * DAY_MS],
  ])('a year %s makes nothing expire before its time, and all of it then', async (_, offset) => {
    const test = await TestEngine.open();
    await test.stream('orders');
    await test.stream('clicks');
    const readable = async (name: string) => dataOf(await test.read(name, '0'));
    await test.put('orders', 'k', 'before');
    const halves = { ShardToSplit: '0', NewStartingHashKey: '1000' };
    await test.engine.splitShard({ StreamName: 'clicks', ...halves });
    await test.clock.advance(HOUR_MS);
    const from = { StreamName: 'orders', ShardId: '0', ShardIteratorType: 'TRIM_HORIZON' as const };
    const { ShardIterator = '' } = await test.engine.getShardIterator(from);
    test.clock.setWall(TEST_EPOCH_MS + HOUR_MS + offset);
    await test.engine.removeExpired();
    expect((await test.engine.getRecords({ ShardIterator })).Records).toHaveLength(1);
    await test.put('orders', 'k', 'after');
    await test.clock.advance(23 * HOUR_MS - 60);
    await test.engine.removeExpired();
    expect(await readable('orders')).toEqual(['before', 'after']);
    expect(await test.shards('clicks')).toHaveLength(3);
    await test.clock.advance(5 * 60_000);
    expect(await readable('orders')).toEqual(offset > 0 ? ['after'] : ['before', 'after']);
    if (offset > 0) {
      const error = await rejection(test.engine.getRecords({ ShardIterator }));
      expect(error.name).toBe('ExpiredIteratorException');
    }
    await test.clock.advance(HOUR_MS);
    // Behind a clock that was set back arrival times stand still until it has caught up.
    expect(await readable('orders')).toEqual(offset > 0 ? [] : ['before', 'after']);
    await test.engine.removeExpired();
    expect(await test.shards('clicks')).toHaveLength(offset > 0 ? 2 : 3);
  });

  it('back keeps what another stream takes from then on as long as AWS would', async () => {
    const test = await TestEngine.open();
    await test.stream('orders');
    await test.clock.advance(48 * HOUR_MS);
    test.clock.setWall(TEST_EPOCH_MS - 30 * DAY_MS);
    await test.put('orders', 'k', 'a');
    await test.clock.advance(24 * HOUR_MS);
    expect(dataOf(await test.read('orders', '0'))).toEqual(['a']);
    await test.clock.advance(1);
    expect(dataOf(await test.read('orders', '0'))).toEqual([]);
  });

  it('set right after a change of retention loses no record that comes then', async () => {
    const test = await TestEngine.open({}, { clock: new TestClock(TEST_EPOCH_MS + 365 * DAY_MS) });
    await test.stream('orders');
    await test.engine.increaseStreamRetentionPeriod({
      StreamName: 'orders',
      RetentionPeriodHours: 25,
    });
    await test.settle();
    test.clock.setWall(TEST_EPOCH_MS);
    await test.put('orders', 'k', 'a');
    expect(dataOf(await test.read('orders', '0'))).toEqual(['a']);
    await test.reopen();
    await test.put('orders', 'k', 'b');
    expect(dataOf(await test.read('orders', '0'))).toEqual(['a', 'b']);
  });

  it('begins one segment a jump at most, and none for each put after it', async () => {
    const test = await TestEngine.open();
    await test.stream('orders');
    for (const offset of jumps) {
      test.clock.setWall(TEST_EPOCH_MS + offset);
      for (let index = 0; index < 20; index++) await test.put('orders', 'k', 'x');
    }
    const segments = test.files.paths.filter((path) => path.endsWith('.log'));
    expect(segments.length).toBeLessThanOrEqual(jumps.length);
  });

  it('neither gives nor takes what may be put in a second', async () => {
    const test = await TestEngine.open({ limits: 'aws' });
    await test.stream('orders');
    const putAll = async (): Promise<number> => {
      const Records = Array.from({ length: 500 }, () => ({
        PartitionKey: 'k',
        Data: new Uint8Array(1),
      }));
      const answers = [1, 2, 3].map(() =>
        test.engine.putRecords({ StreamName: 'orders', Records }),
      );
      const failed = (await Promise.all(answers)).map(({ FailedRecordCount }) => FailedRecordCount);
      return 1500 - failed.reduce((sum: number, count) => sum + (count ?? 0), 0);
    };
    await test.clock.advance(10_000);
    expect(await putAll()).toBe(1000);
    for (const offset of jumps) {
      test.clock.setWall(TEST_EPOCH_MS + offset);
      expect(await putAll()).toBe(0);
      await test.clock.advance(1000);
      expect(await putAll()).toBe(1000);
    }
  });
});
