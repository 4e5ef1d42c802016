// The one-pass reader of puts in CBOR against the general way: whatever it takes, both must read alike.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operations } from '../../../src/kinesis/operations.ts';
import { BufferPool } from '../../../src/server/bufferPool.ts';
import { decoderOf } from '../../../src/server/cbor/decode.ts';
import { readPutBody } from '../../../src/server/cbor/putBody.ts';
import { openBody } from '../../../src/server/cbor/wellFormed.ts';
import { checkedReader, type Put, type PutBody, plain } from '../support/putBodies.ts';
import {
  anyStyle,
  head,
  javaStyle,
  plainStyle,
  type Style,
  write,
  writeList,
  writeMap,
  writeText,
} from './support.ts';

const generally = (operation: Put, body: Buffer): unknown =>
  decoderOf(operations[operation].input)(openBody(body));

const read = checkedReader(readPutBody, generally);

function expectTaken(operation: Put, body: Buffer): void {
  expect(plain(read(operation, body))).toEqual(plain(generally(operation, body)));
}

const expectLeft = (operation: Put, body: Buffer): void =>
  expect(read(operation, body)).toBeUndefined();

const record = { StreamName: 's', Data: Buffer.from('hello'), PartitionKey: 'k' };
const batch = {
  StreamName: 's',
  Records: [
    { Data: Buffer.from('one'), PartitionKey: 'a' },
    { PartitionKey: 'ключ-💧', Data: Buffer.alloc(300, 1), ExplicitHashKey: '7' },
  ],
};
const entry = { Data: Buffer.alloc(0), PartitionKey: 'k' };
const batchOf = (...Records: unknown[]): unknown => ({ StreamName: 's', Records });

describe.each([
  ['of known lengths', plainStyle],
  ['as the SDKs for Java write it', javaStyle],
])('readPutBody() of a body %s', (_, style) => {
  test.each([
    ['as usual', record],
    ['with every member', { ...record, ExplicitHashKey: '1', SequenceNumberForOrdering: '2' }],
    ['naming the stream by ARN', { StreamARN: 'arn', Data: Buffer.alloc(0), PartitionKey: 'k' }],
  ])('takes PutRecord %s', (__, value) => expectTaken('PutRecord', write(value, style)));

  test('takes PutRecords, the stream named before or after the records', () => {
    expectTaken('PutRecords', write(batch, style));
    const { StreamName, Records } = batch;
    expectTaken('PutRecords', write({ Records, StreamName }, style));
  });

  test.each([
    ['a member it does not know', { ...record, Other: 1 }],
    ['a null', { ...record, PartitionKey: null }],
    ['a number', { ...record, PartitionKey: 1 }],
    ['a text for data', { ...record, Data: 'AA==' }],
    ['bytes for a text', { ...record, StreamName: Buffer.from('s') }],
    ['a member of the other operation', { ...record, Records: [] }],
    ['a list', [record]],
    ['an empty object', {}],
    ['no data', { PartitionKey: 'k' }],
  ])('leaves PutRecord with %s', (__, value) => expectLeft('PutRecord', write(value, style)));

  test('takes records without a key, beside others and alone', () => {
    const keyless = { Data: Buffer.from('BBBB'), ExplicitHashKey: '7' };
    const { Data } = keyless;
    for (const records of [[keyless], [entry, keyless, entry], [{ Data }, entry, keyless]]) {
      expectTaken('PutRecords', write(batchOf(...records), style));
    }
    expectTaken('PutRecord', write({ StreamName: 's', Data }, style));
  });

  test.each([
    ['no records', batchOf()],
    ['a record without data', batchOf({ PartitionKey: 'k' })],
    ['an empty record', batchOf({}, entry)],
    ['a null for a record', batchOf(entry, null)],
    ['an empty key', batchOf({ ...entry, PartitionKey: '' })],
    ['a key of 257 characters', batchOf({ ...entry, PartitionKey: 'k'.repeat(257) })],
    ['a key of U+FFFD', batchOf({ ...entry, PartitionKey: '\ufffd' })],
    ['a hash key that is none', batchOf({ ...entry, ExplicitHashKey: '01' })],
    ['a hash key above all', batchOf({ ...entry, ExplicitHashKey: String(2n ** 128n) })],
    ['501 records', batchOf(...Array(501).fill(entry))],
    ['data of more than 10 MiB', batchOf({ ...entry, Data: Buffer.alloc(10 * 1024 ** 2 + 1) })],
    ['a member of the other operation', { ...batch, PartitionKey: 'k' }],
    ['data of the other operation', { ...batch, Data: record.Data }],
  ])('leaves PutRecords with %s', (__, value) => expectLeft('PutRecords', write(value, style)));

  test('takes what is just within its constraints', () => {
    const entries = [
      { ...entry, PartitionKey: 'k'.repeat(256) },
      { PartitionKey: 'é'.repeat(256), ExplicitHashKey: String(2n ** 128n - 1n), Data: 'data' },
      { ExplicitHashKey: '0', Data: '', PartitionKey: '💧'.repeat(128) },
    ].map((one) => ({ ...one, Data: Buffer.from(one.Data) }));
    const records = Array.from({ length: 500 }, (__, place) => entries[place % 3]);
    expectTaken('PutRecords', write(batchOf(...records), style));
    const largest = { ...entry, Data: Buffer.alloc(10 * 1024 ** 2, 7) };
    expect(read('PutRecords', write(batchOf(largest), style))?.Records).toHaveLength(1);
  });

  test('takes data of any length, whatever the length before', () => {
    const lengths = [0, 5, 23, 24, 255, 256, 40, 41, 65_535, 65_536, 3, 1200, 1];
    const records = lengths.map((length) => {
      return { Data: Buffer.alloc(length, 'abc'), PartitionKey: `k-${length}` };
    });
    expectTaken('PutRecords', write(batchOf(...records), style));
  });
});

