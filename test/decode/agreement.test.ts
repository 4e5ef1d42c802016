// A row and the details of the same record: where the row names a format for sure, it is the one that all of it has.
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { chainOf, rowBytesMax } from '../../src/decode/chain.ts';
import { beginsAs } from '../../src/decode/decoder.ts';
import { type SeededRandom, seededRandom } from '../support/seededRandom.ts';
import { aggregateOf, magic } from './support/aggregates.ts';
import { corpusOf } from './support/corpus.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const { preview, full } = chainOf();

/** Where a row, the beginning of a text, a line of an aggregate and Node's own buffers end. */
const bounds = [512, 2048, 4096, rowBytesMax, (rowBytesMax / 3) * 4, 65_536, 2 * 65_536];

type Make = (length: number, random: SeededRandom) => Uint8Array;

/** Some that do not repeat soon, so that they pack two to one. */
const signs = seededRandom(9);
const many = Array.from({ length: 16_384 }, () => signs.pick([...'abcdefgh é"\\'])).join('');
const letters = (length: number, random: SeededRandom): string =>
  many
    .slice(random.integer(0, 99))
    .repeat(Math.ceil(length / 16_000))
    .slice(0, length);
const json = (length: number, random: SeededRandom): string =>
  JSON.stringify({ note: letters(length, random) });
const aggregate = (length: number, random: SeededRandom): Uint8Array =>
  aggregateOf([{ partitionKey: 'key', data: random.bytes(length) }]);

const insides: Readonly<Record<string, Make>> = {
  JSON: (length, random) => utf8(json(length, random)),
  'JSON of one letter': (length) => utf8(`{"a":"${'a'.repeat(length)}"}`),
  'JSON, then a word': (length, random) => utf8(`${json(length, random)} end`),
  'lines of JSON': (length, random) =>
    utf8([1, 2, 3].map(() => json(Math.ceil(length / 3), random)).join('\n')),
  'JSON that goes wrong at its end': (length, random) => utf8(`[${json(length, random)},}]`),
  'JSON behind a byte order mark': (length, random) => utf8(`\ufeff${json(length, random)}`),
  text: (length, random) => utf8(letters(length, random)),
  'text that ends in bytes': (length, random) =>
    Uint8Array.from([...utf8(letters(length, random)), 0xff, 0]),
  bytes: (length, random) => random.bytes(length),
  aggregate,
  'aggregate, cut': (length, random) => aggregate(length, random).subarray(0, -1),
  'magic number': (length, random) => Uint8Array.from([...magic, ...random.bytes(length)]),
};

const wraps: Readonly<Record<string, (data: Uint8Array, random: SeededRandom) => Uint8Array>> = {
  nothing: (data) => data,
  gzip: (data) => gzipSync(data),
  'gzip twice': (data) => Buffer.concat([gzipSync(data.subarray(9)), gzipSync(data)]),
  'gzip, then a line feed': (data) => Buffer.concat([gzipSync(data), utf8('\n')]),
  'gzip, then bytes': (data, random) => Buffer.concat([gzipSync(data), random.bytes(30_000)]),
  'gzip, flipped': (data) =>
    gzipSync(data).map((byte, at, { length }) => byte ^ +(at === length - 5)),
  'gzip, cut': (data) => gzipSync(data).subarray(0, -1),
  zlib: (data) => deflateSync(data),
  'zlib, cut': (data) => deflateSync(data).subarray(0, -1),
  Base64: (data) => utf8(Buffer.from(data).toString('base64')),
  'Base64, then a sign': (data) => utf8(`${Buffer.from(data).toString('base64')}!`),
};

function wrongOf(data: Uint8Array, told: string): string[] {
  const all = full(data, 100).format;
  // A mask has a row look further: what it claims is the same.
  return [512, 2560].flatMap((charactersMax) => {
    const { format } = preview(data, charactersMax);
    return format.startsWith(beginsAs) || format === all ? [] : [`${told}: ${format}, is ${all}`];
  });
}

describe('a row and the details', () => {
  test('agree about records of every kind and of lengths around every bound', () => {
    const random = seededRandom(7_102_026);
    const wrong: string[] = [];
    const claimed = new Set<string>();
    for (const [inside, make] of Object.entries(insides)) {
      for (const bound of [40, ...bounds]) {
        const content = make(bound + random.integer(-40, 40), random);
        for (const [around, wrap] of Object.entries(wraps)) {
          const data = wrap(content, random);
          const outer = random.pick(Object.values(wraps))(data, random);
          const one = random.pick([data, outer]);
          wrong.push(...wrongOf(one, `${inside} in ${around}, ${one.length} B`));
          claimed.add(preview(one, 512).format);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect([...claimed].filter((format) => !format.startsWith(beginsAs)).length).toBeGreaterThan(
      12,
    );
  });

  test('agree about any payload', () => {
    const corpus = corpusOf({ seed: 20_270_121, count: 3000 });
    expect(corpus.flatMap(({ kind, data }) => wrongOf(data, kind))).toEqual([]);
  });

  test('name the same format of what is no longer than a row proves', () => {
    const random = seededRandom(3);
    for (const make of Object.values(insides)) {
      const data = make(rowBytesMax / 2 - 100, random);
      for (const one of [data, gzipSync(data), deflateSync(data)]) {
        expect(preview(one, 512).format).toBe(full(one, 100).format);
      }
    }
  });

  test('name one format of a row, however much of it is shown', () => {
    const late = utf8('x'.repeat(20_000));
    late[5000] = 1;
    const noise = seededRandom(4)
      .bytes(30_000)
      .map((byte) => 0x20 + (byte % 90));
    noise[5000] = 1;
    const long = utf8(`{"a":"${'x'.repeat(rowBytesMax)}"}`);
    for (const data of [late, gzipSync(noise), deflateSync(noise), long, gzipSync(long)]) {
      const formats = [1, 512, 4608].map((characters) => preview(data, characters).format);
      expect(new Set(formats).size).toBe(1);
    }
  });

  test.each([
    ['begins as json', utf8(`{"a":"${'x'.repeat(rowBytesMax)}"}`)],
    ['begins as text', utf8('x'.repeat(rowBytesMax + 1))],
    ['binary', new Uint8Array(rowBytesMax + 1)],
    ['begins as binary', Uint8Array.from([...magic, ...new Uint8Array(70_000).fill(1)])],
    ['begins as gzip json', gzipSync(`{"a":"${'x'.repeat(rowBytesMax)}"}`)],
    ['begins as zlib binary', deflateSync(new Uint8Array(rowBytesMax + 1))],
  ])('%s is said of what only begins so', (format, data) => {
    expect(preview(data, 512)).toMatchObject({ format });
  });
});
