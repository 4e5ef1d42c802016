/**
 * Base64 around a record's data, as comes of encoding twice. Any word may be Base64: it is believed only of data
 * that another decoder proves, so only the beginnings that these have are looked at.
 */
import type { Container, Opened, OpenLimits } from './container.ts';
import { counted } from './wording.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const notLetter = 64;
const values = new Uint8Array(256).fill(notLetter);
for (let value = 0; value < 64; value++) values[letters.charCodeAt(value)] = value;

/** Shorter texts are too easily words. */
const bytesMin = 8;
const lineFeed = 10;
const carriageReturn = 13;
const padding = 0x3d;

/** What `{`, `[`, a zlib header, gzip and a KPL aggregate begin with. */
function isProvableStart(data: Uint8Array): boolean {
  const second = values[data[1]!]!;
  switch (data[0]) {
    case 0x65: // e: 0x78 of zlib, or {
      return second < 16 || (second >= 48 && second < notLetter);
    case 0x57: // W: [
      return second >= 48 && second < notLetter;
    case 0x48: // H4sI
      return data[1] === 0x34 && data[2] === 0x73 && data[3] === 0x49;
    case 0x38: // 84ma
      return data[1] === 0x34 && data[2] === 0x6d && data[3] === 0x61;
    default:
      return false;
  }
}

export const base64: Container = {
  name: 'base64',
  needsProofInside: true,
  claims: (data) => data.length >= bytesMin && isProvableStart(data),
  refusal: (data) =>
    data.length < bytesMin
      ? `has less than ${bytesMin} bytes`
      : 'does not begin as Base64 of anything that could be proven',
  open,
};

function open(data: Uint8Array, { bytesMax, enoughBytes, isHead }: OpenLimits): Opened {
  const end = isHead ? data.length : trimmedEnd(data);
  const all = Math.ceil((end * 3) / 4);
  const into = new Uint8Array(all <= bytesMax ? all : enoughBytes || bytesMax);
  const { count, at, bits } = decode(data.subarray(0, end), into);
  const isWhole = at === end && bits === 0;
  const isCut = count === into.length && at < end;
  if (!isWhole && !isCut && !(isHead && at === end)) {
    return { outcome: 'notThis', why: `no Base64: the letters end at ${at}` };
  }
  const why = `${counted(end, 'letter')} of Base64, and what they stand for is proven`;
  return { outcome: 'read', data: into.subarray(0, count), isPart: isHead || isCut, why };
}

/** Before the padding and the line break at the end. */
function trimmedEnd(data: Uint8Array): number {
  let end = data.length;
  while (end > 0 && (data[end - 1] === lineFeed || data[end - 1] === carriageReturn)) end--;
  const padded = end;
  while (end > 0 && padded - end < 2 && data[end - 1] === padding) end--;
  return end;
}

/** Decodes until something is no letter or `into` is full. `bits`: of a last letter that fill no byte. */
function decode(data: Uint8Array, into: Uint8Array): { count: number; at: number; bits: number } {
  let count = 0;
  let at = 0;
  let bits = 0;
  let held = 0;
  for (; at < data.length; at++) {
    const byte = data[at]!;
    const value = values[byte]!;
    if (value === notLetter) {
      if (byte === lineFeed || byte === carriageReturn) continue;
      break;
    }
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits < 8) continue;
    if (count === into.length) break;
    bits -= 8;
    into[count++] = held >> bits;
  }
  // Two or four bits are left after the last letter of a group; they must be zero.
  const isRest = bits === 6 || (held & ((1 << bits) - 1)) !== 0;
  return { count, at, bits: isRest ? bits : 0 };
}
