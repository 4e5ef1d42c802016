// What a record's data looks like to a person, whatever bytes it is made of.
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const { preview, full, searchText, jsonHead } = plainDecoder;

describe('preview()', () => {
  test.each([
    ['json', utf8('{"a": 1,\n "b": [2]}'), '{"a": 1, "b": [2]}'],
    ['text', utf8('hello\r\n  world'), 'hello world'],
    ['text', utf8('{not json}'), '{not json}'],
    ['text', utf8('Zürich 🛫'), 'Zürich 🛫'],
    ['empty', new Uint8Array(0), ''],
    ['binary', new Uint8Array([0, 1, 254, 255]), '00 01 fe ff'],
    ['gzip json', gzipSync('{"a":1}'), '{"a":1}'],
    ['zlib text', deflateSync('hello'), 'hello'],
    ['gzip binary', gzipSync(new Uint8Array([0, 255])), '00 ff'],
  ])('%s', (format, data, text) => {
    expect(preview(data, 512)).toEqual({ text, format, isCut: false });
  });

  test('is one line of at most the characters asked for, and says that it is cut', () => {
    const long = preview(utf8(`{"a":"${'x'.repeat(5000)}"}`), 512);
    expect(long.text).toHaveLength(512);
    expect(long).toMatchObject({ isCut: true, format: 'json' });
    const emoji = preview(utf8('🛫'.repeat(400)), 511);
    expect(emoji.text).toBe('🛫'.repeat(255));
    const packed = preview(gzipSync(`{"a":"${'xyz'.repeat(900_000)}"}`), 512);
    expect(packed).toMatchObject({ isCut: true, format: 'begins as gzip json' });
  });

  test.each([
    ['is parsed once up to 2 KiB', 2000, { decoded: [2000], parsed: 1 }],
    ['is decoded once up to 16 KiB', 16_384, { decoded: [16_384], parsed: 0 }],
    ['of more has 16 KiB decoded', 1_000_000, { decoded: [16_384], parsed: 0 }],
  ])('of plain JSON %s', (_, length, cost) => {
    const data = utf8(`{"a":"${'x'.repeat(length - 8)}"}`);
    const decode = vi.spyOn(TextDecoder.prototype, 'decode');
    const parse = vi.spyOn(JSON, 'parse');
    const { format } = preview(data, 512);
    const decoded = decode.mock.calls.map(([bytes]) => bytes!.byteLength);
    const parsed = parse.mock.calls.length;
    vi.restoreAllMocks();
    expect({ decoded, parsed }).toEqual(cost);
    expect(format).toMatch(/^(begins as )?json$/);
  });

  test('never throws and keeps its bounds for any bytes', () => {
    const head = fc.constantFrom([], [0x1f, 0x8b, 8], [0x78, 0x9c], [0x7b], [0xf0, 0x9f]);
    fc.assert(
      fc.property(head, fc.uint8Array({ maxLength: 3000 }), (start, rest) => {
        const data = new Uint8Array([...start, ...rest]);
        const { text } = preview(data, 64);
        expect(text.length).toBeLessThanOrEqual(64);
        expect(text).not.toMatch(/[\r\n]/);
        expect(full(data, 1000).text.length).toBeLessThanOrEqual(1000);
        expect(typeof searchText(data)).toBe('string');
      }),
    );
  });
});

