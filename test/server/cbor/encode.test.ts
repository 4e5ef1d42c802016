// What the CBOR codec writes: the SDK's decoder as an oracle, and pages equal to the general way.
import { cbor } from '@smithy/core/cbor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GetRecordsOutput, getRecords } from '../../../src/kinesis/operations/getRecords.ts';
import {
  blob,
  boolean,
  integer,
  list,
  long,
  map,
  type Shape,
  string,
  structure,
  timestamp,
} from '../../../src/kinesis/shape.ts';
import { cborCodec } from '../../../src/server/cbor/codec.ts';
import { decoderOf } from '../../../src/server/cbor/decode.ts';
import { encoderOf, headOf } from '../../../src/server/cbor/encode.ts';
import { pageBytes } from '../../../src/server/cbor/pageBytes.ts';
import { openBody } from '../../../src/server/cbor/wellFormed.ts';
import { head, write } from './support.ts';

const encode = (shape: Shape, value: unknown): Buffer =>
  Buffer.from((encoderOf(shape) as (value: unknown) => string)(value), 'latin1');

const inner = structure({ A: string() });
const shape = structure({
  Text: string(),
  Count: integer(),
  Long: long(),
  Flag: boolean,
  Data: blob(),
  Names: list(string()),
  Tags: map(string(), string()),
  Inner: list(inner),
});
const letters = fc.constantFrom(...'abcé');
const fields = {
  Text: fc.string({ unit: 'binary' }),
  Count: fc.integer(),
  Long: fc.maxSafeInteger(),
  Flag: fc.boolean(),
  Data: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  Names: fc.array(fc.string({ unit: 'binary' })),
  // The oracle loses a member of the name `__proto__`.
  Tags: fc.dictionary(fc.string({ unit: letters }), fc.string(), { noNullPrototype: true }),
  Inner: fc.array(fc.record({ A: fc.string() }, { requiredKeys: [] })),
};

describe('encoderOf()', () => {
  test('writes what the SDK reads', () => {
    fc.assert(
      fc.property(fc.record(fields, { requiredKeys: [] }), (value) => {
        const { Data, ...rest } = cbor.deserialize(encode(shape, value)) as typeof value;
        expect(Data && Buffer.from(Data)).toEqual(value.Data);
        const { Data: _, ...wanted } = value;
        expect(rest).toEqual(wanted);
      }),
    );
  });

  test('undoes what the decoder reads, timestamps included', () => {
    const all = structure({ ...shape.members, When: timestamp });
    const When = fc.date({ noInvalidDate: true });
    fc.assert(
      fc.property(fc.record({ ...fields, When }, { requiredKeys: [] }), (value) => {
        const read = decoderOf(all)(openBody(encode(all, value))) as typeof value;
        expect({ ...read, ...(read.Data && { Data: Buffer.from(read.Data) }) }).toEqual(value);
      }),
    );
  });

  test('heads are as short as may be', () => {
    const edges = [0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1];
    for (const edge of edges) {
      expect(Buffer.from(headOf(3, edge), 'latin1')).toEqual(head(3, edge));
    }
  });

  test('a timestamp is tag 1 and whole milliseconds', () => {
    const bytes = encode(timestamp, new Date(1_459_799_926_480));
    expect(bytes.toString('hex')).toBe('c11b00000153e2db26d0');
    expect(encode(timestamp, new Date(-1)).toString('hex')).toBe('c120');
    expect(encode(timestamp, new Date(0)).toString('hex')).toBe('c100');
  });

  test('absent members are left out, and members that the shape does not name', () => {
    const value = { Text: undefined, Count: 1, Other: 2 };
    expect(encode(shape, value)).toEqual(write({ Count: 1 }));
    expect(encode(shape, {})).toEqual(write({}));
  });
});

const record = fc.record(
  {
    SequenceNumber: fc.bigInt({ min: 0n, max: 2n ** 187n }).map(String),
    ApproximateArrivalTimestamp: fc.date({ noInvalidDate: true }),
    Data: fc.uint8Array({ maxLength: 300 }),
    PartitionKey: fc.string({ unit: 'binary', minLength: 1, maxLength: 256 }),
    EncryptionType: fc.constantFrom('KMS' as const, undefined),
  },
  { requiredKeys: ['SequenceNumber', 'Data', 'PartitionKey'] },
);
const page = fc.record(
  {
    Records: fc.array(record, { maxLength: 40 }),
    NextShardIterator: fc.string({ unit: 'binary' }),
    MillisBehindLatest: fc.nat(),
  },
  { requiredKeys: ['Records'] },
);

test('pageBytes() equals the general way, in a buffer that was used before', () => {
  fc.assert(
    fc.property(page, (value: GetRecordsOutput) => {
      const bytes = pageBytes(value, (length) => Buffer.alloc(length, 0xee));
      expect(bytes.equals(encode(getRecords.output, value))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('an operation without output has an empty answer, an error has a map', () => {
  const take = Buffer.allocUnsafe;
  expect(cborCodec.encodeOutput('DeleteStream', { output: {}, take })).toBe('');
  const error = (name: string, message: string) =>
    Buffer.from(cborCodec.encodeError({ name, message }) as string, 'latin1');
  expect(error('A', 'é')).toEqual(write({ __type: 'A', message: 'é' }));
  expect(error('A', '')).toEqual(write({ __type: 'A' }));
  const refused = write({ __type: 'SerializationException', Message: 'b' });
  expect(error('SerializationException', 'b')).toEqual(refused);
});
