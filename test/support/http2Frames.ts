// Frames of HTTP/2 as a test has them, right or wrong.
import { preface } from '../../src/server/http2/frames.ts';

export type RawHeaders = readonly (readonly [string, string])[];

export interface Frame {
  readonly type: number;
  readonly flags?: number;
  readonly stream?: number;
  readonly payload?: Buffer | string;
}

/** A frame of any kind; a payload that is a text has one character for each byte. */
export function frame({ type, flags = 0, stream = 0, payload = '' }: Frame): Buffer {
  const bytes = Buffer.from(payload as string, 'latin1');
  const head = Buffer.alloc(9);
  head.writeUIntBE(bytes.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, bytes]);
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
