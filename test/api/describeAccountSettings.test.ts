// DescribeAccountSettings: what an account has that never asked for anything.
import { expect, it } from 'vitest';
import { onEveryTarget } from './targets.ts';

onEveryTarget('DescribeAccountSettings', (target) => {
  it('describeAccountSettings() tells of no commitment', async () => {
    expect(await target().api.describeAccountSettings({})).toEqual({
      MinimumThroughputBillingCommitment: { Status: 'DISABLED' },
    });
  });
});
