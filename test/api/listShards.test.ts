// ListShards: arguments, pages, filters.
import { expect, it } from 'vitest';
import { expectError, onEveryTarget } from './targets.ts';

const idsOf = (answer: { Shards?: { ShardId: string }[] | undefined }) =>
  (answer.Shards ?? []).map(({ ShardId }) => Number(ShardId.slice(-12)));
const half = (2n ** 127n).toString();

onEveryTarget('ListShards', (target) => {
  it('listShards() needs a name or a token, and not both', async () => {
    await expectError(target().api.listShards({}), {
      name: 'InvalidArgumentException',
      message: 'Either NextToken or StreamName should be provided.',
    });
    await expectError(target().api.listShards({ StreamName: 'a', NextToken: 'b' }), {
      name: 'InvalidArgumentException',
      message: 'NextToken and StreamName cannot be provided together.',
    });
  });

  it('listShards() names a stream that does not exist', async () => {
    await expectError(target().api.listShards({ StreamName: 'nobody' }), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
  });

  it('listShards() pages by token', async () => {
    const StreamName = await target().stream({ ShardCount: 5 });
    const { api } = target();
    const first = await api.listShards({ StreamName, MaxResults: 2 });
    expect(idsOf(first)).toEqual([0, 1]);
    const second = await api.listShards({ NextToken: first.NextToken, MaxResults: 2 });
    expect(idsOf(second)).toEqual([2, 3]);
    const third = await api.listShards({ NextToken: second.NextToken });
    expect(idsOf(third)).toEqual([4]);
    expect(third).not.toHaveProperty('NextToken');
    await expectError(
      api.listShards({ NextToken: first.NextToken, ExclusiveStartShardId: 'shardId-0' }),
      { name: 'InvalidArgumentException' },
    );
  });

  it('listShards() starts after ExclusiveStartShardId', async () => {
    const StreamName = await target().stream({ ShardCount: 3 });
    const ExclusiveStartShardId = 'shardId-000000000000';
    const answer = await target().api.listShards({ StreamName, ExclusiveStartShardId });
    expect(idsOf(answer)).toEqual([1, 2]);
  });

  it('listShards() filters, each filter in time covering the whole hash space', async () => {
    const StreamName = await target().stream({ ShardCount: 2 });
    const { api } = target();
    const { SequenceNumber: _, ...put } = await target().put(StreamName, 'a');
    const [record] = await target().read(await target().iterator(StreamName, put.ShardId), 1);
    const Timestamp = record!.ApproximateArrivalTimestamp!;
    const quarter = (2n ** 126n).toString();
    await api.splitShard({ StreamName, ShardToSplit: '0', NewStartingHashKey: quarter });
    await target().active(StreamName);
    const filtered = async (Type: string, more: object = {}) =>
      idsOf(
        await api.listShards({ StreamName, ShardFilter: { Type: Type as 'AT_LATEST', ...more } }),
      );
    expect(await filtered('AT_LATEST')).toEqual([1, 2, 3]);
    expect(await filtered('AT_TRIM_HORIZON')).toEqual([0, 1]);
    expect(await filtered('FROM_TRIM_HORIZON')).toEqual([0, 1, 2, 3]);
    expect(await filtered('AT_TIMESTAMP', { Timestamp })).toEqual([0, 1]);
    expect(await filtered('AT_TIMESTAMP', { Timestamp: new Date(0) })).toEqual([0, 1]);
    expect(await filtered('FROM_TIMESTAMP', { Timestamp })).toEqual([0, 1, 2, 3]);
    const ShardId = 'shardId-000000000001';
    expect(await filtered('AFTER_SHARD_ID', { ShardId })).toEqual([2, 3]);
  });

  it('listShards() carries the filter in the token', async () => {
    const StreamName = await target().stream();
    const { api } = target();
    await api.splitShard({ StreamName, ShardToSplit: '0', NewStartingHashKey: half });
    await target().active(StreamName);
    const ShardFilter = { Type: 'AT_LATEST' as const };
    const first = await api.listShards({ StreamName, ShardFilter, MaxResults: 1 });
    expect(idsOf(first)).toEqual([1]);
    expect(idsOf(await api.listShards({ NextToken: first.NextToken }))).toEqual([2]);
  });

  it('listShards() rejects a filter without its member', async () => {
    const StreamName = await target().stream();
    for (const Type of ['AFTER_SHARD_ID', 'AT_TIMESTAMP', 'FROM_TIMESTAMP'] as const) {
      await expectError(target().api.listShards({ StreamName, ShardFilter: { Type } }), {
        name: 'InvalidArgumentException',
      });
    }
  });

  it('listShards() refuses a stream in CREATING', async () => {
    const StreamName = target().freshName();
    await target().api.createStream({ StreamName, ShardCount: 1 });
    await expectError(target().api.listShards({ StreamName }), { name: 'ResourceInUseException' });
    await target().active(StreamName);
  });
});
