/** DecreaseStreamRetentionPeriod: what is older than the new period cannot be read any more. @source documented */
import { type Infer, operation, required, structure } from '../shape.ts';
import { retentionHours, streamMembers } from '../shapes.ts';

export const decreaseStreamRetentionPeriod = operation('DecreaseStreamRetentionPeriod', {
  input: structure({ ...streamMembers, RetentionPeriodHours: required(retentionHours) }),
  output: structure({}),
});

export type DecreaseStreamRetentionPeriodInput = Infer<typeof decreaseStreamRetentionPeriod.input>;
