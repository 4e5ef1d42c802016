// What a query sees of a held row: the same text and JSON, whichever shortcut is taken.
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
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
      if (seen.bytes) expect(seen.bytes).toEqual(utf8(text));
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['"fe ff"', new Uint8Array([0, 1, 254, 255]), true],
  ['format:binary', new Uint8Array([0, 1, 254, 255]), true],
  ['$.a = 1', gzipSync('{"a":1}'), true],
  ['$.a > 1', gzipSync('{"a":1}'), false],
  ['format=json seq:17 shard:2 key:k size=7', utf8('{"a":1}'), true],
  ['needle', utf8(`needle${'x'.repeat(5000)}\u0000`), true],
])('%s of %o: %s', (query, data, expected) => {
  expect(parseQuery(query).matcher({ nowMs: 0 })(subjectOf(data))).toBe(expected);
});
