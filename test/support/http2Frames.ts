// Frames of HTTP/2 as a test has them, right or wrong.
import { headBytes, preface } from '../../src/server/http2/frames.ts';

export type RawHeaders = readonly (readonly [string, string])[];

export interface Frame {
  readonly type: number;
  readonly flags?: number;
  readonly stream?: number;
  readonly payload?: Buffer | string;
}

/** A frame of any kind; a payload that is a text has one character for each byte. */
export function frame({ type, flags = 0, stream = 0, payload = '' }: Frame): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  if (typeof payload === 'string') bytes.latin1Write(payload, headBytes);
  else bytes.set(payload, headBytes);
  return bytes;
}

export interface ReceivedFrame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  /** A view of what was received. */
  readonly payload: Buffer;
}

/** Calls `take` with each whole frame; returns what is left behind them. */
export function eachFrame(bytes: Buffer, take: (frame: ReceivedFrame) => void): Buffer {
  let at = 0;
  while (bytes.length - at >= headBytes) {
    const end = at + headBytes + bytes.readUIntBE(at, 3);
    if (end > bytes.length) break;
    const payload = bytes.subarray(at + headBytes, end);
    const stream = bytes.readUInt32BE(at + 5);
    take({ type: bytes[at + 3]!, flags: bytes[at + 4]!, stream, payload });
    at = end;
  }
  return bytes.subarray(at);
}

export const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

export const setting = (id: number, value: number): Buffer =>
  Buffer.concat([Buffer.from([0, id]), word(value)]);

/** Headers that are neither compressed nor kept; texts of up to 126 characters. */
export const block = (headers: RawHeaders): Buffer =>
  Buffer.concat(
    headers.map(([name, value]) =>
      Buffer.from(
        `\0${String.fromCharCode(name.length)}${name}${String.fromCharCode(value.length)}${value}`,
        'latin1',
      ),
    ),
  );

/** What a client says first. */
export const opening = (settings: Buffer | string = ''): Buffer =>
  Buffer.concat([Buffer.from(preface), frame({ type: 4, payload: settings })]);
