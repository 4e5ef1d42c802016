/** The frames of a subscription as they came over the wire, read by the SDK's own decoder. */
import { EventStreamCodec } from '@smithy/core/event-streams';
import { fromUtf8, toUtf8 } from '@smithy/core/serde';
import type { RawAnswer } from '../server/support/rawHttp.ts';
import type { RawCodec } from './rawCodecs.ts';

const frames = new EventStreamCodec(toUtf8, fromUtf8);

interface Frame {
  readonly type: unknown;
  readonly contentType: unknown;
  readonly body: Buffer;
}

/** Of an answer that has ended. */
export function framesOf({ bytes }: RawAnswer): Frame[] {
  const found: Frame[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    const { headers, body } = frames.decode(bytes.subarray(at, at + bytes.readUInt32BE(at)));
    const type = headers[':event-type']?.value;
    found.push({ type, contentType: headers[':content-type']?.value, body: Buffer.from(body) });
  }
  return found;
}

/** What the events say, without the first frame, which says nothing. */
export const eventsOf = (answer: RawAnswer, codec: RawCodec): unknown[] =>
  framesOf(answer)
    .slice(1)
    .map(({ body }) => {
      const read = { bytes: body, json: () => JSON.parse(body.toString()) };
      return codec.read(read as RawAnswer);
    });
