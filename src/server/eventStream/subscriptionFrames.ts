/**
 * The frames of a subscription to a shard, in the encoding that its client asked in. It makes frames and
 * must never know when they are due: that is the subscription's.
 */
import { kmsExceptions } from '../../kinesis/encryptionErrors.ts';
import type { SubscribeToShardEvent } from '../../kinesis/subscribeToShardEvent.ts';
import type { Codec } from '../codec.ts';
import { FrameKind } from './frame.ts';

/** Of the answer that the frames are the body of. */
export const eventStreamType = 'application/vnd.amazon.eventstream';

/** What a stream may end with by its model; anything else is an unmodelled error. @source documented */
const modelled: ReadonlySet<string> = new Set([
  ...kmsExceptions,
  'InternalFailureException',
  'ResourceInUseException',
  'ResourceNotFoundException',
]);

/** Of a text in a header, whose bytes may be three times as many. */
const headerCharactersMax = 16_384;

export class SubscriptionFrames {
  private readonly codec: Codec;
  private readonly events: FrameKind;

  /**
   * `codec`: the request's. Payloads say its content type in `:content-type`. @source guessed: for CBOR;
   * the SDKs go by the request.
   */
  constructor(codec: Codec) {
    this.codec = codec;
    this.events = this.kindOf('SubscribeToShardEvent');
  }

  /** The first frame, without which some clients wait. @source documented */
  initialResponse(): Buffer {
    return this.kindOf('initial-response').frame(this.codec.encodeMembers({}));
  }

  /**
   * One event in one buffer, its records' data encoded into their place. `take`: a buffer of that many
   * bytes or more; the frame is a part of it.
   */
  event(event: SubscribeToShardEvent, take: (bytes: number) => Buffer): Buffer {
    const { payloadAt, bytesAround } = this.events;
    let whole: Buffer = Buffer.alloc(0);
    const payload = this.codec.encodeEvent(event, (bytes) => {
      whole = take(bytes + bytesAround);
      return whole.subarray(payloadAt);
    });
    return this.events.close(whole, payload.length);
  }

  /** The last frame of a stream that fails: an exception of its model, or else an error. */
  failure({ name, message }: Pick<Error, 'name' | 'message'>): Buffer {
    const type = name === 'InternalFailure' ? 'InternalFailureException' : name;
    if (!modelled.has(type)) return errorFrame(type, message);
    const kind = new FrameKind({
      ':message-type': 'exception',
      ':exception-type': type,
      ':content-type': this.codec.contentType,
    });
    return kind.frame(this.codec.encodeMembers({ message }));
  }

  private kindOf(event: string): FrameKind {
    return new FrameKind({
      ':message-type': 'event',
      ':event-type': event,
      ':content-type': this.codec.contentType,
    });
  }
}

/** @source documented: by the protocol of event streams, not by Kinesis. */
function errorFrame(code: string, message: string): Buffer {
  const kind = new FrameKind({
    ':message-type': 'error',
    ':error-code': code,
    ':error-message': message.slice(0, headerCharactersMax),
  });
  return kind.frame(new Uint8Array());
}
