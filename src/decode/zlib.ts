/**
 * zlib around a record's data. One in about a thousand random payloads has its two bytes of header: the proof
 * is the Adler-32 at its end, or, of a head, that thousands of bytes unpack without an error.
 */
import { inflateSync } from 'node:zlib';
import type { Container } from './container.ts';
import { inflate, type Wrapper } from './inflate.ts';

const wrapper: Wrapper = { run: inflateSync, beginning: 'has the header', checksum: 'Adler-32' };

/** The shortest there is: header, an empty block, Adler-32. */
const bytesMin = 8;
/** A dictionary would be needed, and there is none. */
const dictionaryFlag = 0x20;

/** @source documented: RFC 1950; method 8, a window of 32 KiB at most, the header a multiple of 31. */
function hasHeader(data: Uint8Array): boolean {
  const first = data[0]!;
  if ((first & 0x0f) !== 8 || first >> 4 > 7) return false;
  return (first * 256 + data[1]!) % 31 === 0;
}

export const zlib: Container = {
  name: 'zlib',
  needsProofInside: false,
  claims: (data) => data.length >= bytesMin && hasHeader(data) && (data[1]! & dictionaryFlag) === 0,
  refusal(data) {
    if (data.length < bytesMin) return `has less than ${bytesMin} bytes`;
    if (!hasHeader(data)) return 'the first two bytes are no header of it';
    return 'has the header, which names a dictionary that nobody has';
  },
  open: (data, limits) => inflate(data, { ...limits, wrapper }),
};
