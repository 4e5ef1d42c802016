/** RegisterStreamConsumer: CREATING at once, durable before the answer; ACTIVE after the delay. */
import {
  consumerExists,
  consumersBeingCreated,
  tooManyConsumers,
} from '../../kinesis/consumerErrors.ts';
import { streamNotActive } from '../../kinesis/errors.ts';
import { consumersCreatingMax, consumersPerStreamMax } from '../../kinesis/limits.ts';
import { consumerChange, consumersOf, type FoundConsumer, shownConsumer } from '../consumers.ts';
import { type Call, type EngineParts, findStream, type Handler } from '../engineParts.ts';
import type { ConsumerEntry, StreamEntry } from '../streamEntry.ts';
import { resourceTagRules, withTags } from '../tags.ts';

export const registerStreamConsumer: Handler<'RegisterStreamConsumer'> = async (engine, call) => {
  let made: FoundConsumer | undefined;
  await engine.catalog.update(() => {
    const stream = check(engine, call);
    const { Tags: added = {} } = call.input;
    const consumer: ConsumerEntry = {
      name: call.input.ConsumerName,
      createdSeconds: Math.floor(engine.ports.clock.now() / 1000),
      status: 'CREATING',
      tags: withTags({ id: stream, tags: [] }, { added, rules: resourceTagRules }),
    };
    made = { stream, consumer };
    return [consumerChange(made, consumer)];
  });
  const { stream, consumer } = made!;
  engine.consumerStates.start(stream.id, consumer.name);
  return { Consumer: shownConsumer(stream, consumer) };
};

/** @source guessed: their order. */
function check(engine: EngineParts, call: Call<'RegisterStreamConsumer'>): StreamEntry {
  const { input, scope } = call;
  const stream = findStream(engine, call);
  engine.streams.checkWhole(stream.id);
  if (stream.status === 'CREATING' || stream.status === 'DELETING') {
    throw streamNotActive(stream, stream.status);
  }
  const id = { stream, consumer: input.ConsumerName };
  const consumers = consumersOf(stream);
  if (consumers.some(({ name }) => name === input.ConsumerName)) throw consumerExists(id);
  const asked = { operation: 'RegisterStreamConsumer', scope } as const;
  engine.callLimits.underQuota(asked, () => {
    const creating = consumers.filter(({ status }) => status === 'CREATING');
    if (creating.length >= consumersCreatingMax) {
      throw consumersBeingCreated(id, consumersCreatingMax);
    }
    if (consumers.length >= consumersPerStreamMax)
      throw tooManyConsumers(id, consumersPerStreamMax);
  });
  return stream;
}
