// Payloads that were made to hurt: each gets a clear answer within its bounds, from every decoder.
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chainOf, decoderNames } from '../../src/decode/chain.ts';
import { beginsAs } from '../../src/decode/decoder.ts';
import { aggregateOf } from './support/aggregates.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const mebibytes = 1024 * 1024;
const repeated = (text: string, bytes: number): Uint8Array =>
  new Uint8Array(Buffer.alloc(bytes, text));
const { preview, full, searchText } = chainOf();

const changedAtEnd = repeated('a', 10 * mebibytes).fill(0xff, -1);

describe('a hostile payload', () => {
  const deep = 5 * mebibytes;
  test.each<[string, Uint8Array, string, string]>([
    ['HTML', utf8('<script>alert(1)</script><img src=x onerror=alert(1)>'), 'text', 'text'],
    ['a terminal escape', utf8('\u001b[2J\u001b]0;title\u0007'), 'binary', 'binary'],
    ['control characters', utf8('a\u0000\u0008\u007f'), 'binary', 'binary'],
    ['text that runs backwards', utf8('\u202Egpj.exe'), 'text', 'text'],
    ['a line of 10 MiB', repeated('word ', 10 * mebibytes), 'begins as text', 'text'],
    [
      'a JSON string of 10 MiB',
      utf8(`["${'x'.repeat(10 * mebibytes)}"]`),
      'begins as json',
      'json',
    ],
    ['escapes of 10 MiB', utf8(`["${'\\u0041'.repeat(1_700_000)}"]`), 'begins as json', 'json'],
    ['deep JSON', utf8('['.repeat(deep) + ']'.repeat(deep)), 'begins as json', 'json'],
    ['deep JSON that is cut', utf8('{"a":'.repeat(mebibytes)), 'begins as text', 'text'],
    [
      'deep JSON that is wrong',
      utf8(`${'['.repeat(deep)}1${'}'.repeat(deep)}`),
      'begins as text',
      'text',
    ],
    ['JSON that goes wrong late', utf8(`[${'1,'.repeat(9000)}x]`), 'begins as json?', 'text'],
    ['a number of 10 MiB', utf8(`[${'9'.repeat(10 * mebibytes)}]`), 'begins as json', 'json'],
    ['white space of 10 MiB', repeated(' ', 10 * mebibytes), 'begins as text', 'text'],
    ['braces in white space', utf8(`{${' '.repeat(10 * mebibytes)}}`), 'begins as json', 'json'],
    ['a word that is no UTF-8', Uint8Array.from([0x61, 0xff, 0x62]), 'binary', 'binary'],
    ['half a surrogate', Uint8Array.from([0xed, 0xa0, 0x80]), 'binary', 'binary'],
    ['UTF-8 that is too long', Uint8Array.from([0xc0, 0xaf]), 'binary', 'binary'],
    ['UTF-16', Uint8Array.from(Buffer.from('\ufeffabc', 'utf16le')), 'binary', 'binary'],
    ['a byte order mark', utf8('\ufeff{"a":1}'), 'json', 'json'],
    ['bad bytes after 3 KB', Uint8Array.from([...repeated('a', 3000), 0xff]), 'binary', 'binary'],
    ['bad bytes after 10 MiB', changedAtEnd, 'begins as text?', 'binary'],
    ['gzip that is cut', gzipSync('{"a":1}').subarray(0, 22), 'binary', 'binary'],
    ['gzip of HTML', gzipSync('<b>'), 'gzip text', 'gzip text'],
    ['line breaks', utf8('a\u2028b\u2029c\r\nd\u0085e'), 'text', 'text'],
  ])('%s', (_, data, previewFormat, format) => {
    const shown = preview(data, 512);
    expect(shown.format).toBe(previewFormat.replace('?', ''));
    // The question mark says that all of it is something else.
    expect(previewFormat.endsWith('?')).toBe(shown.format.replace(beginsAs, '') !== format);
    expect(shown.text).not.toMatch(/[\r\n\u2028\u2029]/);
    expect(shown.text.length).toBeLessThanOrEqual(512);
    const decoded = full(data, 100_000);
    expect(decoded.format).toBe(format);
    expect(decoded.text.length).toBeLessThanOrEqual(100_000);
    expect(decoded.steps.at(-1)?.outcome).toBe('read');
    expect(searchText(data).length).toBeLessThanOrEqual(16 * mebibytes);
  });
});

describe('every chain', () => {
  const start = fc.constantFrom<number[]>(
    [],
    [0x1f, 0x8b, 8, 0],
    [0x78, 0x9c],
    [0x7b, 0x22],
    [0xf0, 0x9f],
    [0xf3, 0x89, 0x9a, 0xc2],
    [...Buffer.from('eyJ')],
    [...Buffer.from('H4sI')],
  );
  const raw = fc
    .tuple(start, fc.uint8Array({ maxLength: 200 }))
    .map(([head, rest]) => Uint8Array.from([...head, ...rest]));
  const text = fc.string({ unit: 'binary', maxLength: 100 }).map(utf8);
  const json = fc.json().map(utf8);
  const content = fc.oneof(raw, text, json);
  const packed = fc
    .tuple(
      content,
      fc.array(fc.constantFrom('gzip', 'zlib', 'base64', 'kpl', 'cut'), { maxLength: 6 }),
    )
    .map(([data, around]) => around.reduce(wrap, data));
  const pinned = fc
    .tuple(
      fc.array(fc.constantFrom('gzip', 'zlib', 'base64'), { maxLength: 3 }),
      fc.option(fc.constantFrom(...decoderNames), { nil: undefined }),
    )
    .map(([around, inside]) => (inside === undefined ? around : [...around, inside]));

  function wrap(data: Uint8Array, name: string): Uint8Array {
    if (name === 'gzip') return gzipSync(data);
    if (name === 'zlib') return deflateSync(data);
    if (name === 'base64') return utf8(Buffer.from(data).toString('base64'));
    if (name === 'kpl') return aggregateOf([{ partitionKey: 'a', data }]);
    return data.subarray(0, Math.floor(data.length / 2));
  }

  test('never throws and keeps its bounds', () => {
    const reached = new Set<string>();
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(packed, pinned, fc.nat(200), (data, pins, charactersMax) => {
        const chain = chainOf({ pinned: pins });
        const line = chain.preview(data, charactersMax);
        expect(line.text.length).toBeLessThanOrEqual(charactersMax);
        expect(line.text).not.toMatch(/[\r\n\u2028\u2029]/);
        const page = chain.full(data, charactersMax);
        expect(page.text.length).toBeLessThanOrEqual(charactersMax);
        expect(page.steps.at(-1)?.outcome).toBe('read');
        expect(page.steps.length).toBeLessThan(30);
        for (const { why } of page.steps) expect(why.length).toBeLessThan(200);
        expect(typeof chain.searchText(data)).toBe('string');
        reached.add(page.format);
        for (const { decoder, outcome } of page.steps) outcomes.add(`${decoder} ${outcome}`);
        // All of so short a record is looked at for its line.
        if (charactersMax * 4 >= data.length)
          expect([line.format, data]).toEqual([page.format, data]);
      }),
      { numRuns: 3000 },
    );
    expect(reached.size).toBeGreaterThan(20);
    expect(outcomes.size).toBeGreaterThanOrEqual(15);
  });
});
