/** DeleteStream: DELETING at once, durable before the answer; gone with its records after the delay. */
import { streamHasConsumers } from '../../kinesis/consumerErrors.ts';
import { streamNotActive } from '../../kinesis/errors.ts';
import { consumersOf } from '../consumers.ts';
import { findStream, type Handler } from '../engineParts.ts';
import { checkTransitions } from '../quotas.ts';
import type { StreamEntry } from '../streamEntry.ts';

/** The states in which a stream may be deleted. @source measured; guessed: that UPDATING and DELETING are none. */
const deletable: ReadonlySet<StreamEntry['status']> = new Set(['ACTIVE', 'CREATING']);

export const deleteStream: Handler<'DeleteStream'> = async (engine, call) => {
  let id = '';
  await engine.catalog.update(() => {
    const stream = findStream(engine, call);
    engine.streams.checkWhole(stream.id);
    if (!deletable.has(stream.status)) throw streamNotActive(stream, stream.status);
    const isForced = call.input.EnforceConsumerDeletion === true;
    if (!isForced && consumersOf(stream).length > 0) throw streamHasConsumers(stream);
    if (stream.status === 'ACTIVE') {
      const asked = { operation: 'DeleteStream', scope: call.scope } as const;
      engine.callLimits.underQuota(asked, () => checkTransitions(engine, stream));
    }
    id = stream.id;
    return [{ type: 'change', id, set: { status: 'DELETING' }, pending: { kind: 'delete' } }];
  });
  engine.transitions.start(id);
  return {};
};
