// What the JSON codec takes, refuses and writes: AWS's texts, and the SDK as the oracle of the encoding.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  blob,
  boolean,
  integer,
  list,
  long,
  map,
  required,
  type Shape,
  string,
  structure,
  timestamp,
} from '../../src/kinesis/shape.ts';
import { BufferPool } from '../../src/server/bufferPool.ts';
import { decodeBase64 } from '../../src/server/json/base64.ts';
import { jsonCodec } from '../../src/server/json/codec.ts';
import { decoderOf } from '../../src/server/json/decode.ts';
import { encoderOf } from '../../src/server/json/encode.ts';
import { callRaw } from './support/rawHttp.ts';
import { testServer } from './support/testServer.ts';

const loan = new BufferPool().loan();
const number = 'com.amazon.coral.value.json.numbers.TruncatingBigNumber';
const noStructure = 'Start of structure or map found where not expected.';
const noList = 'Start of list found where not expected';
const strings = list(string());
const tags = map(string(), string());
const inner = structure({ A: string() });

const refusals: [string, Shape, unknown, string][] = [
  ['String', string(), true, 'class java.lang.Boolean can not be converted to an String'],
  ['String', string(), 23, `class ${number} can not be converted to an String`],
  ['String', string(), [], noList],
  ['String', string(), {}, noStructure],
  ['Integer', integer(), '1', 'class java.lang.String can not be converted to an Integer'],
  ['Integer', integer(), true, 'class java.lang.Boolean can not be converted to an Integer'],
  ['Integer', integer(), [1], noList],
  ['Integer', integer(), {}, noStructure],
  ['Long', long(), '1', 'class java.lang.String can not be converted to an Long'],
  ['Boolean', boolean, 1, `class ${number} can not be converted to an Boolean`],
  ['Boolean', boolean, '23', "'23' can not be converted to an Boolean"],
  ['Boolean', boolean, 'maybe', "'MAYBE' can not be converted to an Boolean"],
  ['Boolean', boolean, 'constructor', "'CONSTRUCTOR' can not be converted to an Boolean"],
  ['Blob', blob(), true, 'class java.lang.Boolean can not be converted to a Blob'],
  ['Blob', blob(), 1, `class ${number} can not be converted to a Blob`],
  ['Blob', blob(), [], noList],
  ['Blob', blob(), {}, noStructure],
  [
    'Blob',
    blob(),
    '23456',
    "'23456' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 5",
  ],
  ['Blob', blob(), '=+/=', "'=+/=' can not be converted to a Blob: Invalid Base64 character: '='"],
  [
    'Blob',
    blob(),
    '+/+=',
    "'+/+=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected",
  ],
  [
    'Timestamp',
    timestamp,
    '1459799926.480',
    'class java.lang.String can not be converted to milliseconds since epoch',
  ],
  [
    'Timestamp',
    timestamp,
    true,
    'class java.lang.Boolean can not be converted to milliseconds since epoch',
  ],
  ['Timestamp', timestamp, [], noList],
  ['Timestamp', timestamp, {}, noStructure],
  ['List', strings, 'a', 'Expected list or null'],
  ['List', strings, 1, 'Expected list or null'],
  ['List', strings, {}, noStructure],
  ['Map', tags, 'a', 'Expected map or null'],
  ['Map', tags, [], noList],
  ['Structure', inner, 'a', 'Expected null'],
  ['Structure', inner, true, 'Expected null'],
  ['Structure', inner, [], noList],
];

