/** ListTagsForStream: a page of a stream's tags, in every state. */
import { tagsMax } from '../../kinesis/limits.ts';
import { findStream, type Handler } from '../engineParts.ts';
import { listedTags } from '../tags.ts';

export const listTagsForStream: Handler<'ListTagsForStream'> = async (engine, call) => {
  const { ExclusiveStartTagKey: after = '', Limit: limit = tagsMax } = call.input;
  const tags = listedTags(findStream(engine, call)).filter(({ Key }) => Key > after);
  return { Tags: tags.slice(0, limit), HasMoreTags: tags.length > limit };
};
