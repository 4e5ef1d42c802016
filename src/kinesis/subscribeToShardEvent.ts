/** What a subscription to a shard is told, event by event. @source documented */
import { type Infer, list, long, required, structure } from './shape.ts';
import { childShard, record, sequenceNumber } from './shapes.ts';

export const subscribeToShardEvent = structure({
  /** Empty in an event that only says how far the subscription has come. */
  Records: required(list(record)),
  /** Absent in the last event of a closed shard, and only there. @source measured */
  ContinuationSequenceNumber: sequenceNumber,
  MillisBehindLatest: required(long()),
  /** In the last event of a closed shard. */
  ChildShards: list(childShard),
});
export type SubscribeToShardEvent = Infer<typeof subscribeToShardEvent>;
