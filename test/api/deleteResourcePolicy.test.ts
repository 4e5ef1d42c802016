// DeleteResourcePolicy: once; without a policy there is nothing to delete.
import { expect, it } from 'vitest';
import { expectError, onEveryTarget } from './targets.ts';

onEveryTarget('DeleteResourcePolicy', (target) => {
  const remove = (ResourceARN: string) => target().api.deleteResourcePolicy({ ResourceARN });

  it('deleteResourcePolicy() rejects what is no ARN and names a missing stream', async () => {
    await expectError(remove('orders'), { name: 'ValidationException' });
    await expectError(remove(target().arnOf('nobody')), { name: 'ResourceNotFoundException' });
  });

  it('deleteResourcePolicy() takes the policy away, and finds none after that', async () => {
    const StreamName = await target().stream();
    const arn = target().arnOf(StreamName);
    const none = {
      name: 'ResourceNotFoundException',
      message: `No resource policy found for resource ARN ${arn}.`,
    };
    await expectError(remove(arn), none);
    const Statement = { Effect: 'Allow', Principal: '*', Action: 'kinesis:*', Resource: arn };
    const Policy = JSON.stringify({ Statement });
    await target().api.putResourcePolicy({ ResourceARN: arn, Policy });
    await target().api.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 48 });
    await expectError(remove(arn), { name: 'ResourceInUseException' });
    await target().active(StreamName);
    expect(await remove(arn)).toEqual({});
    const { Policy: left } = await target().api.getResourcePolicy({ ResourceARN: arn });
    expect(left).toBe('{}');
    await expectError(remove(arn), none);
  });
});
