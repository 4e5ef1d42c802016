/**
 * The gzip members that stand before other bytes, one by one. Node unpacks several of them at once, but takes any
 * byte behind them for one more, and fails.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { informed, isTooLarge, type Unpacked } from './inflate.ts';

/** As many are unpacked so; those that follow are left out. */
const membersMax = 16;
/** @source documented: RFC 1952 */
const fixedBytes = 10;
const trailerBytes = 8;
const flags = { headerCrc: 2, extra: 4, name: 8, comment: 16 };

/** What the first members hold, each proven by its CRC-32 and its length; throws when the first one is not, or all are too much. */
export function provenMembers(data: Uint8Array, bytesMax: number): Unpacked {
  const first = memberAt(data, bytesMax);
  const buffers = [first.buffer];
  let { consumed } = first;
  let room = bytesMax - first.buffer.length;
  while (buffers.length < membersMax) {
    const next = nextMember(data.subarray(consumed), Math.max(1, room));
    if (!next) break;
    buffers.push(next.buffer);
    consumed += next.consumed;
    room -= next.buffer.length;
  }
  return { buffer: Buffer.concat(buffers), consumed };
}

function nextMember(data: Uint8Array, bytesMax: number): Unpacked | undefined {
  if (data[0] !== 0x1f || data[1] !== 0x8b || data[2] !== 8) return undefined;
  try {
    return memberAt(data, bytesMax);
  } catch (thrown) {
    if (isTooLarge(thrown)) throw thrown;
    return undefined;
  }
}

function memberAt(data: Uint8Array, bytesMax: number): Unpacked {
  const start = headerEnd(data);
  const packed = data.subarray(start);
  const { buffer, consumed } = informed(
    inflateRawSync(packed, { maxOutputLength: bytesMax, info: true }),
  );
  const end = start + consumed;
  if (data.length < end + trailerBytes) throw new Error('unexpected end of file');
  const trailer = new DataView(data.buffer, data.byteOffset + end, trailerBytes);
  const isProven =
    trailer.getUint32(0, true) === crc32(buffer) &&
    trailer.getUint32(4, true) === buffer.length % 2 ** 32;
  if (!isProven) throw new Error('incorrect data check');
  return { buffer, consumed: end + trailerBytes };
}

/** Where the deflated data of the first member begins; past the data when the header does not end. */
export function headerEnd(data: Uint8Array): number {
  const has = (flag: number): boolean => (data[3]! & flag) !== 0;
  let at = fixedBytes;
  if (has(flags.extra)) at += 2 + (data[at] ?? 0) + 256 * (data[at + 1] ?? 0);
  for (const flag of [flags.name, flags.comment]) {
    if (!has(flag)) continue;
    const end = data.indexOf(0, at);
    at = end < 0 ? data.length : end + 1;
  }
  return has(flags.headerCrc) ? at + 2 : at;
}
