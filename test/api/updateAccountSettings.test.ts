// UpdateAccountSettings: what may be asked for, and that DescribeAccountSettings tells it. Never on AWS: it costs.
import { expect, it } from 'vitest';
import { constraint, expectError, onEveryTarget } from './targets.ts';

onEveryTarget('UpdateAccountSettings', (target) => {
  const update = (Status: string) =>
    target().api.updateAccountSettings({
      MinimumThroughputBillingCommitment: { Status } as { Status: 'ENABLED' },
    });

  it('updateAccountSettings() needs a status that one can ask for', async () => {
    const name = 'ValidationException';
    await expectError(target().api.updateAccountSettings({} as never), {
      name,
      message: constraint(null, 'minimumThroughputBillingCommitment', 'Member must not be null'),
    });
    await expectError(update('ENABLED_UNTIL_EARLIEST_ALLOWED_END'), {
      name,
      message: constraint(
        'ENABLED_UNTIL_EARLIEST_ALLOWED_END',
        'minimumThroughputBillingCommitment.status',
        'Member must satisfy enum value set: [ENABLED, DISABLED]',
      ),
    });
  });

  it.skipIf(process.env.KINESIS_TARGET === 'aws')(
    'updateAccountSettings() answers what DescribeAccountSettings tells from then on',
    async () => {
      const none = { MinimumThroughputBillingCommitment: { Status: 'DISABLED' } };
      expect(await update('DISABLED')).toEqual(none);
      const enabled = await update('ENABLED');
      expect(enabled).toEqual({
        MinimumThroughputBillingCommitment: {
          Status: 'ENABLED',
          StartedAt: expect.any(Date),
          EarliestAllowedEndAt: expect.any(Date),
        },
      });
      expect(await target().api.describeAccountSettings({})).toEqual(enabled);
      expect(await update('ENABLED')).toEqual(enabled);
      const { MinimumThroughputBillingCommitment: ending } = await update('DISABLED');
      expect(ending?.Status).toBe('ENABLED_UNTIL_EARLIEST_ALLOWED_END');
      expect(await target().api.describeAccountSettings({})).toEqual({
        MinimumThroughputBillingCommitment: ending,
      });
      expect(await update('ENABLED')).toEqual(enabled);
    },
  );
});
