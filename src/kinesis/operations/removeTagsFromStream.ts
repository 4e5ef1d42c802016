/** RemoveTagsFromStream: takes tags from a stream; keys that it does not have are ignored. @source documented */
import { type Infer, operation, required, structure } from '../shape.ts';
import { streamMembers, tagKeys } from '../shapes.ts';

export const removeTagsFromStream = operation('RemoveTagsFromStream', {
  input: structure({ ...streamMembers, TagKeys: required(tagKeys) }),
  output: structure({}),
});

export type RemoveTagsFromStreamInput = Infer<typeof removeTagsFromStream.input>;
