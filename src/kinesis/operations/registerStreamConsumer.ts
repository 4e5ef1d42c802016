/** RegisterStreamConsumer: a consumer with a read throughput of its own. @source documented */
import { type Infer, operation, required, structure } from '../shape.ts';
import { consumer, consumerName, streamArn, streamId, tags } from '../shapes.ts';

export const registerStreamConsumer = operation('RegisterStreamConsumer', {
  input: structure({
    StreamARN: required(streamArn),
    ConsumerName: required(consumerName),
    StreamId: streamId,
    Tags: tags,
  }),
  output: structure({ Consumer: required(consumer) }),
});

export type RegisterStreamConsumerInput = Infer<typeof registerStreamConsumer.input>;
