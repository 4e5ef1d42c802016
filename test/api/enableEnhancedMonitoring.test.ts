// EnableEnhancedMonitoring: which metrics there are, what is answered, and where they are seen.
import { expect, it } from 'vitest';
import type { MetricsName } from '../../src/kinesis/shapes.ts';
import { constraint, expectError, onEveryTarget } from './targets.ts';

const all: MetricsName[] = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
];

onEveryTarget('EnableEnhancedMonitoring', (target) => {
  const enable = (StreamName: string, ShardLevelMetrics: MetricsName[]) =>
    target().api.enableEnhancedMonitoring({ StreamName, ShardLevelMetrics });
  /** As both Describe operations have them. */
  const metricsOf = async (StreamName: string) => {
    const { api } = target();
    const { StreamDescription } = await api.describeStream({ StreamName });
    const { StreamDescriptionSummary } = await api.describeStreamSummary({ StreamName });
    const { EnhancedMonitoring } = StreamDescription;
    expect(EnhancedMonitoring).toEqual(StreamDescriptionSummary.EnhancedMonitoring);
    expect(EnhancedMonitoring).toHaveLength(1);
    return EnhancedMonitoring[0]!.ShardLevelMetrics;
  };

  it('enableEnhancedMonitoring() rejects no metrics, too many and other names', async () => {
    const name = 'ValidationException';
    const rejects = async (metrics: string[], rule: string) =>
      expectError(enable('a', metrics as MetricsName[]), {
        name,
        message: constraint(`[${metrics.join(', ')}]`, 'shardLevelMetrics', rule),
      });
    await rejects([], 'Member must have length greater than or equal to 1');
    await rejects(all.concat('ALL'), 'Member must have length less than or equal to 7');
    await rejects(
      ['IncomingBytes', 'Odd'],
      `Member must satisfy constraint: [Member must satisfy enum value set: [${all.join(', ')}, ALL]]`,
    );
  });

  it('enableEnhancedMonitoring() names a stream that does not exist', async () => {
    await expectError(enable('nobody', ['ALL']), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
  });

  it('enableEnhancedMonitoring() adds metrics, which are seen when the stream is ACTIVE', async () => {
    const StreamName = await target().stream();
    expect(await metricsOf(StreamName)).toEqual([]);
    const answer = { StreamName, StreamARN: target().arnOf(StreamName) };
    expect(await enable(StreamName, ['OutgoingBytes', 'IncomingBytes'])).toEqual({
      ...answer,
      CurrentShardLevelMetrics: [],
      DesiredShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'],
    });
    expect(await target().statusOf(StreamName)).toBe('UPDATING');
    expect(await metricsOf(StreamName)).toEqual([]);
    await expectError(enable(StreamName, ['ALL']), { name: 'ResourceInUseException' });
    await target().put(StreamName, 'while updating');
    await target().active(StreamName);
    expect(await metricsOf(StreamName)).toEqual(['IncomingBytes', 'OutgoingBytes']);
    expect(await enable(StreamName, ['ALL'])).toEqual({
      ...answer,
      CurrentShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'],
      DesiredShardLevelMetrics: all,
    });
    await target().active(StreamName);
    expect(await metricsOf(StreamName)).toEqual(all);
  });

  it('enableEnhancedMonitoring() of what is enabled changes nothing', async () => {
    const StreamName = await target().stream();
    await enable(StreamName, ['IncomingBytes']);
    await target().active(StreamName);
    expect(await enable(StreamName, ['IncomingBytes', 'IncomingBytes'])).toMatchObject({
      CurrentShardLevelMetrics: ['IncomingBytes'],
      DesiredShardLevelMetrics: ['IncomingBytes'],
    });
    expect(await target().statusOf(StreamName)).toBe('ACTIVE');
  });
});
