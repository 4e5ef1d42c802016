// What lies around a record: gzip, zlib, Base64, one in another, wrong ones, and the bounds of what is unpacked.
import { constants, crc32, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { headBytesMax } from '../../src/decode/text.ts';
import { containersMax, unpackedBytesMax } from '../../src/decode/unpacking.ts';
import { seededRandom } from '../support/seededRandom.ts';
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
    inflateRawSync: counting(zlib.inflateRawSync as typeof zlib.gunzipSync),
  };
});

afterEach(() => {
  made.bytes = 0;
  made.calls = 0;
});

// Other tests of this worker may have loaded the chain, with the zlib that counts nothing.
vi.resetModules();
const { chainOf, rowBytesMax } = await import('../../src/decode/chain.ts');
afterAll(() => {
  vi.doUnmock('node:zlib');
  vi.resetModules();
});

const { preview, full, searchText, jsonHead } = chainOf();
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

  const packed = gzipSync(json);
  /** All that a header may have: extra bytes, a name, a comment, a checksum of its own. */
  const wordy = joined(
    packed.subarray(0, 3),
    Uint8Array.from([2 + 4 + 8 + 16]),
    packed.subarray(4, 10),
    Uint8Array.from([3, 0, 1, 2, 3]),
    utf8('name\0comment\0'),
  );
  const headed = joined(
    wordy,
    Uint8Array.from([crc32(wordy) & 0xff, (crc32(wordy) >> 8) & 0xff]),
    packed.subarray(10),
  );
  test.each([
    ['a line feed', joined(packed, utf8('\n')), json, '1 byte'],
    ['bytes', joined(packed, random), json, '60 bytes'],
    ['a header that nothing follows', joined(packed, packed.subarray(0, 12)), json, '12 bytes'],
    ['a member that is cut', joined(packed, packed.subarray(0, -1)), json, '/'],
    [
      'two members, then a word',
      joined(gzipSync('[1,'), gzipSync('2]'), utf8('end')),
      '[1,2]',
      '3 bytes',
    ],
    ['a long header, then a word', joined(headed, utf8('end')), json, '3 bytes'],
  ])('reads gzip before %s, and says what it left out', (_, data, text, count) => {
    expect(preview(data, 512)).toEqual({ text, isCut: false, format: 'gzip json' });
    expect(full(data, 1000).format).toBe('gzip json');
    const left = count === '/' ? `${packed.length - 1} bytes` : count;
    const packedSize = `${data.length - Number.parseInt(left, 10)} B`;
    expect(said(data, 'gzip')).toBe(
      `read: begins with 1f 8b, and its CRC-32 matches: ${packedSize} to ${text.length} B; ${left} after its end are left out`,
    );
    expect(searchText(data)).toBe(text);
  });

  test('a beginning is read of what is long and has bytes behind it', () => {
    const long = joined(gzipSync(seededRandom(1).bytes(rowBytesMax + 50)), random);
    expect(preview(long, 512).format).toBe('begins as gzip binary');
    expect(full(long, 512).format).toBe('gzip binary');
  });

  test('members that are too much for a row are not taken for the first of them', () => {
    const half = 'x'.repeat(rowBytesMax * 0.6);
    const members = joined(gzipSync(`["${half}`), gzipSync(`${half}"]`), utf8('\n'));
    expect(preview(members, 512).format).toBe('begins as gzip json');
    expect(full(members, 512).format).toBe('gzip json');
  });

  test('claims nothing of gzip whose checksum is wrong before other bytes', () => {
    const wrong = joined(changed(packed, packed.length - 6), utf8('\n'));
    expect(full(wrong, 1000).format).toBe('binary');
    expect(preview(wrong, 512).format).toBe('binary');
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
    expect(made.bytes).toBeLessThanOrEqual(4 * unpackedBytesMax);
    made.bytes = 0;
    expect(preview(data, 512).text.length).toBeLessThanOrEqual(512);
    expect(made.bytes).toBeLessThanOrEqual(unpackedBytesMax);
  });

  test('what is read of a bomb is a few times what its reader wants', () => {
    const small = gzipSync(`{"a":"${'a'.repeat(4 * 1024 * 1024)}"}`);
    // Few packed bytes lie between too little and too much of it.
    const sudden = gzipSync(Buffer.concat([seededRandom(2).bytes(2_000_000), Buffer.alloc(size)]));
    const kinds = [
      bomb,
      small,
      deflateSync(new Uint8Array(size)),
      gzipSync('ab'.repeat(60_000)),
      sudden,
    ];
    for (const data of kinds) {
      made.bytes = 0;
      const { text, format } = preview(data, 512);
      expect(format).toMatch(/^begins as /);
      expect(text).toHaveLength(512);
      expect(made.bytes).toBeLessThanOrEqual(6 * rowBytesMax);
      made.bytes = 0;
      jsonHead(data);
      expect(made.bytes).toBeLessThanOrEqual(6 * 2 * headBytesMax);
      made.bytes = 0;
      searchText(data);
      expect(made.bytes).toBeLessThanOrEqual(3 * unpackedBytesMax);
    }
    expect(jsonHead(small)).toMatchObject({ isWhole: false });
    expect(jsonHead(small)!.text.length).toBeGreaterThan(headBytesMax - 4);
    expect(searchText(bomb).length).toBeGreaterThanOrEqual(2 * 1024 * 1024);
  });

  test('what is short is unpacked once, for a row as for its details', () => {
    for (const data of [gzipSync(json), deflateSync(json)]) {
      for (const read of [preview, full]) {
        made.calls = made.bytes = 0;
        read(data, 512);
        expect(made).toEqual({ calls: 1, bytes: json.length });
      }
    }
  });

  test('of what hardly packs a beginning is found soon', () => {
    const noise = seededRandom(5).bytes(200_000);
    const packed = gzipSync(noise);
    made.calls = 0;
    expect(preview(packed, 512).format).toBe('begins as gzip binary');
    expect(made.calls).toBeLessThanOrEqual(4);
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
    expect(preview(cut, 512)).toMatchObject({ format: 'begins as gzip text', isCut: true });
    expect(full(cut, 1000).format).toBe('binary');
  });
});
