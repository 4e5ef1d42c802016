/** ListTagsForResource: all tags of a resource. @source documented */
import { type Infer, list, operation, structure } from '../shape.ts';
import { resourceMembers, tag } from '../shapes.ts';

export const listTagsForResource = operation('ListTagsForResource', {
  input: structure(resourceMembers),
  output: structure({ Tags: list(tag) }),
});

export type ListTagsForResourceInput = Infer<typeof listTagsForResource.input>;
export type ListTagsForResourceOutput = Infer<typeof listTagsForResource.output>;
