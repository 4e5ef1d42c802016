// What the CBOR codec takes and refuses: every form of RFC 8949, and never anything but its own exception.
import { cbor } from '@smithy/core/cbor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KinesisError } from '../../../src/kinesis/errors.ts';
import { type OperationName, operations } from '../../../src/kinesis/operations.ts';
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
import { BufferPool } from '../../../src/server/bufferPool.ts';
import { cborCodec } from '../../../src/server/cbor/codec.ts';
import { decoderOf } from '../../../src/server/cbor/decode.ts';
import { CborReader } from '../../../src/server/cbor/reader.ts';
import { openBody } from '../../../src/server/cbor/wellFormed.ts';
import { anyStyle, head, javaStyle, write } from './support.ts';

const loan = new BufferPool().loan();

/** The shape's value in an item, well formed or not. */
function decode(shape: Shape, item: Buffer): unknown {
  const body = Buffer.concat([head(4, 1), item]);
  const reader = openBody(body);
  reader.nextValue();
  return decoderOf(shape)(reader);
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const refusal = (message: string) =>
  expect.objectContaining({ name: 'SerializationException', message });

const noStructure = 'Start of structure or map found where not expected.';
const noList = 'Start of list found where not expected';
const inner = structure({ A: string() });
const cannot = (javaClass: string, wanted: string) =>
  `class ${javaClass} can not be converted to ${wanted}`;

const refusals: [string, Shape, unknown, string][] = [
  ['a boolean', string(), true, cannot('java.lang.Boolean', 'an String')],
  ['a number', string(), 23, cannot('java.lang.Integer', 'an String')],
  ['a long number', string(), 2 ** 40, cannot('java.lang.Long', 'an String')],
  ['a float', string(), 1.5, cannot('java.lang.Double', 'an String')],
  ['bytes', string(), Buffer.from('a'), cannot('java.nio.HeapByteBuffer', 'an String')],
  ['a list', string(), [], noList],
  ['a map', string(), {}, noStructure],
  ['a text', integer(), '1', cannot('java.lang.String', 'an Integer')],
  ['bytes', integer(), Buffer.from('1'), cannot('java.nio.HeapByteBuffer', 'an Integer')],
  ['what is no number', integer(), Number.NaN, cannot('java.lang.Double', 'an Integer')],
  ['a boolean', long(), true, cannot('java.lang.Boolean', 'an Long')],
  ['a number', boolean, 1, cannot('java.lang.Integer', 'an Boolean')],
  ['a word', boolean, 'maybe', "'MAYBE' can not be converted to an Boolean"],
  ['base64', blob(), 'AAAA', cannot('java.lang.String', 'a Blob')],
  ['a list', blob(), [1], noList],
  ['a text', timestamp, '2020', cannot('java.lang.String', 'milliseconds since epoch')],
  ['a text', list(string()), 'a', 'Expected list or null'],
  ['a map', list(string()), {}, noStructure],
  ['a text', map(string(), string()), 'a', 'Expected map or null'],
  ['a list', map(string(), string()), [], noList],
  ['a text', inner, 'a', 'Expected null'],
  ['a list', inner, [], noList],
];

describe('decoderOf()', () => {
  test.each(refusals)('refuses %s (%#)', (_, shape, value, message) => {
    expect(() => decode(shape, write(value))).toThrow(refusal(message));
  });

  test.each([
    ['00', 0],
    ['17', 23],
    ['18 2a', 42],
    ['1b 0000000000000007', 7],
    ['1b 7fffffffffffffff', 2_147_483_647],
    ['1b ffffffffffffffff', 2_147_483_647],
    ['20', -1],
    ['3b ffffffffffffffff', -2_147_483_648],
    ['f9 3e00', 1],
    ['f9 be00', -2],
    ['f9 0001', 0],
    ['f9 7c00', 2_147_483_647],
    ['f9 fc00', -2_147_483_648],
    ['fa 47c35000', 100_000],
    ['fb c010666666666666', -5],
    ['c2 42 0100', 256],
    ['c3 41 00', -1],
    ['c2 5f 41 01 41 00 ff', 256],
    [`c2 58 40 ${'ff'.repeat(64)}`, 2_147_483_647],
    ['d9d9f7 05', 5],
  ])('takes %s for the integer %d', (item, value) => {
    expect(decode(integer(), hex(item))).toBe(value);
  });

  test('a long keeps what a number can hold', () => {
    expect(decode(long(), hex('1b 001fffffffffffff'))).toBe(Number.MAX_SAFE_INTEGER);
    expect(decode(long(), hex('1b ffffffffffffffff'))).toBe(Number.MAX_SAFE_INTEGER);
    expect(decode(long(), hex('3b 001ffffffffffffe'))).toBe(Number.MIN_SAFE_INTEGER);
  });

  test('timestamps are milliseconds, with the tag and without, in every form of a number', () => {
    const when = new Date(1_459_799_926_480);
    for (const item of ['c1 1b 00000153e2db26d0', '1b 00000153e2db26d0']) {
      expect(decode(timestamp, hex(item))).toEqual(when);
    }
    expect(decode(timestamp, Buffer.concat([head(6, 1), write(1_459_799_926_480.2)]))).toEqual(
      when,
    );
    expect(decode(timestamp, hex('c1 3a 00000003'))).toEqual(new Date(-4));
    expect(decode(timestamp, hex('c1 1b ffffffffffffffff'))).toEqual(new Date(8.64e15));
  });

  test('booleans may be words', () => {
    const items = [true, false, 'yes', 'NO', '1'].map((value) => decode(boolean, write(value)));
    expect(items).toEqual([true, false, true, false, true]);
  });

  test('unknown members are passed over whatever they hold, keys of any type too', () => {
    const unknown = [
      hex('01 02'),
      hex('41 61 80'),
      hex('80 a1 f6 f6'),
      Buffer.concat([write('Other', javaStyle), write({ a: [{ b: [1.5, null] }] }, javaStyle)]),
      Buffer.concat([write('Tagged'), hex('c1 c2 43 010203')]),
    ];
    const known = Buffer.concat([write('A'), write('b')]);
    for (const member of unknown) {
      expect(decode(inner, Buffer.concat([head(5, 2), member, known]))).toEqual({ A: 'b' });
      expect(decode(inner, Buffer.concat([hex('bf'), known, member, hex('ff')]))).toEqual({
        A: 'b',
      });
    }
  });

  test('null and undefined are absent; of a member that comes twice the last counts', () => {
    expect(decode(inner, hex('a1 6141 f6'))).toEqual({});
    expect(decode(inner, hex('a1 6141 f7'))).toEqual({});
    expect(decode(inner, hex('a2 6141 6162 6141 6163'))).toEqual({ A: 'c' });
    expect(decode(inner, hex('a2 6141 6162 6141 f6'))).toEqual({});
    expect(decode(list(string()), hex('83 6161 f6 6162'))).toEqual(['a', 'b']);
    expect(decode(list(inner), hex('81 f6'))).toEqual([{}]);
    expect(decode(map(string(), string()), hex('a2 6161 f6 6162 6163'))).toEqual({ b: 'c' });
  });

  test('names of objects are data', () => {
    const tags = write({ toString: 'x' });
    const proto = Buffer.concat([head(5, 1), write('__proto__'), write('y')]);
    expect(decode(map(string(), string()), tags)).toEqual({ toString: 'x' });
    const entries = Object.entries(decode(map(string(), string()), proto) as object);
    expect(entries).toEqual([['__proto__', 'y']]);
  });

  test('a character may be cut in two by chunks', () => {
    expect(decode(string(), hex('7f 61c3 61a9 ff'))).toBe('é');
  });
});

const members = structure({
  Text: string(),
  Count: integer(),
  Long: long(),
  Flag: boolean,
  When: timestamp,
  Data: blob(),
  Names: list(string()),
  Tags: map(string(), string()),
  Inner: list(inner),
});

const values = fc.record(
  {
    Text: fc.string({ unit: 'binary' }),
    Count: fc.integer(),
    Long: fc.maxSafeInteger(),
    Flag: fc.boolean(),
    When: fc.date({ noInvalidDate: true }),
    Data: fc.uint8Array(),
    Names: fc.array(fc.string({ unit: 'binary' })),
    Tags: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
    Inner: fc.array(fc.record({ A: fc.string() }, { requiredKeys: [] })),
  },
  { requiredKeys: [] },
);

/** Bytes as plain lists. */
const plain = (value: object): unknown => {
  const { Data, ...rest } = value as { Data?: Uint8Array };
  return Data ? { ...rest, Data: [...Data] } : rest;
};

test('decoderOf() reads every value alike, however a client writes it', () => {
  fc.assert(
    fc.property(values, anyStyle, (value, style) => {
      const body = write(value, style);
      expect(plain(decoderOf(members)(openBody(body)) as object)).toEqual(plain(value));
    }),
  );
});

const malformed: [string, string][] = [
  ['nothing', ''],
  ['a scalar', '01'],
  ['a text', '6161'],
  ['null', 'f6'],
  ['something behind', 'a0 00'],
  ['a list that ends early', '82 01'],
  ['a map without a value', 'a1 6161'],
  ['a map that is broken off at a value', 'bf 6161 ff'],
  ['a list without its break', '9f 01'],
  ['a break in a list of known length', '81 ff'],
  ['a break where nothing is open', 'ff'],
  ['a tag without content', 'bf 6161 c1 ff'],
  ['a tag at the end', '81 c1'],
  ['a text longer than the body', '81 6561'],
  ['a text of 2^64 - 1 bytes', '81 7b ffffffffffffffff'],
  ['a list of 2^64 - 1 items', '9b ffffffffffffffff'],
  ['a map of 2^63 pairs', 'bb 8000000000000000'],
  ['a length that is cut off', '81 79 01'],
  ['a chunk of another type', '81 7f 41 61 ff'],
  ['a chunk in chunks', '81 7f 7f 61 61 ff ff'],
  ['a reserved length', '81 1c'],
  ['a number without end', '81 1f'],
  ['a tag without end', '81 df 01'],
  ['a simple value that nobody uses', '81 e0'],
  ['one of two bytes', '81 f8 20'],
];

describe('openBody()', () => {
  test.each(malformed)('refuses %s without text', (_, body) => {
    expect(() => openBody(hex(body))).toThrow(refusal(''));
  });

  test('takes maps and lists, tagged or not', () => {
    for (const body of ['a0', '80', 'bf ff', '9f ff', 'd9d9f7 a0']) openBody(hex(body));
  });

  test('refuses more than 64 levels and more items than a call can have', () => {
    const nested = (levels: number) => Buffer.concat([Buffer.alloc(levels, 0x81), hex('00')]);
    openBody(nested(64));
    expect(() => openBody(nested(65))).toThrow(refusal(''));
    const items = (count: number) =>
      Buffer.concat([hex('9f'), Buffer.alloc(count, 0xa0), hex('ff')]);
    openBody(items(100_000));
    expect(() => openBody(items(200_000))).toThrow(refusal(''));
    expect(() => openBody(Buffer.alloc(16 * 1024 ** 2, 0xc1))).toThrow(refusal(''));
  });

  test('agrees with an independent decoder on what it takes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const body = Buffer.from(bytes);
        if (thrownBy(() => openBody(body))) return;
        // Keys that are numbers are well formed; the other decoder takes none in an open map.
        const thrown = thrownBy(() => cbor.deserialize(body)) as Error | undefined;
        if (!thrown?.message.startsWith('unexpected minor value')) expect(thrown).toBeUndefined();
      }),
    );
  });
});

