/** UpdateStreamRecordDistributionStrategy: holds from the answer on; the stream stays ACTIVE. */
import { streamNotActive } from '../../kinesis/errors.ts';
import { checkDistribution } from '../distribution.ts';
import { findStream, type Handler } from '../engineParts.ts';

/** @source documented: that it holds at once; guessed: the state's place among the checks. */
export const updateStreamRecordDistributionStrategy: Handler<
  'UpdateStreamRecordDistributionStrategy'
> = async (engine, call) => {
  const { RecordDistributionStrategy: distribution } = call.input;
  await engine.catalog.update(() => {
    const stream = findStream(engine, call);
    checkDistribution(stream, distribution);
    if (stream.status !== 'ACTIVE') throw streamNotActive(stream, stream.status);
    if ((stream.distribution ?? 'USER_PARTITION_KEY') === distribution) return [];
    return [{ type: 'change', id: stream.id, set: { distribution } }];
  });
  return {};
};
