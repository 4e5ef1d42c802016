/** gzip around a record's data, proven by its magic number, its CRC-32 and its length. */
import { gunzipSync, inflateRawSync } from 'node:zlib';
import type { Container } from './container.ts';
import { headerEnd, provenMembers } from './gzipMembers.ts';
import { inflate, type Wrapper } from './inflate.ts';
import { beginsOtherwise } from './wording.ts';

const wrapper: Wrapper = {
  run: gunzipSync,
  beginning: 'begins with 1f 8b',
  checksum: 'CRC-32',
  beforeOthers: { proven: provenMembers, run: inflateRawSync, start: headerEnd },
};

/** The shortest there is: header, an empty block, CRC-32 and length. */
const bytesMin = 20;

/** @source documented: RFC 1952; the upper three flags are reserved and zero. */
export const gzip: Container = {
  name: 'gzip',
  needsProofInside: false,
  claims: (data) =>
    data[0] === 0x1f &&
    data[1] === 0x8b &&
    data[2] === 8 &&
    (data[3]! & 0xe0) === 0 &&
    data.length >= bytesMin,
  refusal(data) {
    if (data[0] !== 0x1f || data[1] !== 0x8b) return beginsOtherwise(data, '1f 8b');
    if (data.length < bytesMin) return `begins with 1f 8b, but has less than ${bytesMin} bytes`;
    return 'begins with 1f 8b, but the method or the flags after it do not exist';
  },
  open: (data, limits) => inflate(data, { ...limits, wrapper }),
};
