// Records in log entries: what goes in comes out, whatever the key.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packRecord, unpackRecord, utf8Length } from '../../src/engine/recordBytes.ts';

const anyKey = fc.string({ unit: 'binary', minLength: 1, maxLength: 256 });
const anyBytes = fc.uint8Array({ maxLength: 300 });

describe('packRecord()', () => {
  it('is undone by unpackRecord()', () => {
    const hash = fc.option(fc.uint8Array({ minLength: 16, maxLength: 16 }), { nil: undefined });
    fc.assert(
      fc.property(anyKey, hash, anyBytes, (partitionKey, explicitHashKey, data) => {
        const record = { partitionKey, explicitHashKey, data };
        const unpacked = unpackRecord(packRecord(record));
        expect(unpacked.partitionKey).toBe(partitionKey);
        expect([...unpacked.data]).toEqual([...data]);
        expect(unpacked.explicitHashKey && [...unpacked.explicitHashKey]).toEqual(
          explicitHashKey && [...explicitHashKey],
        );
      }),
    );
  });

  it('copies the data', () => {
    const data = new Uint8Array([1, 2, 3]);
    const packed = packRecord({ partitionKey: 'k', data });
    data.fill(9);
    expect([...unpackRecord(packed).data]).toEqual([1, 2, 3]);
  });
});

describe('utf8Length()', () => {
  it('equals what TextEncoder writes, also for lone surrogates', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 });
    fc.assert(
      fc.property(units, (codes) => {
        const text = String.fromCharCode(...codes);
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
    const surrogates = fc.array(fc.integer({ min: 0xd7ff, max: 0xe000 }), { maxLength: 8 });
    fc.assert(
      fc.property(surrogates, (codes) => {
        const text = String.fromCharCode(...codes);
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });
});
