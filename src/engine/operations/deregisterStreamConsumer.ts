/** DeregisterStreamConsumer: DELETING at once, durable before the answer; its subscriptions end. */
import { consumerNotActive } from '../../kinesis/consumerErrors.ts';
import { consumerChange, type FoundConsumer, findConsumer, idOf } from '../consumers.ts';
import type { Handler } from '../engineParts.ts';

/** @source guessed: one in DELETING is refused. */
export const deregisterStreamConsumer: Handler<'DeregisterStreamConsumer'> = async (
  engine,
  call,
) => {
  let found: FoundConsumer | undefined;
  await engine.catalog.update(() => {
    found = findConsumer(engine, call);
    const { consumer } = found;
    if (consumer.status === 'DELETING')
      throw consumerNotActive(idOf(found), consumer.createdSeconds);
    return [consumerChange(found, { ...consumer, status: 'DELETING' })];
  });
  engine.consumerStates.start(found!.stream.id, found!.consumer.name);
  return {};
};
