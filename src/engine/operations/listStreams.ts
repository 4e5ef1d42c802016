/** ListStreams: a page of the streams that the caller sees, by name, in every state. */
import { listStreamsMax } from '../../kinesis/limits.ts';
import { summaryOf } from '../describe.ts';
import type { Handler } from '../engineParts.ts';

export const listStreams: Handler<'ListStreams'> = async (engine, { input, scope }) => {
  const { tokens, catalog } = engine;
  const after =
    input.NextToken === undefined
      ? (input.ExclusiveStartStreamName ?? '')
      : tokens.readStreams(input.NextToken);
  const limit = Math.min(input.Limit ?? listStreamsMax, listStreamsMax);
  const streams = catalog
    .streamsIn(scope)
    .filter(({ name }) => name > after)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = streams.slice(0, limit);
  const hasMore = streams.length > limit;
  return {
    StreamNames: page.map(({ name }) => name),
    HasMoreStreams: hasMore,
    ...(hasMore && { NextToken: tokens.streams(page.at(-1)!.name) }),
    StreamSummaries: page.map(summaryOf),
  };
};
