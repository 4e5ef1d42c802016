/** ListStreams: a page of stream names in order. @source documented */
import { boolean, type Infer, list, operation, required, structure, timestamp } from '../shape.ts';
import {
  nextToken,
  pageLimit,
  streamArn,
  streamModeDetails,
  streamName,
  streamStatus,
} from '../shapes.ts';

export const streamSummary = structure({
  StreamName: required(streamName),
  StreamARN: required(streamArn),
  StreamStatus: required(streamStatus),
  StreamModeDetails: streamModeDetails,
  StreamCreationTimestamp: timestamp,
});
export type StreamSummary = Infer<typeof streamSummary>;

export const listStreams = operation('ListStreams', {
  input: structure({
    Limit: pageLimit,
    ExclusiveStartStreamName: streamName,
    NextToken: nextToken,
  }),
  output: structure({
    StreamNames: required(list(streamName)),
    HasMoreStreams: required(boolean),
    NextToken: nextToken,
    StreamSummaries: list(streamSummary),
  }),
});

export type ListStreamsInput = Infer<typeof listStreams.input>;
export type ListStreamsOutput = Infer<typeof listStreams.output>;
