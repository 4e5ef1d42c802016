/** RemoveTagsFromStream: durable before the answer; the stream stays ACTIVE. */
import { findStream, type Handler } from '../engineParts.ts';
import { streamResource } from '../resources.ts';
import { removeTags, streamTagRules } from '../tags.ts';

export const removeTagsFromStream: Handler<'RemoveTagsFromStream'> = async (engine, call) => {
  const how = { keys: call.input.TagKeys, rules: streamTagRules };
  await engine.catalog.update(() => removeTags(streamResource(findStream(engine, call)), how));
  return {};
};
