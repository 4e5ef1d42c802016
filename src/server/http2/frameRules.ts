/** What every frame of a kind must be (RFC 9113, section 6), whatever has come before it. */
import { ConnectionError, errorCodes, type FrameHead, flags, frameTypes } from './frames.ts';

interface Rule {
  readonly name: string;
  /** True: it is of a stream; false: of the connection; undefined: of either. */
  readonly isOfStream?: boolean;
  /** Of the payload, in bytes. */
  readonly length?: number;
  readonly lengthMin?: number;
  /** Its payload has a whole number of so many bytes. */
  readonly step?: number;
}

const acknowledgement: Rule = { name: 'SETTINGS', isOfStream: false, length: 0 };

const rules: ReadonlyMap<number, Rule> = new Map<number, Rule>([
  [frameTypes.data, { name: 'DATA', isOfStream: true }],
  [frameTypes.headers, { name: 'HEADERS', isOfStream: true }],
  [frameTypes.priority, { name: 'PRIORITY', isOfStream: true, length: 5 }],
  [frameTypes.resetStream, { name: 'RST_STREAM', isOfStream: true, length: 4 }],
  [frameTypes.settings, { name: 'SETTINGS', isOfStream: false, step: 6 }],
  [frameTypes.ping, { name: 'PING', isOfStream: false, length: 8 }],
  [frameTypes.goAway, { name: 'GOAWAY', isOfStream: false, lengthMin: 8 }],
  [frameTypes.windowUpdate, { name: 'WINDOW_UPDATE', length: 4 }],
  [frameTypes.continuation, { name: 'CONTINUATION', isOfStream: true }],
]);

/** Throws ConnectionError. */
export function checkFrame({ type, flags: bits, stream, length }: FrameHead): void {
  const isAck = type === frameTypes.settings && (bits & flags.ack) !== 0;
  const rule = isAck ? acknowledgement : rules.get(type);
  if (!rule) return;
  const { name, isOfStream, step = 1, lengthMin = 0 } = rule;
  if (isOfStream !== undefined && isOfStream !== stream > 0) {
    const what = isOfStream ? 'without a stream' : 'of a stream';
    throw new ConnectionError(errorCodes.protocol, `${name} ${what}`);
  }
  const isRight = length === (rule.length ?? length) && length >= lengthMin && length % step === 0;
  if (isRight) return;
  throw new ConnectionError(errorCodes.frameSize, `a ${name} frame of the wrong length`);
}

const priorityBytes = 5;

/** A payload without its padding, and HEADERS without a priority. Throws ConnectionError. */
export function unpadded({ type, flags: bits }: FrameHead, payload: Buffer): Buffer {
  const isPadded = (bits & flags.padded) !== 0;
  const hasPriority = type === frameTypes.headers && (bits & flags.priority) !== 0;
  const from = Number(isPadded) + (hasPriority ? priorityBytes : 0);
  const to = payload.length - (isPadded ? (payload[0] ?? 0) : 0);
  if (from > to) throw new ConnectionError(errorCodes.protocol, 'more padding than payload');
  return payload.subarray(from, to);
}
