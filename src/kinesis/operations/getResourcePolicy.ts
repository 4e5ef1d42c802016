/** GetResourcePolicy: a resource's policy as it was given; `{}` without one. @source documented */
import { type Infer, operation, required, string, structure } from '../shape.ts';
import { resourceMembers } from '../shapes.ts';

export const getResourcePolicy = operation('GetResourcePolicy', {
  input: structure(resourceMembers),
  output: structure({ Policy: required(string()) }),
});

export type GetResourcePolicyInput = Infer<typeof getResourcePolicy.input>;
export type GetResourcePolicyOutput = Infer<typeof getResourcePolicy.output>;
