/** DeleteResourcePolicy: takes a resource's policy away. @source documented */
import { type Infer, operation, structure } from '../shape.ts';
import { resourceMembers } from '../shapes.ts';

export const deleteResourcePolicy = operation('DeleteResourcePolicy', {
  input: structure(resourceMembers),
  output: structure({}),
});

export type DeleteResourcePolicyInput = Infer<typeof deleteResourcePolicy.input>;
