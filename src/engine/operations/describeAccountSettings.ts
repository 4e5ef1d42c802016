/** DescribeAccountSettings: of the caller's account in its region. */
import { toldCommitment } from '../commitment.ts';
import type { Handler } from '../engineParts.ts';

export const describeAccountSettings: Handler<'DescribeAccountSettings'> = async (
  { catalog, ports },
  { scope },
) => ({
  MinimumThroughputBillingCommitment: toldCommitment(
    catalog.commitmentOf(scope),
    ports.clock.now(),
  ),
});
