/** ListTagsForStream: a page of a stream's tags, by key. @source documented */
import { tagsMax } from '../limits.ts';
import { boolean, type Infer, integer, list, operation, required, structure } from '../shape.ts';
import { streamMembers, tag, tagKey } from '../shapes.ts';

export const listTagsForStream = operation('ListTagsForStream', {
  input: structure({
    ...streamMembers,
    ExclusiveStartTagKey: tagKey,
    Limit: integer({ min: 1, max: tagsMax }),
  }),
  output: structure({ Tags: required(list(tag)), HasMoreTags: required(boolean) }),
});

export type ListTagsForStreamInput = Infer<typeof listTagsForStream.input>;
export type ListTagsForStreamOutput = Infer<typeof listTagsForStream.output>;
