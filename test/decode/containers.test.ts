// What lies around a record: gzip, zlib, Base64, one in another, wrong ones, and the bounds of what is unpacked.
import { constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { chainOf } from '../../src/decode/chain.ts';
import { containersMax, unpackedBytesMax } from '../../src/decode/unpacking.ts';
import { aggregateOf } from './support/aggregates.ts';

/** Bytes that came out of zlib, those of a call that hit its bound too. */
const made = vi.hoisted(() => ({ bytes: 0, calls: 0 }));

vi.mock('node:zlib', async (load) => {
  const zlib = await load<typeof import('node:zlib')>();
  const counting =
    (run: typeof zlib.gunzipSync) =>
    (data: Uint8Array, options: { maxOutputLength: number; info?: boolean }): unknown => {
      made.calls++;
      try {
        const answer = run(data, options) as unknown as Uint8Array;
        // With `info`, `buffer` is what came out, and is no property of it.
        made.bytes += options.info === true ? answer.buffer.byteLength : answer.byteLength;
        return answer;
      } catch (thrown) {
        made.bytes += options.maxOutputLength;
        throw thrown;
      }
    };
  return {
    ...zlib,
    gunzipSync: counting(zlib.gunzipSync),
    inflateSync: counting(zlib.inflateSync as typeof zlib.gunzipSync),
  };
});

afterEach(() => {
  made.bytes = 0;
  made.calls = 0;
});

const { preview, full, searchText } = chainOf();
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const base64 = (data: Uint8Array | string): Uint8Array =>
  utf8(Buffer.from(data as Uint8Array).toString('base64'));
const json = '{"name":"value of some length","id":12345678}';
const aggregate = aggregateOf([{ partitionKey: 'a', data: utf8('one') }]);
const random = Uint8Array.from({ length: 60 }, (_, index) => (index * 151 + 7) % 256);
const changed = (data: Uint8Array, at: number): Uint8Array =>
  data.map((byte, index) => (index === at % data.length ? byte ^ 0x55 : byte));
const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

/** What the report says of the outermost data. */
const said = (data: Uint8Array, decoder: string): string => {
  const step = full(data, 1000).steps.find((one) => one.decoder === decoder);
  return `${step?.outcome}: ${step?.why}`;
};

describe('what is read', () => {
  test.each([
    ['gzip json', gzipSync(json)],
    ['zlib json', deflateSync(json)],
    ['zlib text', deflateSync('text', { level: 0 })],
    ['zlib text', deflateSync('text', { windowBits: 9 })],
    ['gzip text', gzipSync('')],
    ['gzip binary', gzipSync(random)],
    ['gzip json', joined(gzipSync(json.slice(0, 9)), gzipSync(json.slice(9)))],
    ['gzip json', joined(gzipSync(json), new Uint8Array(7))],
    ['gzip zlib gzip text', gzipSync(deflateSync(gzipSync('text')))],
    ['gzip kpl', gzipSync(aggregate)],
    ['base64 json', base64(json)],
    ['base64 json', base64('[1,2,3,4]')],
    ['base64 json', utf8(`${Buffer.from(json).toString('base64').replace(/.{20}/g, '$&\n')}\r\n`)],
    ['base64 gzip json', base64(gzipSync(json))],
    ['base64 gzip text', base64(gzipSync('text'))],
    ['base64 zlib text', base64(deflateSync('text'))],
    ['base64 kpl', base64(aggregate)],
  ])('%s', (format, data) => {
    expect(full(data, 1000).format).toBe(format);
    expect(preview(data, 512).format).toBe(format);
  });

  test.each([
    ['text', base64('text that is no JSON')],
    ['text', base64('{"cut": "JSON')],
    ['text', base64(base64(json))],
    ['text', base64(joined(gzipSync(json).subarray(0, 30)))],
    ['text', utf8(`${Buffer.from(json).toString('base64')}!`)],
    [
      'text',
      utf8(`${Buffer.from(json).toString('base64')}.${Buffer.from(json).toString('base64')}.c2ln`),
    ],
    ['text', utf8('every word, with 8 signs')],
    ['text', utf8('eyeballs')],
    ['text', utf8('e30=')],
    ['binary', gzipSync(json).subarray(0, -1)],
    ['binary', gzipSync(json).subarray(0, -9)],
    ['binary', deflateSync(json).subarray(0, -1)],
    ['binary', changed(gzipSync(json), -6 + gzipSync(json).length)],
    ['binary', changed(deflateSync(json), deflateSync(json).length - 1)],
    ['binary', deflateSync(json, { dictionary: utf8('name') })],
    ['binary', deflateRawSync(random)],
    ['binary', joined(Uint8Array.from([0x1f, 0x8b, 8, 0]), random)],
    ['binary', joined(Uint8Array.from([0x78, 0x9c]), random)],
  ])('claims no more than %s', (format, data) => {
    expect(full(data, 1000).format).toBe(format);
    expect(preview(data, 512).format).toBe(format);
  });

  test('keeps what a checksum does not prove apart from what it does', () => {
    const rest = joined(deflateSync(json), utf8('rest'));
    expect(full(rest, 1000).format).toBe('zlib json');
    expect(said(rest, 'zlib')).toMatch(/matches: .* to 45 B; 4 bytes after its end are left out$/);
  });
});

describe('the report', () => {
  test.each([
    ['gzip', utf8('x'), 'notThis: is shorter than 1f 8b'],
    [
      'gzip',
      Uint8Array.from([0x1f, 0x8b, 8]),
      'notThis: begins with 1f 8b, but has less than 20 bytes',
    ],
    [
      'gzip',
      joined(Uint8Array.from([0x1f, 0x8b, 9]), random),
      'notThis: begins with 1f 8b, but the method or the flags after it do not exist',
    ],
    [
      'gzip',
      gzipSync(json).subarray(0, -9),
      'broken: begins with 1f 8b, but does not unpack: unexpected end of file',
    ],
    [
      'gzip',
      changed(gzipSync(json), gzipSync(json).length - 6),
      'broken: begins with 1f 8b, but does not unpack: incorrect data check',
    ],
    ['zlib', utf8('x'), 'notThis: has less than 8 bytes'],
    [
      'zlib',
      deflateSync(json, { dictionary: utf8('name') }),
      'notThis: has the header, which names a dictionary that nobody has',
    ],
    [
      'zlib',
      joined(Uint8Array.from([0x78, 0x9c, 0xff]), random),
      'broken: has the header, but does not unpack: invalid block type',
    ],
    [
      'base64',
      base64('{"cut": "JSON'),
      'notThis: the letters are Base64, but nothing proves what they stand for',
    ],
    ['base64', utf8('eyJ!eyJ!'), 'notThis: no Base64: the letters end at 3'],
    ['json', utf8('{"a":1} {"a":2}'), 'broken: is no JSON from character 8 on'],
    ['json', utf8('{"a":'), 'broken: ends in the middle of its JSON'],
    ['json', utf8('12'), 'notThis: begins with neither { nor ['],
    ['text', utf8('a\u0001b'), 'notThis: no readable text: control character 0x01 at character 1'],
    ['text', Uint8Array.from([97, 0xe2, 0x82]), 'notThis: not UTF-8: byte 0xe2 at 1'],
    ['text', Uint8Array.from([97, 0xed, 0xa0, 0x80]), 'notThis: not UTF-8: byte 0xed at 1'],
  ])('%s of %#', (decoder, data, sentence) => {
    expect(said(data, decoder)).toBe(sentence);
  });

  test('finds the byte that is no UTF-8 where Node finds one', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }).map((text) => [...Buffer.from(text)]),
      fc.array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xf5, 0xff)),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const data = Uint8Array.from(parts.flat());
        const place = /byte 0x.. at (\d+)/.exec(said(data, 'text'))?.[1];
        const isValid = isUtf8(data);
        fc.pre(data.length > 0 && !said(data, 'text').includes('control'));
        expect(place === undefined).toBe(isValid);
        if (place !== undefined) expect(isUtf8(data.subarray(0, Number(place)))).toBe(true);
      }),
    );
  });
});

