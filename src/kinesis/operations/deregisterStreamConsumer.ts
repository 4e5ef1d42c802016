/** DeregisterStreamConsumer: ends a consumer and its subscriptions. @source documented */
import { operation, structure } from '../shape.ts';
import { consumerMembers } from '../shapes.ts';

export const deregisterStreamConsumer = operation('DeregisterStreamConsumer', {
  input: structure(consumerMembers),
  output: structure({}),
});
