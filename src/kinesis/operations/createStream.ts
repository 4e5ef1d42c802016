/** CreateStream: a new stream, CREATING at first. @source documented */
import { type Infer, integer, operation, required, structure } from '../shape.ts';
import {
  recordDistributionStrategy,
  recordSizeKiB,
  streamModeDetails,
  streamName,
  tags,
} from '../shapes.ts';

export const createStream = operation('CreateStream', {
  input: structure({
    StreamName: required(streamName),
    ShardCount: integer({ min: 1, max: 100_000 }),
    StreamModeDetails: streamModeDetails,
    Tags: tags,
    RecordDistributionStrategy: recordDistributionStrategy,
    WarmThroughputMiBps: integer({ min: 0 }),
    MaxRecordSizeInKiB: recordSizeKiB,
  }),
  output: structure({}),
});

export type CreateStreamInput = Infer<typeof createStream.input>;
