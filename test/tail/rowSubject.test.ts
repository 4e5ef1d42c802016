// What a query sees of a held row: the same text and JSON, whichever shortcut is taken.
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
import { PinnedDecoder } from '../../src/decode/pinnedDecoder.ts';
import type { Matcher } from '../../src/query/matcher.ts';
import { parseQuery } from '../../src/query/query.ts';
import { jsonOf } from '../../src/query/subject.ts';
import { RowStore } from '../../src/tail/rowStore.ts';
import { RowSubject } from '../../src/tail/rowSubject.ts';

const store = new RowStore(1e9);
const subject = new RowSubject(store, plainDecoder);

function subjectOf(data: Uint8Array): RowSubject {
  const record = { sequenceNumber: '17', partitionKey: 'k', shardId: 'shardId-000000000002', data };
  return subject.of(store.addRecord({ ...record, arrivedMs: 0, orderMs: 0 }));
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

test('text and JSON are those of the data, whatever its white space, letters and packing', () => {
  const texts = fc.oneof(
    fc.json({ maxDepth: 2 }),
    fc
      .tuple(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('\t', '\n', ' ', '  '))
      .map(([value, space]) => JSON.stringify(value, undefined, space)),
    fc.string({ unit: fc.constantFrom(...'{}[]":, \t\n\fé\u00a0a1') }),
    fc.constantFrom('{"a":"b\tc"}', '{"a":\f1}', '{"a":"é "}', `{"a":"${'x'.repeat(600)}"}`),
  );
  fc.assert(
    fc.property(texts, fc.boolean(), (text, isPacked) => {
      const data = isPacked ? gzipSync(text) : utf8(text);
      const seen = subjectOf(data);
      const searched = plainDecoder.searchText(data);
      if (searched) expect(seen.text()).toBe(searched);
      expect(subjectOf(data).json()).toEqual(jsonOf(searched));
      const { bytes } = seen;
      if (bytes) expect(bytes.memory.subarray(bytes.start, bytes.end)).toEqual(utf8(text));
    }),
    { numRuns: 1000 },
  );
});

test('a word is found in key, number, shard and text, by itself in each of them', () => {
  const words = ['1', '17', '117', 'k', 'ab', 'Ab1', 'a b', 'é', 'b"', '{"', '0002', 'shard'];
  const key = fc.string({ unit: fc.constantFrom(...'kabé1 '), maxLength: 4 });
  const sequenceNumber = fc.string({ unit: fc.constantFrom(...'17'), minLength: 1, maxLength: 4 });
  const data = fc.string({ unit: fc.constantFrom(...'abé17"{} '), maxLength: 6 });
  const queries = new Map<string, Matcher>(
    words.map((word) => [word, parseQuery(JSON.stringify(word)).matcher({ nowMs: 0 })]),
  );
  const property = fc.property(key, sequenceNumber, data, (partitionKey, number, text) => {
    const record = { sequenceNumber: number, partitionKey, shardId: 'shardId-000000000002' };
    const written = `{"a":"${text}`;
    const slot = store.addRecord({ ...record, data: utf8(written), arrivedMs: 0, orderMs: 0 });
    const places = [partitionKey, number, record.shardId, written];
    for (const [word, matches] of queries) {
      const isThere = places.some((place) => place.toLowerCase().includes(word.toLowerCase()));
      expect(matches(subject.of(slot)), `${word} in ${places}`).toBe(isThere);
    }
  });
  fc.assert(property, { numRuns: 1000 });
});

test.each([
  [[], '{"a":1}', '$.a = 1', true],
  [['json'], '{"a":1}', '$.a = 1', true],
  [['hex'], '{"a":1}', '"7b 22 61"', true],
  [['hex'], '{"a":1}', '$.a = 1', false],
  [['hex'], '{"a":1}', '$.a != 1', true],
  [['hex'], '{"word":1}', 'word', false],
  [['hex'], 'word', '"77 6f"', true],
  [['text'], '{"a":1}', '$.a = 1', false],
  [['text'], '{"word":1}', 'word', true],
  [['gzip', 'text'], '{"a":1}', '$.a = 1', false],
  [['gzip'], '{"a":1}', '$.a = 1', true],
  [['zlib'], '{"a":1}', '$.a = 1', false],
  [['zlib', 'json'], '{"a":1}', '$.a != 1', true],
  [['zlib'], '{"word":1}', 'word', true],
])(
  'decoded as %j, what is shown of %s is what %s asks for: %s',
  (pinned, data, query, expected) => {
    const decoder = new PinnedDecoder();
    expect(decoder.pin(pinned)).toBeUndefined();
    const bytes = pinned.includes('gzip') ? gzipSync(data) : utf8(data);
    const record = { sequenceNumber: '1', partitionKey: 'k', shardId: 's', data: bytes };
    const slot = store.addRecord({ ...record, arrivedMs: 0, orderMs: 0 });
    const matches = parseQuery(query).matcher({ nowMs: 0 });
    expect(matches(new RowSubject(store, decoder).of(slot))).toBe(expected);
  },
);

test.each([
  ['needle', utf8(`text ${'x'.repeat(5 * 1024 * 1024)} needle`), true],
  ['needle', gzipSync(`text ${'x'.repeat(5 * 1024 * 1024)} needle`), true],
  ['$.id = 7', gzipSync(`{"id":7,"pad":"${'x'.repeat(5 * 1024 * 1024)}"}`), true],
])('%s is found in a long record', (query, data, expected) => {
  expect(parseQuery(query).matcher({ nowMs: 0 })(subjectOf(data))).toBe(expected);
  expect(parseQuery(`not ${query}`).matcher({ nowMs: 0 })(subjectOf(data))).toBe(!expected);
});

test('binary data that begins with a bracket is not searched as text', () => {
  const shown = ['7b ff fe 41', '5b 00 41', '7b c3 28', '5b e2 82 ac 01', '7b 22 61 7f'];
  for (const hex of shown) {
    const data = Uint8Array.from(hex.split(' '), (byte) => Number.parseInt(byte, 16));
    expect(subjectOf(data).bytes).toBeUndefined();
    expect(parseQuery(`"${hex}"`).matcher({ nowMs: 0 })(subjectOf(data))).toBe(true);
  }
  for (const text of ['{', '{"größe":1}', '["名"]', '{"😀":1}', '[\t\n\r\f1]']) {
    expect(subjectOf(utf8(text)).bytes).toBeDefined();
  }
});

test.each([
  ['"fe ff"', new Uint8Array([0, 1, 254, 255]), true],
  ['format:binary', new Uint8Array([0, 1, 254, 255]), true],
  ['$.a = 1', gzipSync('{"a":1}'), true],
  ['$.a > 1', gzipSync('{"a":1}'), false],
  ['format=json seq:17 shard:2 key:k size=7', utf8('{"a":1}'), true],
  // Beside a letter that is not ASCII the case of all goes by Unicode's rules: this is a Kelvin sign.
  ['"é kk"', utf8('{"a":"É \u212ak"}'), true],
  ['"é kk"', utf8('{"a":"É ck"}'), false],
  ['needle', utf8(`needle${'x'.repeat(20_000)}\u0000`), true],
])('%s of %o: %s', (query, data, expected) => {
  expect(parseQuery(query).matcher({ nowMs: 0 })(subjectOf(data))).toBe(expected);
});
