// DescribeStreamSummary: one stream without its shards.
import { expect, it } from 'vitest';
import { expectError, onEveryTarget } from './targets.ts';

onEveryTarget('DescribeStreamSummary', (target) => {
  it('describeStreamSummary() counts open shards and consumers', async () => {
    const StreamName = await target().stream({ ShardCount: 2 });
    const { StreamDescriptionSummary: summary } = await target().api.describeStreamSummary({
      StreamName,
    });
    expect(summary).toMatchObject({
      StreamName,
      StreamStatus: 'ACTIVE',
      OpenShardCount: 2,
      ConsumerCount: 0,
      RetentionPeriodHours: 24,
      EncryptionType: 'NONE',
      MaxRecordSizeInKiB: 1024,
    });
    expect(summary).not.toHaveProperty('Shards');
  });

  it('describeStreamSummary() names a stream that does not exist', async () => {
    await expectError(target().api.describeStreamSummary({ StreamName: 'nobody' }), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
  });
});
