// Records in log entries: what goes in comes out, whatever the key.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dataStart,
  encodeKey,
  keyLengthAt,
  RecordBytes,
  type RecordContent,
  unpackRecord,
} from '../../src/engine/recordBytes.ts';

const anyKey = fc.string({ unit: 'binary', minLength: 1, maxLength: 256 });
const anyBytes = fc.uint8Array({ maxLength: 300 });

function encode(key: string): Uint8Array {
  const into = new Uint8Array(1100);
  return into.subarray(9, 9 + encodeKey(key, { into, at: 9 }));
}

/** As the log copies it, between other bytes. */
function pack(content: RecordContent): Uint8Array {
  const record = new RecordBytes(content, encode(content.partitionKey).length);
  const target = new Uint8Array(record.length + 4).fill(0xee);
  record.copyTo(target, 2);
  expect([...target.subarray(0, 2), ...target.subarray(-2)]).toEqual(Array(4).fill(0xee));
  const packed = target.subarray(2, -2);
  const dataBytes = packed.length - dataStart(packed, 0);
  expect(record.countedBytes).toBe(dataBytes + keyLengthAt(target, 2));
  expect(dataStart(target, 2)).toBe(dataStart(packed, 0) + 2);
  return packed;
}

describe('RecordBytes', () => {
  it('copyTo() is undone by unpackRecord()', () => {
    const hash = fc.option(fc.uint8Array({ minLength: 16, maxLength: 16 }), { nil: undefined });
    fc.assert(
      fc.property(anyKey, hash, anyBytes, (partitionKey, explicitHashKey, data) => {
        const record = { partitionKey, explicitHashKey, data };
        const unpacked = unpackRecord(pack(record));
        expect(unpacked.partitionKey).toBe(partitionKey);
        expect([...unpacked.data]).toEqual([...data]);
        expect(unpacked.explicitHashKey && [...unpacked.explicitHashKey]).toEqual(
          explicitHashKey && [...explicitHashKey],
        );
      }),
    );
  });

  it('keeps a key that begins with a byte order mark', () => {
    for (const partitionKey of ['\ufeff', '\ufeffkey', '\ufeff\ufeff']) {
      const packed = pack({ partitionKey, data: Uint8Array.of(1) });
      expect(unpackRecord(packed).partitionKey).toBe(partitionKey);
    }
  });
});

describe('encodeKey()', () => {
  it('equals TextEncoder, also for lone surrogates', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 });
    const surrogates = fc.array(fc.integer({ min: 0xd7ff, max: 0xe000 }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.oneof(units, surrogates), (codes) => {
        const text = String.fromCharCode(...codes);
        expect([...encode(text)]).toEqual([...new TextEncoder().encode(text)]);
      }),
      { numRuns: 300 },
    );
  });
});
