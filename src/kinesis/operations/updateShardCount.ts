/** UpdateShardCount: splits and merges until the stream has the target's number of open shards. @source documented */
import { type Infer, integer, oneOf, operation, required, structure } from '../shape.ts';
import { streamArn, streamMembers, streamName } from '../shapes.ts';

export const updateShardCount = operation('UpdateShardCount', {
  input: structure({
    ...streamMembers,
    TargetShardCount: required(integer({ min: 1, max: 100_000 })),
    ScalingType: required(oneOf('UNIFORM_SCALING')),
  }),
  output: structure({
    StreamName: streamName,
    CurrentShardCount: integer(),
    TargetShardCount: integer(),
    StreamARN: streamArn,
  }),
});

export type UpdateShardCountInput = Infer<typeof updateShardCount.input>;
export type UpdateShardCountOutput = Infer<typeof updateShardCount.output>;
