/**
 * Writes an event of a subscription into one buffer, its records as those of a page. Equal to what the
 * general way writes.
 */
import {
  type SubscribeToShardEvent,
  subscribeToShardEvent,
} from '../../kinesis/subscribeToShardEvent.ts';
import { encoderOf } from './encode.ts';
import { pageBytes } from './pageBytes.ts';

const encodeRest = encoderOf(subscribeToShardEvent) as (
  value: Partial<SubscribeToShardEvent>,
) => string;

/** `take`: a buffer of that many bytes or more. The event begins where it begins. */
export function eventBytes(event: SubscribeToShardEvent, take: (bytes: number) => Buffer): Buffer {
  const { Records, ...rest } = event;
  // Numbers and ids: no character of several bytes, and never without MillisBehindLatest.
  const following = `,${encodeRest(rest).slice(1)}`;
  let buffer: Buffer = Buffer.alloc(0);
  const records = pageBytes({ Records }, (bytes) => {
    buffer = take(bytes + following.length);
    return buffer;
  });
  const at = records.length - 1;
  return buffer.subarray(0, at + buffer.latin1Write(following, at));
}