function isUtf8(data: Uint8Array): boolean {
  return Buffer.from(Buffer.from(data).toString('utf8')).equals(Buffer.from(data));
}

describe('bounds', () => {
  const size = 20 * 1024 * 1024;
  const bomb = gzipSync(new Uint8Array(size).fill(0x61));
  const zeros = gzipSync(new Uint8Array(size));

  test('a bomb makes twice the bound at most, and its beginning is shown', () => {
    const { isCut, steps, text, format } = full(bomb, 1000);
    expect({ isCut, text, format }).toEqual({
      isCut: true,
      text: 'a'.repeat(1000),
      format: 'gzip text',
    });
    expect(steps[0]).toEqual({
      decoder: 'gzip',
      outcome: 'read',
      why: 'begins with 1f 8b, and holds more than 16.0 MiB: its beginning only',
    });
    expect(made.bytes).toBeGreaterThan(unpackedBytesMax);
    expect(made.bytes).toBeLessThanOrEqual(2 * unpackedBytesMax);
  });

  test.each([
    ['gzip in gzip', gzipSync(bomb), 'gzip gzip text'],
    ['gzip in gzip in zlib', deflateSync(gzipSync(bomb)), 'zlib gzip gzip text'],
    ['gzip in Base64', base64(bomb), 'base64 gzip text'],
    ['many members', joined(...new Array<Uint8Array>(50).fill(zeros)), 'gzip binary'],
    ['zlib', deflateSync(new Uint8Array(size).fill(0x5b)), 'zlib json'],
  ])('a bomb of %s', (_, data, format) => {
    expect(full(data, 1000)).toMatchObject({ isCut: true, format });
    expect(made.bytes).toBeLessThanOrEqual(2 * unpackedBytesMax);
    made.bytes = 0;
    searchText(data);
    expect(made.bytes).toBeLessThanOrEqual(2 * unpackedBytesMax);
    made.bytes = 0;
    expect(preview(data, 512).text.length).toBeLessThanOrEqual(512);
    expect(made.bytes).toBeLessThanOrEqual(unpackedBytesMax);
  });

  test('a preview of a bomb unpacks 4 KiB of it', () => {
    expect(preview(bomb, 512)).toEqual({ text: 'a'.repeat(512), isCut: true, format: 'gzip text' });
    expect(made.bytes).toBeLessThanOrEqual(4096 * 1032);
  });

  test('no more than so many are opened, one in another', () => {
    let data: Uint8Array = utf8('text');
    for (let depth = 0; depth <= containersMax; depth++) data = gzipSync(data);
    const { format, steps } = full(data, 1000);
    expect(format).toBe(`${'gzip '.repeat(containersMax)}binary`);
    expect(made.calls).toBe(containersMax);
    expect(steps.filter(({ outcome }) => outcome === 'broken')).toEqual([
      {
        decoder: 'gzip',
        outcome: 'broken',
        why: `may be so, but lies in ${containersMax} others, and no more are opened`,
      },
    ]);
  });

  test('what was unpacked already leaves no room for more', () => {
    const inner = gzipSync(Buffer.alloc(unpackedBytesMax - 1000, 'abc'), { level: 1 });
    const padded = joined(inner, new Uint8Array(unpackedBytesMax - 30_000 - inner.length));
    const { format, steps } = full(gzipSync(padded), 1000);
    expect(format).toBe('gzip binary');
    const why = 'may be so, but 16.0 MiB were unpacked already';
    expect(steps).toContainEqual({ decoder: 'gzip', outcome: 'broken', why });
  });

  test('nothing is unpacked of what has no header', () => {
    for (const data of [utf8(json), random, utf8('hello'), utf8('e'), new Uint8Array(100)]) {
      full(data, 1000);
      preview(data, 512);
      searchText(data);
    }
    expect(made.calls).toBe(0);
  });

  test('a head says what it unpacks to, and only all of it proves the rest', () => {
    const lines = Array.from({ length: 4000 }, (_, index) => `${(index * 7919) % 10_007},`).join(
      '',
    );
    const packed = gzipSync(lines, { strategy: constants.Z_HUFFMAN_ONLY });
    const cut = packed.subarray(0, -5);
    expect(cut.length).toBeGreaterThan(4096);
    expect(preview(cut, 512)).toMatchObject({ format: 'gzip text', isCut: true });
    expect(full(cut, 1000).format).toBe('binary');
  });
});
