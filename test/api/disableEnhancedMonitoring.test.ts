// DisableEnhancedMonitoring: what goes, what stays, and what it refuses.
import { expect, it } from 'vitest';
import type { MetricsName } from '../../src/kinesis/shapes.ts';
import { constraint, expectError, onEveryTarget } from './targets.ts';

onEveryTarget('DisableEnhancedMonitoring', (target) => {
  const disable = (StreamName: string, ShardLevelMetrics: MetricsName[]) =>
    target().api.disableEnhancedMonitoring({ StreamName, ShardLevelMetrics });
  const withMetrics = async (...ShardLevelMetrics: MetricsName[]) => {
    const StreamName = await target().stream();
    await target().api.enableEnhancedMonitoring({ StreamName, ShardLevelMetrics });
    await target().active(StreamName);
    return StreamName;
  };
  const metricsOf = async (StreamName: string) =>
    (await target().api.describeStreamSummary({ StreamName })).StreamDescriptionSummary
      .EnhancedMonitoring[0]!.ShardLevelMetrics;

  it('disableEnhancedMonitoring() needs metrics and a stream that exists', async () => {
    await expectError(target().api.disableEnhancedMonitoring({ StreamName: 'a' } as never), {
      name: 'ValidationException',
      message: constraint(null, 'shardLevelMetrics', 'Member must not be null'),
    });
    await expectError(disable('nobody', ['ALL']), { name: 'ResourceNotFoundException' });
  });

  it('disableEnhancedMonitoring() takes the named metrics and ignores others', async () => {
    const StreamName = await withMetrics('IncomingBytes', 'IncomingRecords', 'OutgoingRecords');
    expect(await disable(StreamName, ['IncomingRecords', 'OutgoingBytes'])).toEqual({
      StreamName,
      StreamARN: target().arnOf(StreamName),
      CurrentShardLevelMetrics: ['IncomingBytes', 'IncomingRecords', 'OutgoingRecords'],
      DesiredShardLevelMetrics: ['IncomingBytes', 'OutgoingRecords'],
    });
    expect(await target().statusOf(StreamName)).toBe('UPDATING');
    await expectError(disable(StreamName, ['ALL']), { name: 'ResourceInUseException' });
    await target().active(StreamName);
    expect(await metricsOf(StreamName)).toEqual(['IncomingBytes', 'OutgoingRecords']);
  });

  it('disableEnhancedMonitoring() takes all metrics with ALL', async () => {
    const StreamName = await withMetrics('ALL');
    const { DesiredShardLevelMetrics } = await disable(StreamName, ['ALL']);
    expect(DesiredShardLevelMetrics).toEqual([]);
    await target().active(StreamName);
    expect(await metricsOf(StreamName)).toEqual([]);
    await disable(StreamName, ['IncomingBytes']);
    expect(await target().statusOf(StreamName)).toBe('ACTIVE');
  });
});
