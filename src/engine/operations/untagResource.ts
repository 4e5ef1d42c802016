/** UntagResource: durable before the answer; the resource stays ACTIVE. */
import type { Handler } from '../engineParts.ts';
import { findResource } from '../resources.ts';
import { removeTags, resourceTagRules } from '../tags.ts';

export const untagResource: Handler<'UntagResource'> = async (engine, { input }) => {
  const how = { keys: input.TagKeys, rules: resourceTagRules };
  await engine.catalog.update(() => removeTags(findResource(engine, input.ResourceARN), how));
  return {};
};
