// DecreaseStreamRetentionPeriod: bounds, direction.
import { expect, it } from 'vitest';
import { expectError, onEveryTarget } from './targets.ts';

onEveryTarget('DecreaseStreamRetentionPeriod', (target) => {
  const decrease = (StreamName: string, RetentionPeriodHours: number) =>
    target().api.decreaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours });

  it('decreaseStreamRetentionPeriod() names a stream that does not exist', async () => {
    await expectError(decrease('nobody', 24), {
      name: 'ResourceNotFoundException',
      message: `Stream nobody under account ${target().account} not found.`,
    });
  });

  it('decreaseStreamRetentionPeriod() rejects less than 24 and more than 8760 hours', async () => {
    const StreamName = await target().stream();
    await expectError(decrease(StreamName, 23), {
      name: 'InvalidArgumentException',
      message:
        'Minimum allowed retention period is 24 hours. ' +
        'Requested retention period (23 hours) is too short.',
    });
    await expectError(decrease(StreamName, 8761), {
      name: 'InvalidArgumentException',
      message:
        'Maximum allowed retention period is 8760 hours. ' +
        'Requested retention period (8761 hours) is too long.',
    });
  });

  it('decreaseStreamRetentionPeriod() takes a shorter period by ARN, not a longer one', async () => {
    const StreamName = await target().stream();
    await expectError(decrease(StreamName, 25), {
      name: 'InvalidArgumentException',
      message:
        `Requested retention period (25 hours) for stream ${StreamName} can not be longer than ` +
        'existing retention period (24 hours). Use IncreaseRetentionPeriod API.',
    });
    await target().api.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 25 });
    await target().active(StreamName);
    const StreamARN = target().arnOf(StreamName);
    await target().api.decreaseStreamRetentionPeriod({ StreamARN, RetentionPeriodHours: 24 });
    await target().active(StreamName);
    const { StreamDescriptionSummary: summary } = await target().api.describeStreamSummary({
      StreamName,
    });
    expect(summary.RetentionPeriodHours).toBe(24);
    await decrease(StreamName, 24);
  });
});
