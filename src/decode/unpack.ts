/** gzip and zlib around a record's data, always with a bound on what comes out. */
import { constants, gunzipSync, inflateSync } from 'node:zlib';

export interface Unpacked {
  readonly data: Uint8Array;
  /** Undefined when the data was not packed, or could not be unpacked. */
  readonly packing?: 'gzip' | 'zlib';
  /** True when `data` is only the beginning. */
  readonly isPart: boolean;
  /** A step in words; absent when the data does not look packed. */
  readonly step?: string;
}

/** The most that is unpacked of one record. */
export const unpackedBytesMax = 16 * 1024 * 1024;
/** Packed bytes enough for a preview; deflate packs 1032 to 1 at most, so at most 4 MiB come out. */
const headBytes = 4096;
const headUnpackedMax = 8 * 1024 * 1024;

/** @source documented: RFC 1952 and RFC 1950, whose header is a multiple of 31. */
function packingOf(data: Uint8Array): 'gzip' | 'zlib' | undefined {
  const [first = 0, second = 0] = data;
  if (data.length >= 18 && first === 0x1f && second === 0x8b) return 'gzip';
  const isZlib = (first & 0x0f) === 8 && first >> 4 <= 7 && (first * 256 + second) % 31 === 0;
  return data.length >= 8 && isZlib ? 'zlib' : undefined;
}

/** All of the data when it unpacks to `unpackedBytesMax` or less, else its beginning. */
export function unpack(data: Uint8Array): Unpacked {
  const packing = packingOf(data);
  if (!packing) return { data, isPart: false };
  const run = packing === 'gzip' ? gunzipSync : inflateSync;
  try {
    const whole = run(data, { maxOutputLength: unpackedBytesMax });
    const step = `${packing}, ${bytes(data.length)} to ${bytes(whole.length)}`;
    return { data: whole, packing, isPart: false, step };
  } catch (thrown) {
    if ((thrown as { code?: string }).code !== 'ERR_BUFFER_TOO_LARGE') return broken(data, packing);
    const head = unpackHead(data);
    return {
      ...head,
      step: `${packing}, more than ${bytes(unpackedBytesMax)}: its beginning only`,
    };
  }
}

/** The beginning of the data, cheaply. */
export function unpackHead(data: Uint8Array): Unpacked {
  const packing = packingOf(data);
  if (!packing) return { data, isPart: false };
  const run = packing === 'gzip' ? gunzipSync : inflateSync;
  const isPart = data.length > headBytes;
  const finish = isPart ? { finishFlush: constants.Z_SYNC_FLUSH } : {};
  try {
    const head = data.subarray(0, headBytes);
    return { data: run(head, { maxOutputLength: headUnpackedMax, ...finish }), packing, isPart };
  } catch {
    return broken(data, packing);
  }
}

function broken(data: Uint8Array, packing: string): Unpacked {
  return { data, isPart: false, step: `begins like ${packing}, but does not unpack` };
}

/** `189 B`, `1.5 KiB`, `2.0 MiB` */
export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  if (count < 1024 * 1024) return `${(count / 1024).toFixed(1)} KiB`;
  return `${(count / 1024 / 1024).toFixed(1)} MiB`;
}
