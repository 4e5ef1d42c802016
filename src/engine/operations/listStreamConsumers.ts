/** ListStreamConsumers: a page of the consumers of a stream, by their names. */
import { streamNotFound } from '../../kinesis/errors.ts';
import { tokenAndOther } from '../../kinesis/readErrors.ts';
import { consumersOf, shownConsumer } from '../consumers.ts';
import { createdAt } from '../describe.ts';
import { findStream, type Handler } from '../engineParts.ts';

/** A page's own maximum. @source documented */
const pageMax = 100;

export const listStreamConsumers: Handler<'ListStreamConsumers'> = async (engine, call) => {
  const { NextToken: token, StreamCreationTimestamp: created, MaxResults } = call.input;
  if (token !== undefined && created) throw tokenAndOther('StreamCreationTimestamp');
  const given = token === undefined ? undefined : engine.tokens.readConsumers(token);
  const stream = findStream(engine, call);
  const isOther =
    created && createdAt(stream).getTime() !== Math.floor(created.getTime() / 1000) * 1000;
  if (isOther || (given && given.streamId !== stream.id)) throw streamNotFound(stream);
  const all = consumersOf(stream).filter(({ name }) => name > (given?.after ?? ''));
  const page = all.slice(0, Math.min(MaxResults ?? pageMax, pageMax));
  const Consumers = page.map((consumer) => shownConsumer(stream, consumer));
  if (page.length === all.length) return { Consumers };
  const NextToken = engine.tokens.consumers({ streamId: stream.id, after: page.at(-1)!.name });
  return { Consumers, NextToken };
};
