/** AddTagsToStream: durable before the answer; the stream stays ACTIVE. */
import { findStream, type Handler } from '../engineParts.ts';
import { streamResource } from '../resources.ts';
import { addTags, streamTagRules } from '../tags.ts';

export const addTagsToStream: Handler<'AddTagsToStream'> = async (engine, call) => {
  const how = { added: call.input.Tags, rules: streamTagRules };
  await engine.catalog.update(() => addTags(streamResource(findStream(engine, call)), how));
  return {};
};
