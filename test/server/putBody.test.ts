// The one-pass reader of puts against the general way: whatever it takes, both must read alike.
import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operations } from '../../src/kinesis/operations.ts';
import { plainInput, uncheckedPart } from '../../src/kinesis/packedInputs.ts';
import { failuresOf } from '../../src/kinesis/validate.ts';
import { BufferPool } from '../../src/server/bufferPool.ts';
import { parseBody } from '../../src/server/json/codec.ts';
import { decoderOf } from '../../src/server/json/decode.ts';
import { readPutBody } from '../../src/server/json/putBody.ts';

type Put = 'PutRecord' | 'PutRecords';

const pool = new BufferPool();

/** What is read of either operation. */
interface PutBody {
  readonly Records?: readonly { readonly Data: Uint8Array; readonly PartitionKey?: string }[];
}

/** Into a buffer that was used before. */
function read(operation: Put, body: Buffer): PutBody | undefined {
  const loan = pool.loan();
  const input = readPutBody(operation, { body, loan });
  loan.end();
  if (!input) return undefined;
  const plain = plainInput(input);
  const { input: shape } = operations[operation];
  expect(failuresOf(shape, uncheckedPart(input))).toEqual(failuresOf(shape, plain));
  return plain;
}

function generally(operation: Put, body: Buffer): unknown {
  return decoderOf(operations[operation].input)(parseBody(body));
}

/** Buffers as plain byte lists, absent members left out. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, member) => {
      if (member?.type === 'Buffer') return [...Buffer.from(member.data)];
      return member instanceof Uint8Array ? [...member] : member;
    }),
  );

/** Takes the body, and reads it as the general way does. */
function expectTaken(operation: Put, text: string | Buffer): void {
  const body = Buffer.from(text as string);
  expect(plain(read(operation, body))).toEqual(plain(generally(operation, body)));
}

const keysOf = (input: unknown) => (input as PutBody).Records!.map((one) => one.PartitionKey);

const dataOf = (body: Buffer): Buffer =>
  Buffer.concat((generally('PutRecords', body) as PutBody).Records!.map((one) => one.Data!));

const expectLeft = (operation: Put, text: string): void =>
  expect(read(operation, Buffer.from(text))).toBeUndefined();

const record = '{"StreamName":"s","Data":"aGVsbG8=","PartitionKey":"k"}';

