// The one-pass reader of puts in CBOR against the general way: whatever it takes, both must read alike.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operations } from '../../../src/kinesis/operations.ts';
import { decoderOf } from '../../../src/server/cbor/decode.ts';
import { readPutBody } from '../../../src/server/cbor/putBody.ts';
import { openBody } from '../../../src/server/cbor/wellFormed.ts';
import { anyStyle, javaStyle, plainStyle, write } from './support.ts';

type Put = 'PutRecord' | 'PutRecords';

const generally = (operation: Put, body: Buffer): unknown =>
  decoderOf(operations[operation].input)(openBody(body));

/** Bytes as plain lists, absent members left out. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, member) => (member instanceof Uint8Array ? [...member] : member)),
  );

function expectTaken(operation: Put, body: Buffer): void {
  expect(plain(readPutBody(operation, body))).toEqual(plain(generally(operation, body)));
}

const record = { StreamName: 's', Data: Buffer.from('hello'), PartitionKey: 'k' };
const batch = {
  StreamName: 's',
  Records: [
    { Data: Buffer.from('one'), PartitionKey: 'a' },
    { PartitionKey: 'ключ-💧', Data: Buffer.alloc(300, 1), ExplicitHashKey: '7' },
  ],
};

describe.each([
  ['of known lengths', plainStyle],
  ['as the SDKs for Java write it', javaStyle],
  ['with heads of several bytes', { ...plainStyle, width: 4 as const }],
])('readPutBody() of a body %s', (_, style) => {
  test.each([
    ['as usual', record],
    ['with every member', { ...record, ExplicitHashKey: '1', SequenceNumberForOrdering: '2' }],
    ['naming the stream by ARN', { StreamARN: 'arn', Data: Buffer.alloc(0), PartitionKey: '' }],
  ])('takes PutRecord %s', (__, value) => expectTaken('PutRecord', write(value, style)));

  test('takes PutRecords, the stream named before or after the records', () => {
    expectTaken('PutRecords', write(batch, style));
    const { StreamName, Records } = batch;
    expectTaken('PutRecords', write({ Records, StreamName }, style));
    expectTaken('PutRecords', write({ Records: [], StreamName }, style));
  });

  test('leaves what it does not know', () => {
    for (const more of [
      { Other: 1 },
      { PartitionKey: null },
      { PartitionKey: 1 },
      { Data: 'AA==' },
    ]) {
      expect(readPutBody('PutRecord', write({ ...record, ...more }, style))).toBeUndefined();
    }
    expect(readPutBody('PutRecord', write({ ...record, Records: [] }, style))).toBeUndefined();
    expect(
      readPutBody('PutRecords', write({ ...batch, PartitionKey: 'k' }, style)),
    ).toBeUndefined();
    expect(
      readPutBody('PutRecords', write({ ...batch, Data: record.Data }, style)),
    ).toBeUndefined();
    expect(readPutBody('PutRecord', write([record], style))).toBeUndefined();
  });
});

test('readPutBody() leaves the data where they are', () => {
  const body = write(record);
  const { Data } = readPutBody('PutRecord', body)!;
  expect(Data!.buffer).toBe(body.buffer);
});

test('readPutBody() reads bytes that are no UTF-8 as the general way does', () => {
  const body = write(record);
  body[body.length - 1] = 0xff;
  expectTaken('PutRecord', body);
});

test('readPutBody() leaves more records than a call may have', () => {
  const Records = Array.from({ length: 1001 }, () => ({
    Data: Buffer.alloc(0),
    PartitionKey: 'k',
  }));
  expect(readPutBody('PutRecords', write({ Records }))).toBeUndefined();
});

const clientStyle = fc.oneof(
  fc.constantFrom(plainStyle, javaStyle, { ...javaStyle, width: 2 as const }),
  anyStyle,
);

/** Both read it alike, or it is left. */
function taken(operation: Put, body: Buffer): boolean {
  const taking = readPutBody(operation, body);
  if (!taking) return false;
  expect(plain(taking)).toEqual(plain(generally(operation, body)));
  return true;
}

test('readPutBody() agrees with the general way on every input, in every form', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab-é💧'), maxLength: 30 });
  const entry = fc.record(
    { Data: fc.uint8Array({ maxLength: 40 }), PartitionKey: text, ExplicitHashKey: text },
    { requiredKeys: [] },
  );
  const input = fc.record(
    {
      Records: fc.array(entry, { maxLength: 4 }),
      StreamName: text,
      StreamARN: text,
      StreamId: text,
    },
    { requiredKeys: [] },
  );
  let count = 0;
  fc.assert(
    fc.property(input, clientStyle, (value, style) => {
      if (taken('PutRecords', write(value, style))) count += 1;
    }),
    { numRuns: 100 },
  );
  expect(count).toBeGreaterThan(25);
});

test.each<[Put, Buffer]>([
  ['PutRecord', write(record, javaStyle)],
  ['PutRecord', write(record)],
  ['PutRecords', write(batch, javaStyle)],
  ['PutRecords', write(batch)],
])('never takes what the general way refuses of %s, whatever bytes are changed', (put, good) => {
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
  let count = 0;
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), (changes) => {
      const body = Buffer.from(good);
      for (const [at, byte] of changes) body[at] = byte;
      if (taken(put, body)) count += 1;
    }),
    { numRuns: 1500 },
  );
  expect(count).toBeGreaterThan(30);
  for (let length = 0; length < good.length; length++) {
    expect(readPutBody(put, good.subarray(0, length))).toBeUndefined();
  }
});
