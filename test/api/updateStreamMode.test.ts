// UpdateStreamMode: both ways, what each mode forbids, and the order of its checks.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

type Mode = 'PROVISIONED' | 'ON_DEMAND';

onEveryTarget('UpdateStreamMode', (target) => {
  const change = (name: string, StreamMode: Mode, WarmThroughputMiBps?: number) =>
    target().api.updateStreamMode({
      StreamARN: target().arnOf(name),
      StreamModeDetails: { StreamMode },
      ...(WarmThroughputMiBps !== undefined && { WarmThroughputMiBps }),
    });
  const modeOf = async (StreamName: string) => {
    const { StreamDescriptionSummary: summary } = await target().api.describeStreamSummary({
      StreamName,
    });
    return summary.StreamModeDetails?.StreamMode;
  };

  it('updateStreamMode() rejects modes there are none of', async () => {
    await expectError(change('a', 'ODD' as Mode), {
      name: 'ValidationException',
      message: constraint(
        'ODD',
        'streamModeDetails.streamMode',
        'Member must satisfy enum value set: [PROVISIONED, ON_DEMAND]',
      ),
    });
  });

  it('updateStreamMode() rejects an unknown stream', async () => {
    const name = target().freshName();
    await expectError(change(name, 'ON_DEMAND'), {
      name: 'ResourceNotFoundException',
      message: `Stream ${name} under account ${target().account} not found.`,
    });
  });

  it('updateStreamMode() goes through UPDATING both ways and keeps the shards', async () => {
    const StreamName = await target().stream({ ShardCount: 3 });
    const shards = await target().shards(StreamName);
    for (const mode of ['ON_DEMAND', 'PROVISIONED'] as const) {
      expect(await change(StreamName, mode)).toEqual({});
      expect(await target().statusOf(StreamName)).toBe('UPDATING');
      await expectError(change(StreamName, mode), { name: 'ResourceInUseException' });
      await target().put(StreamName, 'while updating');
      await target().active(StreamName);
      expect(await modeOf(StreamName)).toBe(mode);
      expect(await target().shards(StreamName)).toEqual(shards);
    }
  });

  it('updateStreamMode() forbids by hand on demand what it allows provisioned', async () => {
    const StreamName = await target().stream({ ShardCount: 2 });
    await change(StreamName, 'ON_DEMAND');
    await target().active(StreamName);
    const forbidden = {
      name: 'ValidationException',
      message:
        `Request is invalid. Stream ${StreamName} under account ${target().account} ` +
        'is in On-Demand mode.',
    };
    const scaling = { StreamName, TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' as const };
    const split = { StreamName, ShardToSplit: '0', NewStartingHashKey: '9' };
    const merge = { StreamName, ShardToMerge: '0', AdjacentShardToMerge: '1' };
    await expectError(target().api.updateShardCount(scaling), forbidden);
    await expectError(target().api.splitShard(split), forbidden);
    await expectError(target().api.mergeShards(merge), forbidden);
    await change(StreamName, 'PROVISIONED');
    await target().active(StreamName);
    expect((await target().api.updateShardCount(scaling)).CurrentShardCount).toBe(2);
  });

  it('updateStreamMode() takes warm throughput for on-demand mode only', async () => {
    const StreamName = await target().stream({ ShardCount: 1 });
    await expectError(change(StreamName, 'PROVISIONED', 8), { name: 'ValidationException' });
    await change(StreamName, 'ON_DEMAND', 6);
    await target().active(StreamName);
    const { StreamDescriptionSummary: summary } = await target().api.describeStreamSummary({
      StreamName,
    });
    expect(summary.WarmThroughput).toEqual({ TargetMiBps: 6, CurrentMiBps: 6 });
    expect(summary.OpenShardCount).toBe(6);
    await change(StreamName, 'PROVISIONED');
    await target().active(StreamName);
    const after = await target().api.describeStreamSummary({ StreamName });
    expect(after.StreamDescriptionSummary.WarmThroughput).toBeUndefined();
    expect(after.StreamDescriptionSummary.OpenShardCount).toBe(6);
  });

  it('updateStreamMode() accepts the mode a stream has and changes nothing', async () => {
    const StreamName = await target().stream({ ShardCount: 1 });
    expect(await change(StreamName, 'PROVISIONED')).toEqual({});
    expect(await target().statusOf(StreamName)).toBe('ACTIVE');
  });
});
