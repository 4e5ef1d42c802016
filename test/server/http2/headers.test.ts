// Header blocks: what Node's own client compresses comes out again, and what is no block is refused.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CompressionError } from '../../../src/server/http2/frames.ts';
import { HeaderDecoder } from '../../../src/server/http2/headerDecoder.ts';
import { decodeHuffman } from '../../../src/server/http2/huffman.ts';
import { http2HeaderBlocks } from '../../support/clientBytes.ts';
import { block } from '../../support/http2Frames.ts';

async function expectSame(requests: readonly Record<string, string>[]): Promise<void> {
  const decoder = new HeaderDecoder();
  const lists = (await http2HeaderBlocks(requests)).map((bytes) => decoder.decode(bytes));
  for (const [at, request] of requests.entries()) {
    const { headers, isWellFormed } = lists[at]!;
    expect(isWellFormed).toBe(true);
    expect(Object.fromEntries(headers)).toMatchObject(request);
  }
}

test('decodeHuffman() reads every character that a header may have', async () => {
  const characters = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter(
    (character) => /[\x20-\x7e\x80-\xff]/.test(character),
  );
  // between others with short codes, so that the client finds compressing worth its while
  const values = characters.map((one) => `${'a'.repeat(60)}${one}${one}e${one}0`);
  await expectSame([Object.fromEntries(values.map((value, index) => [`x-${index}`, value]))]);
});

test('decodeHuffman() reads what the specification shows', () => {
  const bytes = Buffer.from('f1e3c2e5f23a6ba0ab90f4ff', 'hex');
  const into = Buffer.alloc(50);
  const length = decodeHuffman(bytes, { from: 0, to: bytes.length, into });
  expect(into.latin1Slice(0, length)).toBe('www.example.com');
});

test.each([
  ['padding that is not ones', 'f1e3c2e5f23a6ba0ab90f400'],
  ['a whole byte of padding', '1fff'],
  ['the end of a text in its midst', 'ffffffff'],
])('decodeHuffman() refuses %s', (_, hex) => {
  const bytes = Buffer.from(hex, 'hex');
  const into = Buffer.alloc(50);
  expect(decodeHuffman(bytes, { from: 0, to: bytes.length, into })).toBe(-1);
});

test('a decoder keeps the same table as the client, whatever that sends', async () => {
  const text = fc.string({
    unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789+/=~|\u00e9 .'),
    maxLength: 300,
  });
  const headers = fc.dictionary(
    fc.constantFrom(...Array.from({ length: 20 }, (_, index) => `x-name-${index}`)),
    text.map((value) => value.trim()),
    { maxKeys: 12 },
  );
  const requests = fc.array(headers, { minLength: 1, maxLength: 30 });
  await fc.assert(fc.asyncProperty(requests, expectSame), { numRuns: 40, seed: 7 });
});

const decoded = (bytes: Buffer) => new HeaderDecoder().decode(bytes);

describe('a decoder refuses', () => {
  test.each([
    ['an index of nothing', '80'],
    ['an index beyond the table', 'be'],
    ['a text that is cut off', '000a61'],
    ['a number without end', 'ffffffffffffffff7f'],
    ['a table larger than announced', '3fe21f'],
    ['a literal without its value', '000161'],
  ])('%s', (_, hex) => {
    expect(() => decoded(Buffer.from(hex, 'hex'))).toThrow(CompressionError);
  });

  test('a block that stands for a list without end', () => {
    // one header of 3,000 characters that is kept, then its number again and again
    const long = Buffer.concat([Buffer.from('400161 7f b9 16'.replaceAll(' ', ''), 'hex')]);
    const value = Buffer.alloc(3000, 'v');
    const again = Buffer.alloc(100, 0xbe);
    expect(() => decoded(Buffer.concat([long, value, again]))).toThrow(CompressionError);
    expect(decoded(Buffer.concat([long, value, again.subarray(80)])).headers.get('a')).toHaveLength(
      3000,
    );
  });
});

test('older entries make room for newer ones', () => {
  const decoder = new HeaderDecoder();
  const first = block([['first', '1']]);
  first[0] = 0x40; // to be kept
  const long = Buffer.concat([Buffer.from('4001617fb916', 'hex'), Buffer.alloc(3000, 'v')]);
  const second = Buffer.from('bf', 'hex');
  expect(decoder.decode(Buffer.concat([first, long, second])).headers.get('first')).toBe('1');
  expect(() => decoder.decode(Buffer.concat([long, second]))).toThrow(CompressionError);
});

test('a table is full to the last byte, and then its oldest entry goes', () => {
  const half = Buffer.concat([Buffer.from('4001617fe00e', 'hex'), Buffer.alloc(2015, 'v')]);
  const longer = Buffer.concat([Buffer.from('4001627fe10e', 'hex'), Buffer.alloc(2016, 'w')]);
  const second = Buffer.from('bf', 'hex');
  expect(decoded(Buffer.concat([half, half, second])).headers.get('a')).toHaveLength(2015);
  expect(() => decoded(Buffer.concat([half, longer, second]))).toThrow(CompressionError);
});

test('an entry that does not fit leaves the table empty', () => {
  const small = Buffer.from('4001610162', 'hex');
  const none = Buffer.from('20', 'hex'); // the table gets no room at all
  const first = Buffer.from('be', 'hex');
  expect(decoded(Buffer.concat([small, first])).headers.get('a')).toBe('b');
  expect(() => decoded(Buffer.concat([small, none, first]))).toThrow(CompressionError);
});

describe('a list is not well-formed with', () => {
  test.each([
    ['a name in capitals', [['Accept', 'x']]],
    ["a header of HTTP/1.1's connections", [['connection', 'close']]],
    ['te that is not trailers', [['te', 'gzip']]],
    ['a header with a colon that no request has', [[':status', '200']]],
    [
      'a header with a colon behind others',
      [
        ['accept', 'x'],
        [':path', '/'],
      ],
    ],
    [
      'a header with a colon twice',
      [
        [':path', '/'],
        [':path', '/'],
      ],
    ],
    ['a line feed in a value', [['accept', 'a\nb']]],
    ['an empty name', [['', 'x']]],
  ] as const)('%s', (_, headers) => {
    expect(decoded(block(headers)).isWellFormed).toBe(false);
  });
});

test('of a header that comes twice the first value is kept', () => {
  const list = decoded(
    block([
      ['accept', 'a'],
      ['accept', 'b'],
    ]),
  );
  expect(list.isWellFormed).toBe(true);
  expect(list.headers.get('accept')).toBe('a');
});
