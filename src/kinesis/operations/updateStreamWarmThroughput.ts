/** UpdateStreamWarmThroughput: what an on-demand stream takes at once, without scaling up first. @source documented */
import { type Infer, integer, operation, required, structure } from '../shape.ts';
import { streamArn, streamMembers, streamName, warmThroughput } from '../shapes.ts';

export const updateStreamWarmThroughput = operation('UpdateStreamWarmThroughput', {
  input: structure({ ...streamMembers, WarmThroughputMiBps: required(integer({ min: 0 })) }),
  output: structure({
    StreamARN: streamArn,
    StreamName: streamName,
    WarmThroughput: warmThroughput,
  }),
});

export type UpdateStreamWarmThroughputInput = Infer<typeof updateStreamWarmThroughput.input>;
export type UpdateStreamWarmThroughputOutput = Infer<typeof updateStreamWarmThroughput.output>;
