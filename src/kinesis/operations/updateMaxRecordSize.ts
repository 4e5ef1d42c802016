/** UpdateMaxRecordSize: how large one record with its partition key may be. @source documented */
import { type Infer, operation, required, structure } from '../shape.ts';
import { recordSizeKiB, streamArn, streamId } from '../shapes.ts';

export const updateMaxRecordSize = operation('UpdateMaxRecordSize', {
  input: structure({
    StreamARN: streamArn,
    StreamId: streamId,
    MaxRecordSizeInKiB: required(recordSizeKiB),
  }),
  output: structure({}),
});

export type UpdateMaxRecordSizeInput = Infer<typeof updateMaxRecordSize.input>;