describe('full()', () => {
  test('indents JSON and tells the steps', () => {
    const data = gzipSync('{"origin":"HNL","delay":95}');
    expect(full(data, 1000)).toEqual({
      text: '{\n  "origin": "HNL",\n  "delay": 95\n}',
      isCut: false,
      format: 'gzip json',
      steps: [
        {
          decoder: 'gzip',
          outcome: 'read',
          why: `begins with 1f 8b, and its CRC-32 matches: ${data.length} B to 27 B`,
        },
        { decoder: 'gzip', outcome: 'notThis', why: 'begins with 7b 22, not 1f 8b' },
        { decoder: 'zlib', outcome: 'notThis', why: 'the first two bytes are no header of it' },
        {
          decoder: 'base64',
          outcome: 'notThis',
          why: 'does not begin as Base64 of anything that could be proven',
        },
        { decoder: 'kpl', outcome: 'notThis', why: 'begins with 7b 22 6f 72, not f3 89 9a c2' },
        { decoder: 'json', outcome: 'read', why: 'all 27 characters are one object' },
      ],
    });
  });

  test('keeps numbers of any length, repeated names and their order as they were put', () => {
    const data = utf8('{"id":12345678901234567890,"b": 1.0,"7":1e2, "b":[ ]}');
    expect(full(data, 1000).text).toBe(
      '{\n  "id": 12345678901234567890,\n  "b": 1.0,\n  "7": 1e2,\n  "b": []\n}',
    );
  });

  test('indents any JSON as JSON.stringify() would', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 3, '\t'), (value, indent) => {
        fc.pre(typeof value === 'object' && value !== null);
        const data = utf8(JSON.stringify(value, undefined, indent));
        expect(full(data, 1_000_000).text).toBe(JSON.stringify(value, undefined, 2));
      }),
    );
  });

  test('makes no string for each value of JSON, of which a record may have millions', () => {
    const values = 200_000;
    const json = `[${'1,'.repeat(values)}"\\"",{"a":{}}]`;
    const data = utf8(json);
    const makers = [
      vi.spyOn(String.prototype, 'slice'),
      vi.spyOn(String, 'fromCharCode'),
      vi.spyOn(RegExp.prototype, 'exec'),
    ];
    const { text } = full(data, 10_000_000);
    const made = makers.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    vi.restoreAllMocks();
    expect(text).toBe(JSON.stringify(JSON.parse(json), undefined, 2));
    expect(made).toBeLessThan(text.length / 4096);
  });

  test.each([
    ['deep', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['deep and wide', `${'['.repeat(1000)}${'1,'.repeat(500_000)}1${']'.repeat(1000)}`],
    ['one long string', JSON.stringify(['\\"'.repeat(500_000)])],
  ])('keeps its bound for JSON that is %s', (_, json) => {
    const { text, isCut, format } = full(utf8(json), 10_000);
    expect({ length: text.length, isCut, format }).toEqual({
      length: 10_000,
      isCut: true,
      format: 'json',
    });
  });

  test('keeps a byte order mark, and says that JSON does not allow it', () => {
    const marked = utf8('\ufeff{"a":1}');
    const { text, format, steps } = full(marked, 1000);
    expect({ text, format }).toEqual({ text: '\ufeff{\n  "a": 1\n}', format: 'json' });
    expect(text).not.toBe(full(marked.subarray(3), 1000).text);
    expect(steps.at(-1)!.why).toBe(
      'all 7 characters after a byte order mark, which JSON does not allow, are one object',
    );
    expect(full(utf8('\ufeffa'), 1000).text).toBe('\ufeffa');
    expect(preview(marked, 512)).toEqual({ text: '{"a":1}', isCut: false, format: 'json' });
    expect(preview(utf8(`\ufeff["${'x'.repeat(600)}"]`), 512)).toMatchObject({ format: 'json' });
    // What looks into it looks behind the mark.
    expect(searchText(gzipSync(marked))).toBe('{"a":1}');
    expect(jsonHead(marked)).toEqual({ text: '{"a":1}', isWhole: true });
  });

  test('shows bytes with their places', () => {
    const { text, steps } = full(new Uint8Array([0, ...utf8('Kinesis'), 255]), 1000);
    expect(text).toBe(`00000000  ${'00 4b 69 6e 65 73 69 73 ff'.padEnd(47)}  .Kinesis.`);
    expect(steps.slice(-4)).toEqual([
      { decoder: 'kpl', outcome: 'notThis', why: 'begins with 00 4b 69 6e, not f3 89 9a c2' },
      { decoder: 'json', outcome: 'notThis', why: 'not UTF-8: byte 0xff at 8' },
      { decoder: 'text', outcome: 'notThis', why: 'not UTF-8: byte 0xff at 8' },
      { decoder: 'hex', outcome: 'read', why: 'nothing else reads it' },
    ]);
  });
});