describe('readPutBody()', () => {
  test.each([
    ['as SDKs write it', record],
    ['with white space everywhere', ' {\t"Data" : "" ,\r\n "PartitionKey" : "k" }\n '],
    [
      'with characters of several bytes',
      '{"Data":"AA==","PartitionKey":"ключ-💧","StreamName":"é"}',
    ],
    [
      'with every member',
      record.replace('{', '{"ExplicitHashKey":"1","SequenceNumberForOrdering":"2",'),
    ],
    [
      'with a member twice: the last counts',
      record.replace('{', '{"Data":"AAAA","PartitionKey":"x",'),
    ],
    ['naming the stream by ARN', record.replace('StreamName', 'StreamARN')],
  ])('takes PutRecord %s', (_, text) => expectTaken('PutRecord', text));

  test('takes PutRecords, the stream named before or after the records', () => {
    const records =
      '"Records":[{"Data":"AAAA","PartitionKey":"a-b_c"},{"PartitionKey":"b","Data":"_"}]';
    expectLeft('PutRecords', `{${records},"StreamName":"s"}`);
    const good = records.replace('"_"', '"AQ==","ExplicitHashKey":"7"');
    expectTaken('PutRecords', `{${good},"StreamName":"s"}`);
    expectTaken('PutRecords', `{"StreamName":"s",${good}}`);
  });

  test('leaves a key that is no UTF-8, and reads other members so as the general way does', () => {
    const changed = (text: string): Buffer => {
      const body = Buffer.from(record);
      body[body.indexOf(text) + 1] = 0xff;
      return body;
    };
    expect(read('PutRecord', changed('"k"'))).toBeUndefined();
    expectTaken('PutRecord', changed('"s"'));
  });

  test.each([
    ['no records', '[]'],
    ['no data', '[{"PartitionKey":"k"}]'],
    ['an empty key', '[{"Data":"","PartitionKey":""}]'],
    ['a key of 257 characters', `[{"Data":"","PartitionKey":"${'k'.repeat(257)}"}]`],
    ['a hash key that is none', '[{"Data":"","PartitionKey":"k","ExplicitHashKey":"01"}]'],
    ['a hash key above all', `[{"Data":"","PartitionKey":"k","ExplicitHashKey":"${2n ** 128n}"}]`],
    ['501 records', `[${Array(501).fill('{"Data":"","PartitionKey":"k"}')}]`],
    ['records twice', '[{"Data":"","PartitionKey":"k"}],"Records":[]'],
  ])('leaves %s to the general way', (_, records) =>
    expectLeft('PutRecords', `{"StreamName":"s","Records":${records}}`),
  );

  test('takes records without a key, beside others and alone', () => {
    const keyed = '{"Data":"AAAA","PartitionKey":"key"}';
    const keyless = '{"Data":"BBBB","ExplicitHashKey":"7"}';
    for (const records of [[keyless], [keyed, keyless, keyed], ['{"Data":""}', keyed, keyless]]) {
      expectTaken('PutRecords', `{"StreamName":"s","Records":[${records}]}`);
    }
    expectTaken('PutRecord', '{"StreamName":"s","Data":"AAAA"}');
  });

  test('takes what is just within its constraints', () => {
    const entries = [
      `{"Data":"","PartitionKey":"${'k'.repeat(256)}"}`,
      `{"PartitionKey":"${'é'.repeat(256)}","Data":"AAAA","ExplicitHashKey":"${2n ** 128n - 1n}"}`,
      '{"ExplicitHashKey":"0","Data":"","PartitionKey":"k"}',
    ];
    const records = Array.from({ length: 500 }, (_, place) => entries[place % 3]);
    expectTaken('PutRecords', `{"StreamName":"s","Records":[${records}]}`);
  });

  test('takes data of any length, whatever the length before', () => {
    const lengths = [0, 5, 600, 100, 1200, 1200, 3, 1200, 900, 64 * 1024, 2000, 70 * 1024, 1];
    const records = lengths.map((length) => {
      const data = Buffer.alloc(length, 'abc').toString('base64');
      return `{"Data":"${data}","PartitionKey":"k-${length}_"}`;
    });
    expectTaken('PutRecords', `{"StreamName":"s","Records":[${records}]}`);
  });

  test.each([
    ['no object', '[]'],
    ['an empty object', '{}'],
    ['an empty body', ''],
    ['something behind', `${record}x`],
    ['a comma too many', record.replace('}', ',}')],
    ['no end', record.slice(0, -1)],
    ['a string without end', record.slice(0, -2)],
    ['an escape', record.replace('"k"', '"\\u006b"')],
    ['a control character', record.replace('"k"', '"\t"')],
    ['a member it does not know', record.replace('{', '{"Other":1,')],
    ['a null', record.replace('"k"', 'null')],
    ['a number', record.replace('"k"', '5')],
    ['a member of the other operation', record.replace('{', '{"Records":[],')],
    ['a byte order mark', `\ufeff${record}`],
    ['a list behind a member', record.replace('}', '[{"Data":"","PartitionKey":"k"}]}')],
  ])('leaves %s to the general way', (_, text) => expectLeft('PutRecord', text));

  test.each([
    'A',
    'AA',
    'AAA',
    '=',
    '====',
    'A===',
    'AB==',
    'AAB=',
    'AA=A',
    'A A=',
    'AA-A',
    '_AAA',
    'AA==AAAA',
    'AA\n=',
    'AAA=AAA=',
    'AÄ==',
  ])('leaves %j, which is no canonical base64', (data) =>
    expectLeft('PutRecord', record.replace('aGVsbG8=', data)),
  );

  test('agrees with the general way on every input of its form', () => {
    const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    const hash = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map(String);
    const data = fc
      .uint8Array({ maxLength: 70 })
      .map((bytes) => Buffer.from(bytes).toString('base64'));
    const entry = fc.record(
      { Data: data, PartitionKey: key, ExplicitHashKey: hash },
      { requiredKeys: ['Data'] },
    );
    const input = fc.record({ Records: fc.array(entry, { minLength: 1 }), StreamName: key });
    let taken = 0;
    fc.assert(
      fc.property(input, fc.constantFrom(undefined, 1), (value, indent) => {
        const body = Buffer.from(JSON.stringify(value, undefined, indent));
        const taking = read('PutRecords', body);
        if (!taking) {
          expect(body.includes('\\') || body.includes('\ufffd')).toBe(true);
          return;
        }
        taken += 1;
        expect(plain(taking)).toEqual(plain(generally('PutRecords', body)));
      }),
      { numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(250);
  });

  test('agrees with the general way wherever its windows of 64 KiB end', () => {
    const KIB = 1024;
    const size = fc.oneof(fc.nat(200), fc.integer({ min: 20 * KIB, max: 100 * KIB }));
    const entry = fc.tuple(size, fc.constantFrom('k', '💧', 'a-b_c', '\ufeffk', '\xff'), fc.nat(3));
    const behind = fc.constantFrom('', ' '.repeat(70 * KIB), ',"StreamARN":"a"', 'x');
    let taken = 0;
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 8 }), behind, (entries, end) => {
        const records = entries.map(([length, key, blanks]) => {
          const data = Buffer.alloc(length, key).toString('base64');
          return `{${' '.repeat(blanks)}"PartitionKey":"${key}","Data":"${data}"}`;
        });
        const text = `{"StreamName":"s","Records":[${records.join(', ')}]${end}}`;
        // A character of one byte in latin1 is no UTF-8.
        const body = Buffer.from(text, text.includes('💧') ? 'utf8' : 'latin1');
        const taking = read('PutRecords', body);
        expect(taking === undefined).toBe(end === 'x' || !isUtf8(body));
        if (!taking) return;
        taken += 1;
        expect(taking.Records).toHaveLength(entries.length);
        expect(Buffer.concat(taking.Records!.map((one) => one.Data!)).equals(dataOf(body))).toBe(
          true,
        );
        expect(keysOf(taking)).toEqual(keysOf(generally('PutRecords', body)));
      }),
      { numRuns: 150 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  test('never takes what the general way refuses, whatever signs are put in', () => {
    const records = '"Records":[{"Data":"AAEC","PartitionKey":"a"},{"Data":"","PartitionKey":"b"}]';
    const good = `{"StreamName":"s",${records},"StreamARN":"a"}`;
    const sign = fc.constantFrom(...'{}[],:" \n', '[{"Data":""}]', '[]', '""');
    const insert = fc.tuple(fc.nat(good.length), sign);
    let taken = 0;
    fc.assert(
      fc.property(fc.array(insert, { minLength: 1, maxLength: 2 }), (inserts) => {
        let text = good;
        for (const [at, added] of inserts) text = text.slice(0, at) + added + text.slice(at);
        const taking = read('PutRecords', Buffer.from(text));
        if (!taking) return;
        taken += 1;
        expect(plain(taking)).toEqual(plain(generally('PutRecords', Buffer.from(text))));
      }),
      { numRuns: 5000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  test('never takes what the general way refuses, whatever bytes are changed', () => {
    const good = Buffer.from(
      `{"StreamName":"s","Records":[${'{"Data":"AAEC/w==","PartitionKey":"a-b"},'.repeat(3).slice(0, -1)}]}`,
    );
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
    let taken = 0;
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), (changes) => {
        const body = Buffer.from(good);
        for (const [at, byte] of changes) body[at] = byte;
        const taking = read('PutRecords', body);
        if (!taking) return;
        taken += 1;
        expect(plain(taking)).toEqual(plain(generally('PutRecords', body)));
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});
