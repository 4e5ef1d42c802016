// Records made in bulk are those that the plain forms make, whatever the keys.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unpackRecord } from '../../src/engine/recordBytes.ts';
import { recordsOf } from '../../src/engine/recordPage.ts';
import { packedLength, packRecords } from '../../src/kinesis/packedRecords.ts';
import { recordNumber } from '../../src/kinesis/recordNumbers.ts';

const shard = { index: 7, parents: [], createdSeconds: 1_700_000_000, startKey: 0 };
const range = { start: 0n, end: 5n };
const entry = fc.record({
  key: fc.maxSafeNat(),
  timeMs: fc.integer({ min: 1_699_999_999_000, max: 1_700_000_002_000 }),
  partitionKey: fc.oneof(
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 256 }),
  ),
  explicitHashKey: fc.option(fc.uint8Array({ minLength: 16, maxLength: 16 }), { nil: undefined }),
  data: fc.uint8Array({ maxLength: 40 }),
});

test('recordsOf() equals number, key and data one by one, over several blocks', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 150, size: 'max' }), (contents) => {
      const entries = contents.map(({ key, timeMs, ...content }) => {
        const length = new TextEncoder().encode(content.partitionKey).length;
        const { bytes } = packRecords([content], packedLength(content, length));
        return { key, timeMs, bytes };
      });
      const records = recordsOf(entries, { ...shard, range });
      expect(records).toEqual(
        entries.map(({ key, timeMs, bytes }) => ({
          SequenceNumber: recordNumber({ ...shard }, { key, timeMs }),
          ApproximateArrivalTimestamp: new Date(timeMs),
          Data: unpackRecord(bytes).data,
          PartitionKey: unpackRecord(bytes).partitionKey,
        })),
      );
    }),
    { numRuns: 60 },
  );
});
