/** The hash space of a stream: 0 to 2^128 - 1, as decimal text on the wire and BigInt inside. */
import { md5 } from './md5.ts';

export const hashKeyMax = 2n ** 128n - 1n;

/** Both ends belong to the range. */
export interface HashRange {
  readonly start: bigint;
  readonly end: bigint;
}

const utf8 = new TextEncoder();

/** Where a record with `partitionKey` lands: MD5 of its UTF-8 bytes as one big-endian number. */
export function hashKeyOf(partitionKey: string): bigint {
  return bytesToHashKey(md5(utf8.encode(partitionKey)));
}

/** Sixteen bytes, big endian. */
export function bytesToHashKey(digest: Uint8Array): bigint {
  const view = new DataView(digest.buffer, digest.byteOffset, 16);
  return (view.getBigUint64(0) << 64n) | view.getBigUint64(8);
}

/** 0 to 2^128 - 1 as sixteen bytes, big endian. */
export function hashKeyBytes(key: bigint): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, key >> 64n);
  view.setBigUint64(8, BigInt.asUintN(64, key));
  return bytes;
}

/**
 * The ranges CreateStream makes: steps of floor(2^128 / count), the last range takes the remainder.
 * @source measured
 */
export function evenRanges(count: number): HashRange[] {
  const step = 2n ** 128n / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    start: BigInt(index) * step,
    end: index === count - 1 ? hashKeyMax : BigInt(index + 1) * step - 1n,
  }));
}

/** The new starting hash key that halves `range`: floor((start + end) / 2), as AWS's documents do. */
export function middleOf(range: HashRange): bigint {
  return (range.start + range.end) / 2n;
}

/** The part of the hash space in `range`, 0 to 1. */
export function shareOf(range: HashRange): number {
  return Number(((range.end - range.start + 1n) * 1_000_000n) / 2n ** 128n) / 1_000_000;
}

/** The place of `key` in the hash space, 0 to 1. */
export function placeOf(key: bigint): number {
  return Number((key * 1_000_000n) / 2n ** 128n) / 1_000_000;
}
