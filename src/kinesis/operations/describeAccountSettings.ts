/** DescribeAccountSettings: what the account has committed itself to. @source documented */
import { type Infer, operation, structure } from '../shape.ts';
import { billingCommitment } from '../shapes.ts';

export const describeAccountSettings = operation('DescribeAccountSettings', {
  input: structure({}),
  output: structure({ MinimumThroughputBillingCommitment: billingCommitment }),
});

export type DescribeAccountSettingsOutput = Infer<typeof describeAccountSettings.output>;
