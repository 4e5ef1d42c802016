// SplitShard: order of checks, the hash key rule, what appears when.
import { expect, it } from 'vitest';
import { parseSequenceNumber, sequenceIndexMax } from '../../src/kinesis/sequenceNumber.ts';
import { expectError, onEveryTarget } from './targets.ts';

const half = (2n ** 127n).toString();
const top = (2n ** 128n - 1n).toString();

onEveryTarget('SplitShard', (target) => {
  const split = (StreamName: string, ShardToSplit: string, NewStartingHashKey = half) =>
    target().api.splitShard({ StreamName, ShardToSplit, NewStartingHashKey });

  it('splitShard() looks at the form of the shard id first, then at stream and shard', async () => {
    const { account } = target();
    await expectError(split('nobody', 'shardId-x'), {
      name: 'ResourceNotFoundException',
      message: `Could not find shard shardId-x in stream nobody under account ${account}.`,
    });
    await expectError(split('nobody', '0'), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${account} not found.`,
    });
    const StreamName = await target().stream();
    await expectError(split(StreamName, '5'), {
      name: 'ResourceNotFoundException',
      message: `Could not find shard shardId-000000000005 in stream ${StreamName} under account ${account}.`,
    });
  });

  it('splitShard() rejects a hash key that leaves a child less than two keys', async () => {
    const StreamName = await target().stream();
    const { account } = target();
    for (const key of ['0', '1', top, (2n ** 128n).toString()]) {
      await expectError(split(StreamName, '0', key), {
        name: 'InvalidArgumentException',
        message:
          `NewStartingHashKey ${key} used in SplitShard() on shard shardId-000000000000 ` +
          `in stream ${StreamName} under account ${account} is not both greater than one plus ` +
          `the shard's StartingHashKey 0 and less than the shard's EndingHashKey ${top}.`,
      });
    }
    await split(StreamName, '0', '2');
    await target().active(StreamName);
    const open = await target().open(StreamName);
    expect(open.map(({ HashKeyRange }) => HashKeyRange)).toEqual([
      { StartingHashKey: '0', EndingHashKey: '1' },
      { StartingHashKey: '2', EndingHashKey: top },
    ]);
  });

  it('splitShard() leaves the parent open and the list as it was until ACTIVE', async () => {
    const StreamName = await target().stream();
    const before = await target().shards(StreamName);
    await split(StreamName, '0');
    expect(await target().statusOf(StreamName)).toBe('UPDATING');
    expect(await target().shards(StreamName)).toEqual(before);
    expect((await target().put(StreamName, 'a')).ShardId).toBe('shardId-000000000000');
    await expectError(split(StreamName, '0'), {
      name: 'ResourceInUseException',
      message: `Stream ${StreamName} under account ${target().account} not ACTIVE, instead in state UPDATING`,
    });
    await target().active(StreamName);
  });

  it('splitShard() creates both children one second after the parent closes', async () => {
    const StreamName = await target().stream();
    await split(StreamName, '0');
    await target().active(StreamName);
    const [parent, ...children] = await target().shards(StreamName);
    const start = parseSequenceNumber(parent!.SequenceNumberRange.StartingSequenceNumber)!;
    const end = parseSequenceNumber(parent!.SequenceNumberRange.EndingSequenceNumber!)!;
    expect(end.shardCreatedSeconds).toBe(start.shardCreatedSeconds);
    expect(end.index).toBe(sequenceIndexMax);
    expect(children).toHaveLength(2);
    for (const child of children) {
      const created = parseSequenceNumber(child.SequenceNumberRange.StartingSequenceNumber)!;
      expect(created.shardCreatedSeconds).toBe(end.seconds + 1);
      expect(created.seconds).toBe(created.shardCreatedSeconds);
      expect(child.ParentShardId).toBe('shardId-000000000000');
      expect(child).not.toHaveProperty('AdjacentParentShardId');
    }
  });

  it('splitShard() rejects a shard that was split before', async () => {
    const StreamName = await target().stream();
    await split(StreamName, '0');
    await target().active(StreamName);
    await expectError(split(StreamName, '0'), {
      name: 'InvalidArgumentException',
      message:
        `Shard shardId-000000000000 in stream ${StreamName} under account ${target().account} ` +
        'has already been merged or split, and thus is not eligible for merging or splitting.',
    });
  });

  it('splitShard() is refused on an on-demand stream', async () => {
    const StreamName = await target().stream({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    await expectError(split(StreamName, '0'), {
      name: 'ValidationException',
      message: `Request is invalid. Stream ${StreamName} under account ${target().account} is in On-Demand mode.`,
    });
  });
});