test('readPutBody() takes heads of values that are longer than need be, and leaves those of names', () => {
  const wide = { ...plainStyle, width: 4 as const };
  const member = (name: string, value: unknown): Buffer =>
    Buffer.concat([write(name), write(value, wide)]);
  const pairs = Object.entries(record).map(([name, value]) => member(name, value));
  expectTaken('PutRecord', writeMap(pairs, wide));
  const records = writeList([writeMap(pairs.slice(1), wide)], wide);
  expectTaken('PutRecords', writeMap([Buffer.concat([write('Records'), records])], wide));
  expectLeft('PutRecord', write(record, wide));
  expectLeft('PutRecord', write(record, { ...plainStyle, width: 8 }));
});

test.each([28, 29, 30])(
  'readPutBody() leaves a head of the form %i, which stands for nothing',
  (info) => {
    const width = 1 << (info - 24);
    const length = Buffer.alloc(width);
    length[width - 1] = 1;
    const data = Buffer.concat([
      write('Data'),
      Buffer.from([(2 << 5) | info]),
      length,
      length.subarray(-1),
    ]);
    const key = Buffer.concat([write('PartitionKey'), write('k')]);
    expectLeft('PutRecord', writeMap([key, data], plainStyle));
  },
);

test('readPutBody() reads bytes that are no UTF-8 as the general way does, and leaves such a key', () => {
  const body = write({ PartitionKey: 'k', Data: record.Data, StreamName: 's' });
  body[body.length - 1] = 0xff;
  expectTaken('PutRecord', body);
  for (const bytes of noUtf8) {
    const key = Buffer.concat([write('PartitionKey'), writeText(bytes, plainStyle)]);
    const data = Buffer.concat([write('Data'), write(record.Data)]);
    expectLeft('PutRecord', writeMap([data, key], plainStyle));
  }
});

test('readPutBody() leaves records that come twice, and a list that never ends', () => {
  const records = Buffer.concat([write('Records'), write([entry])]);
  expectTaken('PutRecords', writeMap([records], plainStyle));
  expectLeft('PutRecords', writeMap([records, records], plainStyle));
  const endless = write(batchOf(entry), javaStyle);
  expectLeft('PutRecords', endless.subarray(0, -2));
  expectLeft('PutRecords', Buffer.concat([endless.subarray(0, -1), write('Records')]));
});

test('readPutBody() asks for no room that is only announced', () => {
  const asked: number[] = [];
  class CountedPool extends BufferPool {
    override take(length: number): Buffer {
      asked.push(length);
      return super.take(length);
    }
  }
  const announced = 2 ** 31 - 1;
  const bytes = Buffer.concat([write('Data'), head(2, announced), Buffer.alloc(70_000)]);
  const list = Buffer.concat([write('Records'), head(4, announced), Buffer.alloc(70_000)]);
  for (const [operation, member] of [
    ['PutRecord', bytes],
    ['PutRecords', list],
  ] as const) {
    const body = writeMap([member], plainStyle);
    const loan = new CountedPool().loan();
    expect(readPutBody(operation, { body, loan })).toBeUndefined();
    expect(asked.pop()).toBeLessThan(body.length + 100);
  }
});

/** A stray byte, a surrogate without its pair, an overlong form, and characters cut short. */
const noUtf8 = ['ff', 'eda080', 'edbfbf', 'c080', 'e282', 'f09f92'].map((hex) =>
  Buffer.from(hex, 'hex'),
);

