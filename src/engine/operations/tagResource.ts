/** TagResource: durable before the answer; the resource stays ACTIVE. */
import type { Handler } from '../engineParts.ts';
import { findResource } from '../resources.ts';
import { addTags, resourceTagRules } from '../tags.ts';

export const tagResource: Handler<'TagResource'> = async (engine, { input }) => {
  const how = { added: input.Tags, rules: resourceTagRules };
  await engine.catalog.update(() => addTags(findResource(engine, input.ResourceARN), how));
  return {};
};
