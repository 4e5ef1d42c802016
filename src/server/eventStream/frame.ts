/**
 * Messages of `application/vnd.amazon.eventstream`: lengths, headers, payload and two checksums. A frame is
 * closed around a payload that lies in its buffer already, so that nothing large is ever copied.
 */
import { crc32 } from 'node:zlib';
import { assert } from '../../base/assert.ts';

/** Length of the whole, length of the headers, checksum of both. */
const preludeBytes = 12;
const checksumBytes = 4;
/** The type of a header's value that is a text. */
const TEXT = 7;
const nameBytesMax = 0xff;
const valueBytesMax = 0xffff;

/** Frames with the same headers. */
export class FrameKind {
  private readonly headers: Buffer;

  /** Names up to 255 bytes, values up to 65,535. */
  constructor(headers: Readonly<Record<string, string>>) {
    this.headers = Buffer.concat(Object.entries(headers).map(headerBytes));
  }

  /** Where in its buffer a payload has to lie. */
  get payloadAt(): number {
    return preludeBytes + this.headers.length;
  }

  /** Bytes of a frame beside its payload. */
  get bytesAround(): number {
    return this.payloadAt + checksumBytes;
  }

  /** A frame of its own memory; for short ones. */
  frame(payload: Uint8Array): Buffer {
    const whole = Buffer.allocUnsafe(this.bytesAround + payload.length);
    whole.set(payload, this.payloadAt);
    return this.close(whole, payload.length);
  }

  /** The frame around the payload that lies in `whole` from `payloadAt` on: a part of `whole`. */
  close(whole: Buffer, payloadBytes: number): Buffer {
    const { headers } = this;
    const frame = whole.subarray(0, this.bytesAround + payloadBytes);
    frame.writeUInt32BE(frame.length, 0);
    frame.writeUInt32BE(headers.length, 4);
    frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
    frame.set(headers, preludeBytes);
    const end = frame.length - checksumBytes;
    frame.writeUInt32BE(crc32(frame.subarray(0, end)), end);
    return frame;
  }
}

function headerBytes([name, value]: [string, string]): Buffer {
  const nameBytes = Buffer.from(name);
  const valueBytes = Buffer.from(value);
  assert(nameBytes.length <= nameBytesMax, 'a header of a frame has too long a name');
  assert(valueBytes.length <= valueBytesMax, 'a header of a frame is too long');
  const { length } = valueBytes;
  return Buffer.concat([
    Buffer.from([nameBytes.length]),
    nameBytes,
    Buffer.from([TEXT, length >> 8, length & 0xff]),
    valueBytes,
  ]);
}
