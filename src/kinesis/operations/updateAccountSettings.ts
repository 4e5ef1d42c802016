/** UpdateAccountSettings: begins the account's commitment, or ends it as soon as it may. @source documented */
import { type Infer, oneOf, operation, required, structure } from '../shape.ts';
import { billingCommitment } from '../shapes.ts';

export const updateAccountSettings = operation('UpdateAccountSettings', {
  input: structure({
    MinimumThroughputBillingCommitment: required(
      structure({ Status: required(oneOf('ENABLED', 'DISABLED')) }),
    ),
  }),
  output: structure({ MinimumThroughputBillingCommitment: billingCommitment }),
});

export type UpdateAccountSettingsInput = Infer<typeof updateAccountSettings.input>;
export type UpdateAccountSettingsOutput = Infer<typeof updateAccountSettings.output>;
