/** UpdateStreamMode: from provisioned to on-demand capacity or back; shards are kept. @source documented */
import { type Infer, integer, operation, required, structure } from '../shape.ts';
import { streamArn, streamId, streamModeDetails } from '../shapes.ts';

export const updateStreamMode = operation('UpdateStreamMode', {
  input: structure({
    StreamARN: required(streamArn),
    StreamId: streamId,
    StreamModeDetails: required(streamModeDetails),
    WarmThroughputMiBps: integer({ min: 0 }),
  }),
  output: structure({}),
});

export type UpdateStreamModeInput = Infer<typeof updateStreamMode.input>;
