/** ListTagsForResource: all tags of a resource, in every state. */
import type { Handler } from '../engineParts.ts';
import { findResource } from '../resources.ts';
import { listedTags } from '../tags.ts';

export const listTagsForResource: Handler<'ListTagsForResource'> = async (engine, { input }) => ({
  Tags: listedTags(findResource(engine, input.ResourceARN)),
});
