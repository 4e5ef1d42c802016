// UpdateStreamRecordDistributionStrategy: which streams have one, and where records go.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

type Strategy = 'AUTO' | 'USER_PARTITION_KEY';

onEveryTarget('UpdateStreamRecordDistributionStrategy', (target) => {
  const update = (name: string, RecordDistributionStrategy: Strategy) =>
    target().api.updateStreamRecordDistributionStrategy({
      StreamARN: target().arnOf(name),
      RecordDistributionStrategy,
    });
  const onDemand = { StreamModeDetails: { StreamMode: 'ON_DEMAND' as const } };
  const strategyOf = async (StreamName: string) =>
    (await target().api.describeStreamSummary({ StreamName })).StreamDescriptionSummary
      .RecordDistributionStrategy;
  /** The shards that eight records of one key went to. */
  const shardsOf = async (StreamName: string): Promise<Set<string>> => {
    const ids = new Set<string>();
    for (let i = 0; i < 8; i++) ids.add((await target().put(StreamName, 'one key')).ShardId);
    return ids;
  };

  it('updateStreamRecordDistributionStrategy() rejects strategies there are none of', async () => {
    await expectError(update('a', 'ODD' as Strategy), {
      name: 'ValidationException',
      message: constraint(
        'ODD',
        'recordDistributionStrategy',
        'Member must satisfy enum value set: [AUTO, USER_PARTITION_KEY]',
      ),
    });
    await expectError(update('nobody', 'AUTO'), { name: 'ResourceNotFoundException' });
  });

  it('updateStreamRecordDistributionStrategy() refuses AUTO on a provisioned stream', async () => {
    const StreamName = await target().stream();
    expect(await strategyOf(StreamName)).toBeUndefined();
    await expectError(update(StreamName, 'AUTO'), { name: 'InvalidArgumentException' });
    const provisioned = { StreamName: 'a', ShardCount: 1 };
    const RecordDistributionStrategy = 'AUTO';
    await expectError(target().api.createStream({ ...provisioned, RecordDistributionStrategy }), {
      name: 'InvalidArgumentException',
    });
  });

  it('updateStreamRecordDistributionStrategy() spreads one key over all shards, at once', async () => {
    const StreamName = await target().stream(onDemand);
    expect(await strategyOf(StreamName)).toBe('USER_PARTITION_KEY');
    const [byKey, ...others] = await shardsOf(StreamName);
    expect(others).toEqual([]);
    expect(await update(StreamName, 'AUTO')).toEqual({});
    expect(await target().statusOf(StreamName)).toBe('ACTIVE');
    expect(await strategyOf(StreamName)).toBe('AUTO');
    expect((await shardsOf(StreamName)).size).toBe(4);
    const Records = Array.from({ length: 8 }, () => {
      return { PartitionKey: 'k', ExplicitHashKey: '0', Data: new Uint8Array(1) };
    });
    const put = await target().api.putRecords({ StreamName, Records });
    expect(new Set(put.Records.map(({ ShardId }) => ShardId)).size).toBe(4);
    const records = await target().read(await target().iterator(StreamName, byKey!), 9);
    expect(records.slice(0, 9).map(({ PartitionKey }) => PartitionKey)).toContain('one key');
    await update(StreamName, 'USER_PARTITION_KEY');
    expect([...(await shardsOf(StreamName))]).toEqual([byKey]);
  });

  it('createStream() begins with the strategy, and provisioned mode ends it', async () => {
    const StreamName = await target().stream({ ...onDemand, RecordDistributionStrategy: 'AUTO' });
    expect(await strategyOf(StreamName)).toBe('AUTO');
    const StreamARN = target().arnOf(StreamName);
    const change = async (StreamMode: 'ON_DEMAND' | 'PROVISIONED') => {
      await target().api.updateStreamMode({ StreamARN, StreamModeDetails: { StreamMode } });
      await target().active(StreamName);
    };
    await change('PROVISIONED');
    expect(await strategyOf(StreamName)).toBeUndefined();
    expect((await shardsOf(StreamName)).size).toBe(1);
    await change('ON_DEMAND');
    expect(await strategyOf(StreamName)).toBe('USER_PARTITION_KEY');
  });
});
