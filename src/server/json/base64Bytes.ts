/** Writes base64 into bytes, without a text in between where that is cheaper. Equal to Node's own. */

/** From here on Node's own way, with a call or two for each, is sooner done. */
const longBytesMin = 384;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Two characters for every twelve bits, the first in the lower byte. */
const pairs = Uint16Array.from({ length: 4096 }, (_, bits) => {
  return alphabet.charCodeAt(bits >>> 6) | (alphabet.charCodeAt(bits & 63) << 8);
});
const padding = 0x3d;

export interface Source {
  readonly bytes: Uint8Array;
  /** Of the same bytes. */
  readonly view: DataView;
  readonly start: number;
  readonly end: number;
}

export interface Target {
  readonly buffer: Buffer;
  readonly view: DataView;
  readonly at: number;
}

const toBase64 = Buffer.prototype.base64Slice as (this: Uint8Array, s: number, e: number) => string;

/** Returns where it ends. There must be four bytes for each three begun. */
export function writeBase64({ bytes, view, start, end }: Source, to: Target): number {
  if (end - start >= longBytesMin) {
    return to.at + to.buffer.latin1Write(toBase64.call(bytes, start, end), to.at);
  }
  let { at } = to;
  let from = start;
  for (; from + 6 <= end; from += 6, at += 8) {
    // the four bytes from here on, and the four that end the six
    const first = view.getInt32(from) >>> 8;
    const second = view.getInt32(from + 2) & 0xff_ffff;
    to.view.setInt32(at, quadOf(first), true);
    to.view.setInt32(at + 4, quadOf(second), true);
  }
  if (from + 3 <= end) {
    const bits = (bytes[from]! << 16) | (bytes[from + 1]! << 8) | bytes[from + 2]!;
    to.view.setInt32(at, quadOf(bits), true);
    from += 3;
    at += 4;
  }
  return from === end ? at : writeRest(bytes.subarray(from, end), { buffer: to.buffer, at });
}

/** Four characters of 24 bits. */
const quadOf = (bits: number): number => pairs[bits >>> 12]! | (pairs[bits & 4095]! << 16);

/** The last byte or two, padded. */
function writeRest(
  [first = 0, second]: Uint8Array,
  { buffer, at }: { buffer: Buffer; at: number },
): number {
  const bits = (first << 16) | ((second ?? 0) << 8);
  const [high, low] = [pairs[bits >>> 12]!, pairs[bits & 4095]!];
  buffer[at] = high & 255;
  buffer[at + 1] = high >>> 8;
  buffer[at + 2] = second === undefined ? padding : low & 255;
  buffer[at + 3] = padding;
  return at + 4;
}
