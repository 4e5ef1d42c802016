// UpdateStreamWarmThroughput: its answer, its shards, and what it refuses.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

onEveryTarget('UpdateStreamWarmThroughput', (target) => {
  const warm = (StreamName: string, WarmThroughputMiBps: number) =>
    target().api.updateStreamWarmThroughput({ StreamName, WarmThroughputMiBps });
  const onDemand = () => target().stream({ StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  const summaryOf = async (StreamName: string) =>
    (await target().api.describeStreamSummary({ StreamName })).StreamDescriptionSummary;

  it('updateStreamWarmThroughput() rejects a negative number and an unknown stream', async () => {
    await expectError(warm('a', -1), {
      name: 'ValidationException',
      message: constraint(
        '-1',
        'warmThroughputMiBps',
        'Member must have value greater than or equal to 0',
      ),
    });
    await expectError(warm(target().freshName(), 1), { name: 'ResourceNotFoundException' });
  });

  it('updateStreamWarmThroughput() is refused by a provisioned stream and above 10 GiB/s', async () => {
    const StreamName = await target().stream({ ShardCount: 1 });
    await expectError(warm(StreamName, 1), { name: 'ValidationException' });
    await expectError(warm(await onDemand(), 10_241), { name: 'InvalidArgumentException' });
  });

  it('updateStreamWarmThroughput() has the target at once and the shards when it is ACTIVE', async () => {
    const StreamName = await onDemand();
    const before = await target().shards(StreamName);
    expect(await warm(StreamName, 7)).toEqual({
      StreamName,
      StreamARN: target().arnOf(StreamName),
      WarmThroughput: { TargetMiBps: 7, CurrentMiBps: 4 },
    });
    expect(await target().statusOf(StreamName)).toBe('UPDATING');
    expect(await target().shards(StreamName)).toEqual(before);
    await expectError(warm(StreamName, 9), { name: 'ResourceInUseException' });
    await target().active(StreamName);
    const summary = await summaryOf(StreamName);
    expect(summary.WarmThroughput).toEqual({ TargetMiBps: 7, CurrentMiBps: 7 });
    expect(summary.OpenShardCount).toBe(7);
    const children = (await target().shards(StreamName)).slice(4);
    expect(children).toHaveLength(6);
    for (const { ParentShardId, AdjacentParentShardId } of children) {
      expect(ParentShardId).toMatch(/^shardId-00000000000[012]$/);
      expect(AdjacentParentShardId).toBeUndefined();
    }
  });

  it('updateStreamWarmThroughput() takes a lower number and keeps the shards', async () => {
    const StreamName = await onDemand();
    await warm(StreamName, 2);
    await target().active(StreamName);
    const summary = await summaryOf(StreamName);
    expect(summary.WarmThroughput).toEqual({ TargetMiBps: 2, CurrentMiBps: 2 });
    expect(summary.OpenShardCount).toBe(4);
  });

  it('createStream() begins with the shards for its warm throughput', async () => {
    const mode = { StreamModeDetails: { StreamMode: 'ON_DEMAND' as const } };
    const StreamName = await target().stream({ ...mode, WarmThroughputMiBps: 9 });
    const summary = await summaryOf(StreamName);
    expect(summary.WarmThroughput).toEqual({ TargetMiBps: 9, CurrentMiBps: 9 });
    expect(summary.OpenShardCount).toBe(9);
    const provisioned = { StreamName: 'a', ShardCount: 1, WarmThroughputMiBps: 9 };
    await expectError(target().api.createStream(provisioned), { name: 'ValidationException' });
  });
});