describe('decoderOf()', () => {
  test.each(refusals)('%s refuses what AWS refuses, in its words (%#)', (_, shape, value, text) => {
    expect(() => decoderOf(shape)(value)).toThrow(
      expect.objectContaining({ name: 'SerializationException', message: text }),
    );
  });

  test('numbers are cut towards the floor and held within 32 bits', () => {
    const decode = decoderOf(integer());
    expect([1.9, -1.1, 100_000_000_000, -1e99].map((value) => decode(value))).toEqual([
      1, -2, 2_147_483_647, -2_147_483_648,
    ]);
  });

  test('booleans may be words', () => {
    const decode = decoderOf(boolean);
    expect(['true', 'YES', '1', 'False', 'no', '0'].map((value) => decode(value))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('a timestamp is seconds with a fraction', () => {
    expect(decoderOf(timestamp)(1_459_799_926.48)).toEqual(new Date(1_459_799_926_480));
    expect(decoderOf(timestamp)(1e99)).toEqual(new Date(8.64e15));
  });

  test('unknown members are ignored, null ones are absent, names of objects are data', () => {
    const body = Buffer.from(
      '{"StreamName":"a","Limit":null,"__proto__":{"Limit":1},"constructor":1}',
    );
    expect(jsonCodec.decodeInput('DescribeStream', { body, loan })).toEqual({ StreamName: 'a' });
    const created = Buffer.from('{"StreamName":"a","Tags":{"__proto__":"x","b":null}}');
    const input = jsonCodec.decodeInput('CreateStream', { body: created, loan });
    expect(Object.entries(input.Tags ?? {})).toEqual([['__proto__', 'x']]);
  });
});

describe('decodeBase64()', () => {
  test('is equal to Node for every canonical text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(decodeBase64(text)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('refuses every text that is not canonical', () => {
    const signs = fc.constantFrom(...'ABz09+/=-_ \n\u0141é');
    fc.assert(
      fc.property(fc.string({ unit: signs, maxLength: 12 }), (text) => {
        const isCanonical = Buffer.from(text, 'base64').toString('base64') === text;
        if (isCanonical) expect(() => decodeBase64(text)).not.toThrow();
        else expect(() => decodeBase64(text)).toThrow('can not be converted to a Blob');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('encoderOf()', () => {
  test('undoes what the decoder reads', () => {
    const shape = structure({
      Text: required(string()),
      Count: integer(),
      Flag: boolean,
      When: timestamp,
      Data: blob(),
      Names: strings,
      Tags: tags,
      Inner: list(inner),
    });
    const values = fc.record(
      {
        Text: fc.string({ unit: 'binary' }),
        Count: fc.integer(),
        Flag: fc.boolean(),
        When: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2200-01-01') }),
        Data: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        Names: fc.array(fc.string({ unit: 'binary' })),
        Tags: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
        Inner: fc.array(fc.record({ A: fc.string() }, { requiredKeys: [] })),
      },
      { requiredKeys: ['Text'] },
    );
    const encode = encoderOf(shape) as (value: unknown) => string;
    fc.assert(
      fc.property(values, (value) => {
        expect(decoderOf(shape)(JSON.parse(encode(value)))).toEqual(value);
      }),
    );
  });

  test('leaves absent members out and writes no exponents', () => {
    const output = {
      Records: [
        {
          SequenceNumber: '1',
          ApproximateArrivalTimestamp: new Date(1_459_799_926_480),
          Data: Buffer.from('hi'),
          PartitionKey: 'a"b',
          EncryptionType: undefined,
        },
      ],
      NextShardIterator: undefined,
      MillisBehindLatest: 0,
    };
    const text = String(jsonCodec.encodeOutput('GetRecords', { output, take: Buffer.allocUnsafe }));
    expect(text).toBe(
      '{"Records":[{"SequenceNumber":"1","ApproximateArrivalTimestamp":1459799926.48,' +
        '"Data":"aGk=","PartitionKey":"a\\"b"}],"MillisBehindLatest":0}',
    );
  });
});

test('a type error travels as Message, with a capital M', async () => {
  const { server } = await testServer();
  const answer = await callRaw(server.endpoint, {
    operation: 'PutRecord',
    input: { StreamName: 'a', PartitionKey: 'b', Data: 'x' },
  });
  expect([answer.status, answer.json()]).toEqual([
    400,
    {
      __type: 'SerializationException',
      Message:
        "'x' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 1",
    },
  ]);
});