const usualText = fc.string({ unit: fc.constantFrom(...'ab-é💧'), minLength: 1, maxLength: 30 });
const style: fc.Arbitrary<Style> = fc.oneof(
  { weight: 12, arbitrary: fc.constant(plainStyle) },
  { weight: 6, arbitrary: fc.constant(javaStyle) },
  { weight: 1, arbitrary: anyStyle },
);
const oddText = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  fc.tuple(usualText, fc.constantFrom(...noUtf8)).map(([text, bytes]) => {
    return Buffer.concat([Buffer.from(text), bytes]);
  }),
  fc.constantFrom(257, 256, 255).map((length) => Buffer.alloc(length, 'k')),
);
const textIn = (text: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Buffer> =>
  fc.tuple(text, style).map(([bytes, how]) => writeText(bytes, how));
const valueIn = (value: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> =>
  fc.tuple(value, style).map(([one, how]) => write(one, how));
const oddValue = valueIn(fc.constantFrom<unknown>(null, undefined, 7, true, [], {}, ['k'], 'AA=='));

const usually = (usual: fc.Arbitrary<Buffer>, odd: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc.oneof({ weight: 60, arbitrary: usual }, { weight: 1, arbitrary: odd });
const text = usually(textIn(usualText.map((one) => Buffer.from(one))), textIn(oddText));
const hash = usually(
  valueIn(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map(String)),
  valueIn(fc.constantFrom(String(2n ** 128n), '00', '-1', '', '1e3')),
);
const data = valueIn(fc.uint8Array({ maxLength: 300 }));

const member = (name: string, value: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc.tuple(valueIn(fc.constant(name)), usually(value, oddValue)).map((pair) => Buffer.concat(pair));
const recordMember = fc.oneof(
  { weight: 12, arbitrary: member('Data', data) },
  { weight: 12, arbitrary: member('PartitionKey', text) },
  { weight: 12, arbitrary: member('ExplicitHashKey', hash) },
  { weight: 1, arbitrary: member('Other', oddValue) },
);
const streamMember = fc.constantFrom('StreamName', 'StreamARN', 'StreamId').chain((name) => {
  return member(name, text);
});

/** What every record has, and a few members more, some of them twice, in any order. */
const pairsOf = (more: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer[]> =>
  fc
    .tuple(member('Data', data), member('PartitionKey', text), fc.array(more, { maxLength: 2 }))
    .chain(([first, second, rest]) => {
      const pairs = [first, second, ...rest];
      return fc.shuffledSubarray(pairs, { minLength: pairs.length });
    });
const mapIn = (pairs: fc.Arbitrary<Buffer[]>): fc.Arbitrary<Buffer> =>
  fc.tuple(pairs, style).map(([parts, how]) => writeMap(parts, how));
const recordsIn = fc
  .tuple(fc.array(mapIn(pairsOf(recordMember)), { minLength: 1, maxLength: 3 }), style)
  .map(([items, how]) => writeList(items, how));

/** Bodies in every form, most of them as clients write them. */
const bodies: Record<Put, fc.Arbitrary<Buffer>> = {
  PutRecord: mapIn(
    pairsOf(fc.oneof(recordMember, streamMember, member('SequenceNumberForOrdering', text))),
  ),
  PutRecords: mapIn(
    fc
      .tuple(fc.array(streamMember, { maxLength: 2 }), member('Records', recordsIn), fc.nat(2))
      .map(([members, records, at]) => members.toSpliced(at, 0, records)),
  ),
};

/** Both read it alike, or it is left. */
function taken(operation: Put, body: Buffer): PutBody | undefined {
  const taking = read(operation, body);
  if (taking) expect(plain(taking)).toEqual(plain(generally(operation, body)));
  return taking;
}

/** Now and then the end is missing, or something comes behind it. */
const ending = fc.oneof(
  { weight: 20, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: -9, max: 9 }) },
);

test.each<Put>(['PutRecord', 'PutRecords'])(
  'readPutBody() agrees with the general way on every input of %s, in every form',
  (put) => {
    let count = 0;
    fc.assert(
      fc.property(bodies[put], ending, (whole, end) => {
        const body =
          end < 0 ? whole.subarray(0, end) : Buffer.concat([whole, Buffer.alloc(end, 0xff)]);
        if (taken(put, body)) count += 1;
      }),
      { numRuns: 1000 },
    );
    expect(count).toBeGreaterThan(250);
  },
);

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
    expectLeft(put, good.subarray(0, length));
  }
});
