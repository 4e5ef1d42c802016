/** IncreaseStreamRetentionPeriod: records stay readable for longer; what has expired stays so. @source documented */
import { type Infer, operation, required, structure } from '../shape.ts';
import { retentionHours, streamMembers } from '../shapes.ts';

export const increaseStreamRetentionPeriod = operation('IncreaseStreamRetentionPeriod', {
  input: structure({ ...streamMembers, RetentionPeriodHours: required(retentionHours) }),
  output: structure({}),
});

export type IncreaseStreamRetentionPeriodInput = Infer<typeof increaseStreamRetentionPeriod.input>;
