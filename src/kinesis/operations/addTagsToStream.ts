/** AddTagsToStream: adds tags to a stream, or gives those it has new values. @source documented */
import { type Infer, operation, required, structure } from '../shape.ts';
import { streamMembers, tags } from '../shapes.ts';

export const addTagsToStream = operation('AddTagsToStream', {
  input: structure({ ...streamMembers, Tags: required(tags) }),
  output: structure({}),
});

export type AddTagsToStreamInput = Infer<typeof addTagsToStream.input>;
