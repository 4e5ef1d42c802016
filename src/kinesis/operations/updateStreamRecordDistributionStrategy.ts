/** UpdateStreamRecordDistributionStrategy: whether keys say where new records of an on-demand stream go. @source documented */
import { type Infer, operation, required, structure } from '../shape.ts';
import { recordDistributionStrategy, streamArn, streamId } from '../shapes.ts';

export const updateStreamRecordDistributionStrategy = operation(
  'UpdateStreamRecordDistributionStrategy',
  {
    input: structure({
      StreamARN: required(streamArn),
      StreamId: streamId,
      RecordDistributionStrategy: required(recordDistributionStrategy),
    }),
    output: structure({}),
  },
);

export type UpdateStreamRecordDistributionStrategyInput = Infer<
  typeof updateStreamRecordDistributionStrategy.input
>;
