/** UpdateAccountSettings: durable before the answer; of the caller's account in its region. */
import { disabledCommitment, enabledCommitment, toldCommitment } from '../commitment.ts';
import type { Handler } from '../engineParts.ts';

export const updateAccountSettings: Handler<'UpdateAccountSettings'> = async (
  { catalog, ports },
  { input, scope: { account, region } },
) => {
  const place = { account, region };
  const isEnabling = input.MinimumThroughputBillingCommitment.Status === 'ENABLED';
  const change = isEnabling ? enabledCommitment : disabledCommitment;
  await catalog.update(() => {
    const commitment = change(catalog.commitmentOf(place), ports.clock.now());
    return commitment ? [{ type: 'account', ...place, commitment }] : [];
  });
  const told = toldCommitment(catalog.commitmentOf(place), ports.clock.now());
  return { MinimumThroughputBillingCommitment: told };
};
