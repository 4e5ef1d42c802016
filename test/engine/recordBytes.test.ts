// Records in log entries: what goes in comes out, whatever the key.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataStart, keyLength, unpackRecord } from '../../src/engine/recordBytes.ts';
import {
  encodeKey,
  packedLength,
  packRecords,
  type RecordContent,
} from '../../src/kinesis/packedRecords.ts';

const anyKey = fc.string({ unit: 'binary', minLength: 1, maxLength: 256 });
const anyBytes = fc.uint8Array({ maxLength: 300 });

function encode(key: string): Uint8Array {
  const into = new Uint8Array(1100);
  return into.subarray(9, 9 + encodeKey(key, { into, at: 9 }));
}

const lengthOf = (content: RecordContent): number =>
  packedLength(content, encode(content.partitionKey).length);

/** One behind the other, each as a view. */
function pack(...contents: RecordContent[]): Uint8Array[] {
  const sum = contents.reduce((bytes, content) => bytes + lengthOf(content), 0);
  const packed = packRecords(contents, sum);
  expect([packed.count, packed.ends.at(-1)]).toEqual([contents.length, sum]);
  return packed.ends.map((end, place) => {
    const start = place === 0 ? 0 : packed.ends[place - 1]!;
    const record = packed.bytes.subarray(start, end);
    const dataBytes = record.length - dataStart(record, 0);
    expect(dataStart(packed.bytes, start)).toBe(start + dataStart(record, 0));
    expect(packed.countedBytes(start, end)).toBe(dataBytes + keyLength(record));
    return record;
  });
}

describe('packRecords()', () => {
  it('is undone by unpackRecord()', () => {
    const hash = fc.option(fc.uint8Array({ minLength: 16, maxLength: 16 }), { nil: undefined });
    const content = fc.record({ partitionKey: anyKey, explicitHashKey: hash, data: anyBytes });
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 4 }), (contents) => {
        expect(pack(...contents).map(unpackRecord)).toEqual(contents);
      }),
    );
  });

  it('keeps a key that begins with a byte order mark', () => {
    for (const partitionKey of ['\ufeff', '\ufeffkey', '\ufeff\ufeff']) {
      const [packed] = pack({ partitionKey, data: Uint8Array.of(1) });
      expect(unpackRecord(packed!).partitionKey).toBe(partitionKey);
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
