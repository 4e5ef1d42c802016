/** PutResourcePolicy: gives a resource a policy, in place of the one it has. @source documented */
import { type Infer, operation, required, string, structure } from '../shape.ts';
import { resourceMembers } from '../shapes.ts';

export const putResourcePolicy = operation('PutResourcePolicy', {
  input: structure({ ...resourceMembers, Policy: required(string()) }),
  output: structure({}),
});

export type PutResourcePolicyInput = Infer<typeof putResourcePolicy.input>;
