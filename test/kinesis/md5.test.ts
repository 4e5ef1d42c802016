// Our MD5 against Node's, and where known partition keys land.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashKeyOf } from '../../src/kinesis/hashKey.ts';
import { md5 } from '../../src/kinesis/md5.ts';

const native = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

describe('md5()', () => {
  it('equals node:crypto for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(Buffer.from(md5(bytes)).toString('hex')).toBe(native(bytes));
      }),
    );
  });

  it('equals node:crypto for every length around a block, also twice in a row', () => {
    for (let length = 0; length < 200; length++) {
      const bytes = new Uint8Array(length).fill(length);
      expect(Buffer.from(md5(bytes)).toString('hex')).toBe(native(bytes));
    }
  });
});

describe('hashKeyOf()', () => {
  it('hashes the key in UTF-8 as one big-endian number', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (key) => {
        expect(hashKeyOf(key)).toBe(BigInt(`0x${native(new TextEncoder().encode(key))}`));
      }),
    );
  });
});
