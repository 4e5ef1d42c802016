/** ListStreamConsumers: a page of the consumers of a stream. @source documented */
import { type Infer, list, operation, required, structure, timestamp } from '../shape.ts';
import { consumer, nextToken, pageLimit, streamArn, streamId } from '../shapes.ts';

export const listStreamConsumers = operation('ListStreamConsumers', {
  input: structure({
    StreamARN: required(streamArn),
    NextToken: nextToken,
    MaxResults: pageLimit,
    StreamCreationTimestamp: timestamp,
    StreamId: streamId,
  }),
  output: structure({ Consumers: list(consumer), NextToken: nextToken }),
});

export type ListStreamConsumersInput = Infer<typeof listStreamConsumers.input>;
