// IncreaseStreamRetentionPeriod: bounds, direction, states.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

onEveryTarget('IncreaseStreamRetentionPeriod', (target) => {
  const increase = (StreamName: string, RetentionPeriodHours: number) =>
    target().api.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours });

  it('increaseStreamRetentionPeriod() needs a period', async () => {
    const input = { StreamName: 'a' } as { StreamName: string; RetentionPeriodHours: number };
    await expectError(target().api.increaseStreamRetentionPeriod(input), {
      name: 'ValidationException',
      message: constraint(null, 'retentionPeriodHours', 'Member must not be null'),
    });
  });

  it('increaseStreamRetentionPeriod() names a stream that does not exist, whatever the period', async () => {
    for (const hours of [48, 23, 8761]) {
      await expectError(increase('nobody', hours), {
        name: 'ResourceNotFoundException',
        message: `Stream nobody under account ${target().account} not found.`,
      });
    }
  });

  it('increaseStreamRetentionPeriod() rejects less than 24 and more than 8760 hours', async () => {
    const StreamName = await target().stream();
    for (const hours of [-1, 0, 23]) {
      await expectError(increase(StreamName, hours), {
        name: 'InvalidArgumentException',
        message:
          'Minimum allowed retention period is 24 hours. ' +
          `Requested retention period (${hours} hours) is too short.`,
      });
    }
    await expectError(increase(StreamName, 8761), {
      name: 'InvalidArgumentException',
      message:
        'Maximum allowed retention period is 8760 hours. ' +
        'Requested retention period (8761 hours) is too long.',
    });
  });

  it('increaseStreamRetentionPeriod() takes the same and a longer period, not a shorter one', async () => {
    const StreamName = await target().stream();
    await increase(StreamName, 8760);
    await target().active(StreamName);
    const { StreamDescription: description } = await target().api.describeStream({ StreamName });
    expect(description.RetentionPeriodHours).toBe(8760);
    await increase(StreamName, 8760);
    await target().active(StreamName);
    await expectError(increase(StreamName, 24), {
      name: 'InvalidArgumentException',
      message:
        `Requested retention period (24 hours) for stream ${StreamName} can not be shorter than ` +
        'existing retention period (8760 hours). Use DecreaseRetentionPeriod API.',
    });
  });

  it('increaseStreamRetentionPeriod() refuses a stream that is not ACTIVE', async () => {
    const StreamName = target().freshName();
    await target().api.createStream({ StreamName, ShardCount: 1 });
    await expectError(increase(StreamName, 48), {
      name: 'ResourceInUseException',
      message: `Stream ${StreamName} under account ${target().account} not ACTIVE, instead in state CREATING`,
    });
    // The state is told before a period that is out of range.
    await expectError(increase(StreamName, 23), { name: 'ResourceInUseException' });
    await target().active(StreamName);
    await expectError(increase(StreamName, 23), { name: 'InvalidArgumentException' });
  });
});
