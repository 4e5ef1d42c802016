// DescribeStream: its members and pages.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

onEveryTarget('DescribeStream', (target) => {
  it('describeStream() rejects a limit of 0 and of 10001', async () => {
    const { api } = target();
    await expectError(api.describeStream({ StreamName: 'a', Limit: 0 }), {
      name: 'ValidationException',
      message: constraint('0', 'limit', 'Member must have value greater than or equal to 1'),
    });
    await expectError(api.describeStream({ StreamName: 'a', Limit: 10001 }), {
      name: 'ValidationException',
      message: constraint('10001', 'limit', 'Member must have value less than or equal to 10000'),
    });
  });

  it('describeStream() names a stream that does not exist', async () => {
    await expectError(target().api.describeStream({ StreamName: 'nobody' }), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
  });

  it('describeStream() describes a stream by name and by ARN alike', async () => {
    const StreamName = await target().stream();
    const { StreamDescription: byName } = await target().api.describeStream({ StreamName });
    const { StreamDescription: byArn } = await target().api.describeStream({
      StreamARN: target().arnOf(StreamName),
    });
    expect(byArn).toEqual(byName);
    expect(byName).toMatchObject({
      StreamName,
      StreamARN: target().arnOf(StreamName),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      HasMoreShards: false,
    });
    expect(byName.StreamCreationTimestamp).toBeInstanceOf(Date);
    expect(byName).not.toHaveProperty('KeyId');
  });

  it('describeStream() pages by ExclusiveStartShardId', async () => {
    const StreamName = await target().stream({ ShardCount: 3 });
    const { api } = target();
    const first = await api.describeStream({ StreamName, Limit: 2 });
    expect(first.StreamDescription.HasMoreShards).toBe(true);
    const ExclusiveStartShardId = first.StreamDescription.Shards[1]!.ShardId;
    const second = await api.describeStream({ StreamName, ExclusiveStartShardId });
    expect(second.StreamDescription.HasMoreShards).toBe(false);
    expect(second.StreamDescription.Shards.map(({ ShardId }) => ShardId)).toEqual([
      'shardId-000000000002',
    ]);
  });
});
