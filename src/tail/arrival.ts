/** When a record arrived, in epoch milliseconds by the stream's clock; Kinesis may leave it out. */
import type { KinesisRecord } from '../kinesis/shapes.ts';

export const arrivalMsOf = (record: KinesisRecord | undefined): number | undefined =>
  record?.ApproximateArrivalTimestamp?.getTime();
