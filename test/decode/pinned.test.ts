// Decoders that a user fixed for a stream: just these are asked, and what does not fit says so.
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { chainOf, decoderNames, pinProblem } from '../../src/decode/chain.ts';
import { aggregateOf } from './support/aggregates.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const base64 = (text: string): Uint8Array => utf8(Buffer.from(text).toString('base64'));

describe('pinProblem()', () => {
  test('knows every decoder', () => {
    expect(decoderNames).toEqual(['gzip', 'zlib', 'base64', 'kpl', 'json', 'text', 'hex']);
    for (const name of decoderNames) expect(pinProblem([name])).toBeUndefined();
    expect(pinProblem([])).toBeUndefined();
    expect(pinProblem(['base64', 'gzip', 'json'])).toBeUndefined();
  });

  test.each([
    [['avro'], 'There is no decoder `avro`. Use gzip, zlib, base64, kpl, json, text, hex.'],
    [['json', 'gzip'], 'Only the last decoder can be one of kpl, json, text, hex.'],
    [['json', 'text'], 'Only the last decoder can be one of kpl, json, text, hex.'],
  ])('says what is wrong with %j', (pinned, problem) => {
    expect(pinProblem(pinned)).toBe(problem);
    expect(() => chainOf({ pinned })).toThrow('these decoders are no chain');
  });
});

describe('chainOf({ pinned })', () => {
  test.each<[string[], Uint8Array, string, string]>([
    [['gzip', 'json'], gzipSync('{"a":1}'), 'gzip json', '{"a":1}'],
    [['gzip'], gzipSync('{"a":1}'), 'gzip json', '{"a":1}'],
    [['gzip'], gzipSync('word'), 'gzip text', 'word'],
    [['gzip', 'gzip', 'text'], gzipSync(gzipSync('[1]')), 'gzip gzip text', '[1]'],
    [
      ['gzip', 'text'],
      gzipSync(gzipSync('a')).subarray(),
      'gzip binary, not as pinned',
      '1f 8b 08',
    ],
    [['zlib', 'hex'], deflateSync('word'), 'zlib binary', '77 6f 72 64'],
    [['base64'], base64('any words'), 'base64 text', 'any words'],
    [['base64', 'text'], base64('{"a":1}'), 'base64 text', '{"a":1}'],
    [['base64'], utf8('YQ=='), 'base64 text', 'a'],
    [['base64'], utf8('no Base64'), 'text, not as pinned', 'no Base64'],
    [['json'], utf8('12'), 'json', '12'],
    [['json'], utf8('"word"'), 'json', '"word"'],
    [['json'], utf8('word'), 'text, not as pinned', 'word'],
    [['json'], gzipSync('{}'), 'binary, not as pinned', '1f 8b 08'],
    [['text'], utf8('{"a":1}'), 'text', '{"a":1}'],
    [['text'], utf8('a\u0000b\u007f'), 'text', 'a\u0000b\u007f'],
    [['text'], Uint8Array.from([65, 255]), 'binary, not as pinned', '41 ff'],
    [['hex'], utf8('{"a":1}'), 'binary', '7b 22 61 22 3a 31 7d'],
    [['kpl'], utf8('{"a":1}'), 'text, not as pinned', '{"a":1}'],
    [['kpl'], aggregateOf([{ partitionKey: 'a', data: utf8('b') }]), 'kpl', '1 user record: b'],
    [['gzip', 'json'], utf8('{"a":1}'), 'text, not as pinned', '{"a":1}'],
    [['gzip', 'json'], gzipSync('word'), 'gzip text, not as pinned', 'word'],
    [['gzip', 'json'], new Uint8Array(0), 'empty', ''],
  ])('%j reads %s as %s', (pinned, data, format, text) => {
    const { preview, full } = chainOf({ pinned });
    expect(full(data, 1000).format).toBe(format);
    const line = preview(data, 512);
    expect(line.format).toBe(format);
    expect(line.text.slice(0, text.length)).toBe(text);
  });

  test('asks nobody else, and says what did not fit', () => {
    const { full } = chainOf({ pinned: ['gzip', 'json'] });
    expect(full(gzipSync('{"a":1}'), 1000).steps.map(({ decoder }) => decoder)).toEqual([
      'gzip',
      'json',
    ]);
    expect(full(utf8('{"a":1}'), 1000).steps).toEqual([
      { decoder: 'gzip', outcome: 'notThis', why: 'begins with 7b 22, not 1f 8b' },
      { decoder: 'text', outcome: 'read', why: 'UTF-8, 7 characters, all readable' },
    ]);
    expect(full(gzipSync('{"a":'), 1000).steps.slice(1)).toEqual([
      { decoder: 'json', outcome: 'broken', why: 'ends in the middle of its JSON' },
      { decoder: 'text', outcome: 'read', why: 'UTF-8, 5 characters, all readable' },
    ]);
    const controls = chainOf({ pinned: ['text'] });
    expect(controls.full(utf8('a\u0001'), 1000).steps).toEqual([
      {
        decoder: 'text',
        outcome: 'read',
        why: 'UTF-8, with control characters, which are drawn as signs',
      },
    ]);
  });

  test('tells text apart that looks the same', () => {
    const { full } = chainOf({ pinned: ['text'] });
    const texts = ['a\0b', 'a␀b', '\ufeffa', 'a'];
    expect(texts.map((text) => full(utf8(text), 100).text)).toEqual(texts);
  });

  test('searches in what is shown', () => {
    expect(chainOf({ pinned: ['base64'] }).searchText(base64('any words'))).toBe('any words');
    expect(chainOf({ pinned: ['text'] }).searchText(gzipSync('word'))).toBe('');
    expect(chainOf({ pinned: ['text'] }).searchText(utf8('a\u0001'))).toBe('a\u0001');
    expect(chainOf().searchText(base64('any words'))).toBe(
      Buffer.from('any words').toString('base64'),
    );
    expect(chainOf().searchText(base64('{"a":"bcd"}'))).toBe('{"a":"bcd"}');
    expect(chainOf().searchText(gzipSync('word'))).toBe('word');
    // What is shown as bytes has no text.
    expect(chainOf({ pinned: ['hex'] }).searchText(utf8('word'))).toBe('');
    expect(chainOf({ pinned: ['gzip', 'hex'] }).searchText(gzipSync('word'))).toBe('');
    expect(chainOf({ pinned: ['gzip', 'hex'] }).searchText(utf8('word'))).toBe('word');
  });
});
