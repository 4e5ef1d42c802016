/** One answer about a shard, whether it was asked for or pushed. */
import type { GetRecordsOutput } from '../kinesis/operations/getRecords.ts';
import type { SubscribeToShardEvent } from '../kinesis/subscribeToShardEvent.ts';

export interface ShardPage extends GetRecordsOutput {
  /** Behind all that was read; of a page that was pushed. */
  readonly ContinuationSequenceNumber?: string | undefined;
  /** Nothing follows: the shard was read to its end. */
  readonly isEnd: boolean;
}

export const polledPage = (output: GetRecordsOutput): ShardPage => ({
  ...output,
  isEnd: output.NextShardIterator === undefined,
});

export const pushedPage = (event: SubscribeToShardEvent): ShardPage => ({
  ...event,
  isEnd: event.ContinuationSequenceNumber === undefined,
});
