// What a record's data looks like to a person, whatever bytes it is made of.
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const { preview, full, searchText } = plainDecoder;

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
    expect(packed).toMatchObject({ isCut: true, format: 'gzip json' });
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
