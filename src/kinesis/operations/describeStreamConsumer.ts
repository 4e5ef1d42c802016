/** DescribeStreamConsumer: one consumer, by its ARN or by its name on a stream. @source documented */
import { operation, required, structure } from '../shape.ts';
import { consumerDescription, consumerMembers } from '../shapes.ts';

export const describeStreamConsumer = operation('DescribeStreamConsumer', {
  input: structure(consumerMembers),
  output: structure({ ConsumerDescription: required(consumerDescription) }),
});
