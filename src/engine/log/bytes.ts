/** Pieces, little-endian numbers and varints in byte arrays. Numbers are whole, from 0 to 2^53 - 1; no BigInt. */

const TWO_32 = 2 ** 32;

/** Bytes that a varint of `value` takes. */
export function varintLength(value: number): number {
  let length = 1;
  let rest = value;
  for (; rest >= 0x8000_0000; length++) rest = Math.floor(rest / 128);
  for (; rest >= 128; length++) rest >>>= 7;
  return length;
}

/** Seven bits a byte, lowest first, the high bit set on all but the last; returns where it ends. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let end = at;
  let rest = value;
  while (rest >= 0x8000_0000) {
    bytes[end++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  while (rest >= 128) {
    bytes[end++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  bytes[end++] = rest;
  return end;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** One array of all pieces, copied unless it is a single one. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

export function putU64(view: DataView, at: { offset: number; value: number }): void {
  view.setUint32(at.offset, at.value % TWO_32, true);
  view.setUint32(at.offset + 4, Math.floor(at.value / TWO_32), true);
}

/** Above 2^53 - 1 the result is not exact: the caller checks it where it matters. */
export function getU64(view: DataView, offset: number): number {
  return view.getUint32(offset, true) + view.getUint32(offset + 4, true) * TWO_32;
}

/** A place in a byte array that moves on with what is read there. */
export class Cursor {
  readonly bytes: Uint8Array;
  position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.bytes = bytes;
    this.position = position;
  }

  /** NaN when the bytes end within the number or the number has more than 8 bytes. */
  getVarint(): number {
    const first = this.bytes[this.position++];
    if (first === undefined) return Number.NaN;
    return first < 128 ? first : this.getLongVarint(first & 127);
  }

  private getLongVarint(low: number): number {
    let value = low;
    for (let scale = 128; scale <= 2 ** 49; scale *= 128) {
      const byte = this.bytes[this.position++];
      if (byte === undefined) return Number.NaN;
      if (byte < 128) return value + byte * scale;
      value += (byte & 127) * scale;
    }
    return Number.NaN;
  }
}
