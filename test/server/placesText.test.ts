// The answer to packed records: its text is that of its members, and those are what the plain forms make.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RoutedShard } from '../../src/engine/hashRoutes.ts';
import { type PutRecordsOutput, putRecords } from '../../src/kinesis/operations/putRecords.ts';
import { PlacedRecords } from '../../src/kinesis/placedRecords.ts';
import { recordNumber } from '../../src/kinesis/recordNumbers.ts';
import { cborCodec } from '../../src/server/cbor/codec.ts';
import { encoderOf } from '../../src/server/cbor/encode.ts';
import { jsonCodec } from '../../src/server/json/codec.ts';

const encodeInCbor = encoderOf(putRecords.output) as (output: PutRecordsOutput) => string;
const encodeCbor = (output: PutRecordsOutput): Buffer =>
  Buffer.from(encodeInCbor(output), 'latin1');

const timeMs = 1_700_000_000_500;
const range = { start: 0n, end: 5n };
const shard = fc
  .record({
    index: fc.integer({ min: 0, max: 2_000_000_000 }),
    // A shard may have been created ahead of the clock.
    createdSeconds: fc.integer({ min: 1_600_000_000, max: 1_700_000_002 }),
  })
  .map((entry) => new RoutedShard({ ...entry, range, parents: [], startKey: 0 }));
const shards = fc.array(shard, { minLength: 1, maxLength: 5 });
const placed = fc.record({
  shards: fc
    .tuple(shards, fc.array(fc.nat(4), { minLength: 1, maxLength: 500, size: 'max' }))
    .map(([some, places]) => places.map((place) => some[place % some.length]!)),
  firstKey: fc.oneof(
    fc.nat(2_000),
    fc.maxSafeNat().map((key) => Math.max(0, key - 500)),
  ),
  timeMs: fc.constant(timeMs),
});

test('the answer of PutRecords, as text and as members, over several keys, shards and seconds', () => {
  fc.assert(
    fc.property(placed, (of) => {
      const members = {
        FailedRecordCount: 0,
        Records: of.shards.map(({ id, shard: entry }, place) => ({
          SequenceNumber: recordNumber(entry, { key: of.firstKey + place, timeMs }),
          ShardId: id,
        })),
      };
      const output = new PlacedRecords(of);
      expect(output.Records).toEqual(members.Records);
      const take = (bytes: number): Buffer => Buffer.alloc(bytes + 9, 0xee);
      const body = jsonCodec.encodeOutput('PutRecords', { output, take });
      expect(typeof body).toBe(body.length > 16 * 1024 ? 'object' : 'string');
      expect(body.toString()).toBe(JSON.stringify(members));
      const inCbor = cborCodec.encodeOutput('PutRecords', { output, take });
      expect(typeof inCbor).toBe(inCbor.length > 16 * 1024 ? 'object' : 'string');
      expect(Buffer.from(inCbor as string, 'latin1').equals(encodeCbor(members))).toBe(true);
    }),
    { numRuns: 100 },
  );
});
