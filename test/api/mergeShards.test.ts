// MergeShards: which pairs, and what becomes of them.
import { expect, it } from 'vitest';
import { parseSequenceNumber } from '../../src/kinesis/sequenceNumber.ts';
import { expectError, onEveryTarget } from './targets.ts';

onEveryTarget('MergeShards', (target) => {
  const merge = (StreamName: string, ShardToMerge: string, AdjacentShardToMerge: string) =>
    target().api.mergeShards({ StreamName, ShardToMerge, AdjacentShardToMerge });

  it('mergeShards() rejects a pair in the wrong order, apart, or of one shard', async () => {
    const StreamName = await target().stream({ ShardCount: 3 });
    const id = (index: number) => `shardId-00000000000${index}`;
    for (const [a, b] of [
      [1, 0],
      [0, 2],
      [0, 0],
    ] as const) {
      await expectError(merge(StreamName, id(a), id(b)), {
        name: 'InvalidArgumentException',
        message:
          `Shards ${id(a)} and ${id(b)} in stream ${StreamName} under account ` +
          `${target().account} are not an adjacent pair of shards eligible for merging`,
      });
    }
  });

  it('mergeShards() makes one child over both ranges and closes both at one second', async () => {
    const StreamName = await target().stream({ ShardCount: 2 });
    await merge(StreamName, '0', '1');
    expect(await target().statusOf(StreamName)).toBe('UPDATING');
    await target().active(StreamName);
    const [first, second, child] = await target().shards(StreamName);
    const end = (shard: typeof first) =>
      parseSequenceNumber(shard!.SequenceNumberRange.EndingSequenceNumber!)!.seconds;
    expect(end(first)).toBe(end(second));
    expect(child).toMatchObject({
      ShardId: 'shardId-000000000002',
      ParentShardId: 'shardId-000000000000',
      AdjacentParentShardId: 'shardId-000000000001',
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: (2n ** 128n - 1n).toString() },
    });
  });

  it('mergeShards() names a shard that does not exist', async () => {
    const StreamName = await target().stream();
    await expectError(merge(StreamName, '0', '7'), {
      name: 'ResourceNotFoundException',
      message:
        'Could not find shard shardId-000000000007 in ' +
        `stream ${StreamName} under account ${target().account}.`,
    });
  });

  it('mergeShards() refuses shards that were merged before', async () => {
    const StreamName = await target().stream({ ShardCount: 2 });
    await merge(StreamName, '0', '1');
    await target().active(StreamName);
    await expectError(merge(StreamName, '0', '1'), {
      name: 'InvalidArgumentException',
      message:
        `Shard shardId-000000000000 in stream ${StreamName} under account ${target().account} ` +
        'has already been merged or split, and thus is not eligible for merging or splitting.',
    });
  });
});