const thrownBy = (run: () => unknown): unknown => {
  try {
    run();
    return undefined;
  } catch (thrown) {
    return thrown;
  }
};

/** It reads the body, or throws what a client can be told. */
function expectAnswer(name: OperationName, body: Buffer): void {
  const thrown = thrownBy(() => cborCodec.decodeInput(name, { body, loan }));
  if (thrown === undefined) return;
  expect(thrown).toBeInstanceOf(KinesisError);
  expect((thrown as KinesisError).name).toBe('SerializationException');
}

const operationNames = fc.constantFrom(...(Object.keys(operations) as OperationName[]));

describe('decodeInput()', () => {
  test('answers any bytes with an input or a SerializationException', () => {
    fc.assert(
      fc.property(operationNames, fc.uint8Array({ maxLength: 100 }), (name, bytes) =>
        expectAnswer(name, Buffer.from(bytes)),
      ),
      { numRuns: 1000 },
    );
  });

  const good = write(
    {
      StreamName: 'orders',
      Limit: 10,
      Data: Buffer.from('hello'),
      Timestamp: new Date(1e12),
      Tags: { a: 'b' },
      Records: [{ Data: Buffer.alloc(30), PartitionKey: 'k' }],
      DryRun: true,
    },
    javaStyle,
  );

  test('answers every body that is cut off', () => {
    for (const name of Object.keys(operations) as OperationName[]) {
      for (let length = 0; length < good.length; length++) {
        const body = good.subarray(0, length);
        expect(() => cborCodec.decodeInput(name, { body, loan })).toThrow(KinesisError);
      }
    }
  });

  test('answers every body with bits turned over', () => {
    const flip = fc.tuple(fc.nat(good.length - 1), fc.nat(7));
    fc.assert(
      fc.property(operationNames, fc.array(flip, { minLength: 1, maxLength: 3 }), (name, flips) => {
        const body = Buffer.from(good);
        for (const [at, bit] of flips) body[at]! ^= 1 << bit;
        expectAnswer(name, body);
      }),
      { numRuns: 2000 },
    );
  });

  test('never looks behind the body in the memory that it lies in', () => {
    const memory = Buffer.concat([good, good]);
    for (let length = 0; length < good.length; length++) {
      const body = memory.subarray(0, length);
      expect(() => cborCodec.decodeInput('PutRecords', { body, loan })).toThrow(KinesisError);
    }
  });
});

test('CborReader throws nothing else on a body that nobody has looked at', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const reader = new CborReader(Buffer.from(bytes));
      const thrown = thrownBy(() => {
        reader.nextValue();
        decoderOf(members)(reader);
      });
      if (thrown !== undefined) expect(thrown).toBeInstanceOf(KinesisError);
    }),
    { numRuns: 2000 },
  );
});
