// UpdateShardCount: limits, answer, and how many shards are listed afterwards.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

onEveryTarget('UpdateShardCount', (target) => {
  const scale = (StreamName: string, TargetShardCount: number) =>
    target().api.updateShardCount({
      StreamName,
      TargetShardCount,
      ScalingType: 'UNIFORM_SCALING',
    });

  it('updateShardCount() rejects counts and types out of bounds', async () => {
    await expectError(scale('a', 100_001), {
      name: 'ValidationException',
      message: constraint(
        '100001',
        'targetShardCount',
        'Member must have value less than or equal to 100000',
      ),
    });
    const ScalingType = 'ODD' as 'UNIFORM_SCALING';
    const odd = { StreamName: 'a', TargetShardCount: 1, ScalingType };
    await expectError(target().api.updateShardCount(odd), {
      name: 'ValidationException',
      message: constraint(
        'ODD',
        'scalingType',
        'Member must satisfy enum value set: [UNIFORM_SCALING]',
      ),
    });
  });

  it('updateShardCount() refuses more than double and less than half', async () => {
    const StreamName = await target().stream({ ShardCount: 3 });
    await expectError(scale(StreamName, 7), {
      name: 'LimitExceededException',
      message:
        /^UpdateShardCount cannot scale up over double your current open shard count\. Current open shard count: 3,? Target shard count: 7/,
    });
    await expectError(scale(StreamName, 1), {
      name: 'LimitExceededException',
      message:
        /^UpdateShardCount cannot scale down below half your current open shard count\. Current open shard count: 3,? Target shard count: 1/,
    });
  });

  it('updateShardCount() answers the counts and shows the old shards until it is done', async () => {
    const StreamName = await target().stream({ ShardCount: 2 });
    const before = await target().shards(StreamName);
    expect(await scale(StreamName, 4)).toEqual({
      StreamName,
      StreamARN: target().arnOf(StreamName),
      CurrentShardCount: 2,
      TargetShardCount: 4,
    });
    expect(await target().shards(StreamName)).toEqual(before);
    await expectError(scale(StreamName, 3), { name: 'ResourceInUseException' });
    await target().active(StreamName);
    const parents = (await target().open(StreamName)).map((shard) => [
      shard.ShardId.slice(-1),
      shard.ParentShardId?.slice(-1),
    ]);
    expect(parents).toEqual([
      ['2', '0'],
      ['3', '0'],
      ['4', '1'],
      ['5', '1'],
    ]);
  });

  it('updateShardCount() to the count a stream has changes nothing', async () => {
    const StreamName = await target().stream({ ShardCount: 2 });
    const before = await target().shards(StreamName);
    for (let time = 0; time < 11; time++) {
      expect(await scale(StreamName, 2)).toMatchObject({
        CurrentShardCount: 2,
        TargetShardCount: 2,
      });
    }
    expect(await target().statusOf(StreamName)).toBe('ACTIVE');
    expect(await target().shards(StreamName)).toEqual(before);
  });

  for (const [from, to, listed] of [
    [2, 4, 6],
    [4, 5, 15],
    [10, 13, 37],
    [4, 2, 6],
    [5, 3, 7],
  ] as const) {
    it(`updateShardCount() lists ${listed} shards after ${from} to ${to}`, async () => {
      const StreamName = await target().stream({ ShardCount: from });
      await scale(StreamName, to);
      await target().active(StreamName);
      expect(await target().shards(StreamName)).toHaveLength(listed);
      const open = await target().open(StreamName);
      expect(open).toHaveLength(to);
      const ranges = open
        .map(({ HashKeyRange: range }) => [BigInt(range.StartingHashKey), range.EndingHashKey])
        .sort(([a], [b]) => (a! < b! ? -1 : 1));
      let next = 0n;
      for (const [start, end] of ranges) {
        expect(start).toBe(next);
        next = BigInt(end!) + 1n;
      }
      expect(next).toBe(2n ** 128n);
    });
  }
});
