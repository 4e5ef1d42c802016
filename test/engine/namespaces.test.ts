// Namespaces: one for all callers or one for each account and region, on folders written with either.
import { describe, expect, it } from 'vitest';
import type { CallContext } from '../../src/kinesis/kinesisApi.ts';
import { TestEngine } from './support/testEngine.ts';

const home = { account: '000000000000', region: 'us-east-1' };
const far = { account: '123456789012', region: 'eu-west-1' };
const third = { account: '000000000000', region: 'ap-south-1' };

const arn = ({ account, region }: typeof home, name = 'orders') =>
  `arn:aws:kinesis:${region}:${account}:stream/${name}`;

async function create(test: TestEngine, { name, at }: { name: string; at: CallContext }) {
  await test.engine.createStream({ StreamName: name, ShardCount: 1 }, at);
  await test.settle();
}

const names = async (test: TestEngine, at: CallContext) =>
  (await test.engine.listStreams({}, at)).StreamNames;

const describeAs = async (test: TestEngine, at: CallContext) =>
  (await test.engine.describeStream({ StreamName: 'orders' }, at)).StreamDescription;

/** Puts one record as a caller there and tells which stream it went to by what each of them holds. */
async function recordsAs(test: TestEngine, { by, key }: { by: CallContext; key: object }) {
  const { ShardIterator } = await test.engine.getShardIterator(
    { ...key, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' },
    by,
  );
  const { Records } = await test.engine.getRecords({ ShardIterator: ShardIterator! }, by);
  return Records.map(({ PartitionKey }) => PartitionKey);
}

const put = (test: TestEngine, { by, key, mark }: { by: CallContext; key: object; mark: string }) =>
  test.engine.putRecord({ ...key, PartitionKey: mark, Data: new Uint8Array(1) }, by);

describe('namespaces: one', () => {
  it('shows every caller the same streams, with the caller’s own account and region in ARNs', async () => {
    const test = await TestEngine.open();
    await create(test, { name: 'orders', at: far });
    for (const at of [home, far, third]) {
      expect(await names(test, at)).toEqual(['orders']);
      expect((await describeAs(test, at)).StreamARN).toBe(arn(at));
    }
    const { StreamSummaries } = await test.engine.listStreams({}, third);
    expect(StreamSummaries?.map(({ StreamARN }) => StreamARN)).toEqual([arn(third)]);
  });

  it('resolves ARNs that clients of any region were given', async () => {
    const test = await TestEngine.open();
    await create(test, { name: 'orders', at: home });
    for (const [mark, given] of [home, far, third].entries()) {
      await put(test, { by: third, key: { StreamARN: arn(given) }, mark: `${mark}` });
    }
    expect(await recordsAs(test, { by: far, key: { StreamARN: arn(home) } })).toEqual([
      '0',
      '1',
      '2',
    ]);
  });

  it('a name is taken once for all, and free again for all', async () => {
    const test = await TestEngine.open();
    await create(test, { name: 'orders', at: home });
    await expect(create(test, { name: 'orders', at: far })).rejects.toMatchObject({
      name: 'ResourceInUseException',
      message: 'Stream orders under account 123456789012 already exists.',
    });
    await test.engine.deleteStream({ StreamName: 'orders' }, far);
    await test.settle();
    for (const at of [home, far, third]) expect(await names(test, at)).toEqual([]);
    await create(test, { name: 'orders', at: third });
    expect(await names(test, home)).toEqual(['orders']);
  });

  it('seeds and counters know a stream that another region created', async () => {
    const test = await TestEngine.open();
    await create(test, { name: 'orders', at: far });
    await test.engine.ensureStreams([{ name: 'orders', shards: 3 }]);
    expect(test.engine.streamCount()).toBe(1);
    await put(test, { by: far, key: { StreamName: 'orders' }, mark: 'a' });
    for (const query of [{}, { stream: 'orders' }]) {
      expect(test.engine.counters(query).streams).toMatchObject([{ stream: 'orders', ...home }]);
    }
  });

  it('a change is seen by all, also where it was looked at before', async () => {
    const test = await TestEngine.open();
    await create(test, { name: 'orders', at: home });
    for (const at of [far, third, far]) await describeAs(test, at);
    const longer = { StreamName: 'orders', RetentionPeriodHours: 48 };
    await test.engine.increaseStreamRetentionPeriod(longer, third);
    await test.settle();
    expect((await describeAs(test, far)).RetentionPeriodHours).toBe(48);
  });

  it('more callers than views are kept for see the same', async () => {
    const test = await TestEngine.open();
    await create(test, { name: 'orders', at: home });
    for (let round = 0; round < 3; round++) {
      for (let number = 1; number <= 40; number++) {
        const at = { account: `${number}`.padStart(12, '0'), region: 'us-east-1' };
        expect((await describeAs(test, at)).StreamARN).toBe(arn(at));
      }
    }
  });
});

describe('a folder that was written with separate namespaces', () => {
  /** `orders` at home and in `far`, `clicks` in `far` only; each record says where it was put. */
  async function separateFolder(settings = {}): Promise<TestEngine> {
    const before = await TestEngine.open({ namespaces: 'separate' });
    await create(before, { name: 'orders', at: far });
    await create(before, { name: 'orders', at: home });
    await create(before, { name: 'clicks', at: far });
    for (const [at, mark] of [
      [far, 'far'],
      [home, 'home'],
    ] as const) {
      await put(before, { by: at, key: { StreamName: 'orders' }, mark });
    }
    await before.engine.close();
    const { files, clock } = before;
    return TestEngine.open({ namespaces: 'one', ...settings }, { files, clock });
  }

  it('shows its streams to all', async () => {
    const test = await separateFolder();
    for (const at of [home, far, third])
      expect(await names(test, at)).toEqual(['clicks', 'orders']);
  });

  it('of two streams of one name each place keeps its own, and others see the engine’s', async () => {
    const test = await separateFolder();
    const key = { StreamName: 'orders' };
    expect(await recordsAs(test, { by: home, key })).toEqual(['home']);
    expect(await recordsAs(test, { by: far, key })).toEqual(['far']);
    expect(await recordsAs(test, { by: third, key })).toEqual(['home']);
    expect(await recordsAs(test, { by: third, key: { StreamARN: arn(far) } })).toEqual(['far']);
    const settled = await separateFolder(far);
    expect(await recordsAs(settled, { by: third, key })).toEqual(['far']);
  });

  it('says which names clash, and what each caller sees', async () => {
    const test = await separateFolder();
    expect(test.engine.notices).toEqual([
      '2 streams are named orders: of account 000000000000 in us-east-1, of account 123456789012 in ' +
        'eu-west-1. Each account and region sees its own, all others see that of 000000000000 in ' +
        'us-east-1. With --namespaces separate they are kept apart.',
    ]);
    const apart = await separateFolder({ namespaces: 'separate' });
    expect(apart.engine.notices).toEqual([]);
  });

  it('the other stream of a name takes its place once the first is deleted', async () => {
    const test = await separateFolder();
    await test.engine.deleteStream({ StreamName: 'orders' }, third);
    await test.settle();
    for (const by of [home, far, third]) {
      expect(await recordsAs(test, { by, key: { StreamName: 'orders' } })).toEqual(['far']);
    }
  });

  it('goes back to separate ones with nothing lost, and what was made meanwhile at its maker', async () => {
    const test = await separateFolder();
    await create(test, { name: 'late', at: third });
    await test.engine.close();
    const { files, clock } = test;
    const back = await TestEngine.open({ namespaces: 'separate' }, { files, clock });
    expect(await names(back, home)).toEqual(['orders']);
    expect(await names(back, far)).toEqual(['clicks', 'orders']);
    expect(await names(back, third)).toEqual(['late']);
    expect(await recordsAs(back, { by: far, key: { StreamName: 'orders' } })).toEqual(['far']);
  });
});

describe('streamArnIn()', () => {
  const iteratorAs = async (test: TestEngine, at: CallContext) => {
    const key = { ShardId: 'shardId-000000000000', ShardIteratorType: 'LATEST' as const };
    const { ShardIterator } = await test.engine.getShardIterator(
      { StreamName: 'orders', ...key },
      at,
    );
    return ShardIterator!;
  };

  it('names an iterator’s stream as the caller’s region has it, also when it has expired', async () => {
    const test = await TestEngine.open();
    await create(test, { name: 'orders', at: home });
    const iterator = await iteratorAs(test, far);
    await test.clock.advance(600_000);
    expect(test.engine.streamArnIn(iterator, third.region)).toBe(
      arn({ account: far.account, region: third.region }),
    );
    expect(test.engine.streamArnIn('AAAA', home.region)).toBeUndefined();
    await test.engine.deleteStream({ StreamName: 'orders' });
    await test.settle();
    expect(test.engine.streamArnIn(iterator, home.region)).toBeUndefined();
  });

  it('with separate namespaces names the stream where it is, whoever asks', async () => {
    const test = await TestEngine.open({ namespaces: 'separate' });
    for (const at of [home, far, third]) await create(test, { name: 'orders', at });
    for (const at of [far, third]) {
      expect(test.engine.streamArnIn(await iteratorAs(test, at), home.region)).toBe(arn(at));
    }
  });

  it('names the stream of a page of ListShards', async () => {
    const test = await TestEngine.open();
    await test.engine.createStream({ StreamName: 'orders', ShardCount: 2 });
    await test.settle();
    const { NextToken } = await test.engine.listShards(
      { StreamName: 'orders', MaxResults: 1 },
      home,
    );
    expect(test.engine.streamArnIn(NextToken!)).toBe(arn(home));
  });
});
