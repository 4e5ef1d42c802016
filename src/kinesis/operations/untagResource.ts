/** UntagResource: takes tags from a resource; keys that it does not have are ignored. @source documented */
import { type Infer, operation, required, structure } from '../shape.ts';
import { resourceMembers, tagKeys } from '../shapes.ts';

export const untagResource = operation('UntagResource', {
  input: structure({ ...resourceMembers, TagKeys: required(tagKeys) }),
  output: structure({}),
});

export type UntagResourceInput = Infer<typeof untagResource.input>;
