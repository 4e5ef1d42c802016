// Which records a query matches, construct by construct, and what a match asks of a record.
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FieldReader } from '../../src/query/fieldReader.ts';
import { parseQuery } from '../../src/query/query.ts';
import { jsonCharactersMax } from '../../src/query/subject.ts';
import { type Written, WrittenRecord } from './support/record.ts';

const nowMs = Date.UTC(2026, 10, 28, 12, 0, 0);
const now = { nowMs, utcOffsetMinutes: 60 };

function isMatch(query: string, written: Written): boolean {
  const parsed = parseQuery(query);
  expect(parsed.problems).toEqual([]);
  return parsed.matcher(now)(new WrittenRecord(written));
}

const order = JSON.stringify({
  id: 'A-17',
  total: 120.5,
  paid: true,
  note: null,
  items: [{ sku: 'x1', count: 2 }, { sku: 'Y2' }],
  'odd name': { '': 0 },
  tags: ['late', 'gift'],
  nested: { total: '100' },
});

describe('words and phrases', () => {
  test.each([
    ['', { text: 'anything' }, true],
    ['HNL sfo', { text: '{"origin":"hnl"}', key: 'key SFO' }, true],
    ['hnl lax', { text: '{"origin":"HNL"}' }, false],
    ['"late flight"', { text: 'a Late\n  Flight' }, true],
    ['"late flight"', { text: 'flight late' }, false],
    ['" x"', { text: 'ax' }, false],
    ['" x"', { text: 'a x' }, true],
    ['a.c (x) [1] \\d $ ^', { text: 'a.c (x) [1] \\d $ ^' }, true],
    ['a.c', { text: 'abc' }, false],
    ['ZÜRICH', { text: 'zürich' }, true],
    ['k', { text: '\u212a' }, false],
    ['"zürich hb"', { text: 'Zürich\tHB' }, true],
    ['5', { seq: '4951' }, true],
    ['shardid-000000000003', { shard: 3 }, true],
    ['needle', { text: `${'x'.repeat(300)}neeNEEDLE` }, true],
    ['needle', { text: `${'needl '.repeat(300)}` }, false],
    ['x'.repeat(300), { text: `y${'X'.repeat(300)}` }, true],
    ['x'.repeat(300), { text: `y${'X'.repeat(299)}y` }, false],
    ['z', { text: 'abcZ' }, true],
    ['z', { text: 'abc' }, false],
    ['/A.c/', { text: 'xAbc' }, true],
    ['/A.c/', { text: 'xabc' }, false],
    ['/^b$/m', { text: 'a\nb' }, true],
    ['/^key/i', { key: 'KEY-1' }, true],
    ['/1/', { seq: '1', shard: 1, text: 'a' }, false],
  ])('%s in %j: %s', (query, written, expected) => {
    expect(isMatch(query, written)).toBe(expected);
    expect(isMatch(query, { ...written, isPacked: true })).toBe(expected);
    expect(isMatch(`not (${query || 'a -a'})`, written)).toBe(query ? !expected : true);
  });

  test('a regex that cannot be compiled in full matches nothing, and does not throw', () => {
    expect(isMatch('/((((a{99}){99}){99}){99})/', { text: 'a' })).toBe(false);
  });
});

const id = 'shardId-000000000005';
const sequence = '49674000000000000000000000000000000000000000000000000042';

describe('fields', () => {
  test.each([
    ['key:er-7', { key: 'CustomER-7' }, true],
    ['key:"a b"', { key: 'a b' }, true],
    ['key=customer', { key: 'Customer' }, false],
    ['key=""', { key: '' }, true],
    ['key!=a', { key: 'b' }, true],
    ['key:/^\\d+$/', { key: '123' }, true],
    ['key!=/^\\d+$/', { key: '123' }, false],
    ['key:x', { text: 'x', key: 'y' }, false],
    ['shard:5', { shard: 5 }, true],
    ['shard:05', { shard: 5 }, true],
    [`shard:${id}`, { shard: 5 }, true],
    ['shard:5', { shard: 15 }, false],
    ['shard:1, 5', { shard: 5 }, true],
    ['shard!=1,5', { shard: 5 }, false],
    ['shard!=1,5', { shard: 2 }, true],
    ['seq:0042', { seq: sequence }, true],
    [`seq>=${sequence}`, { seq: sequence }, true],
    [`seq>${sequence}`, { seq: sequence }, false],
    [`seq>${sequence.slice(0, -1)}1`, { seq: sequence }, true],
    ['seq>99', { seq: sequence }, true],
    ['seq<99', { seq: '100' }, false],
    ['seq=007', { seq: '7' }, true],
    ['size>1KB', { size: 1001 }, true],
    ['size>1KiB', { size: 1024 }, false],
    ['size<=1.5mib', { size: 1_572_864 }, true],
    ['size:200', { size: 200 }, true],
    ['age<5m', { arrivedMs: nowMs - 299_999 }, true],
    ['age<5m', { arrivedMs: nowMs - 300_000 }, false],
    ['age>=1h30m', { arrivedMs: nowMs - 5_400_000 }, true],
    ['arrived>=2026-11-28T11:00:00Z', { arrivedMs: nowMs - 3_600_000 }, true],
    ['arrived>"2026-11-28 12:30"', { arrivedMs: nowMs - 1_800_001 }, false],
    ['arrived>12:30', { arrivedMs: nowMs - 1_799_999 }, true],
    // It is 13:00 by the user's clock: 14:05 was yesterday.
    ['arrived>14:05', { arrivedMs: nowMs - 22 * 3_600_000 }, true],
    ['format:json', { format: 'gzip json' }, true],
    ['format=json', { format: 'gzip json' }, false],
    ['sub=1', { sub: 1 }, true],
    ['sub>=0', {}, false],
    ['sub!=1', {}, true],
  ])('%s of %j: %s', (query, written, expected) => {
    expect(isMatch(query, written)).toBe(expected);
    expect(isMatch(`-(${query} or ${query})`, written)).toBe(!expected);
  });
});

describe('JSON paths', () => {
  test.each([
    ['$.total', true],
    ['$.note', true],
    ['$.missing', false],
    ['$.total.deeper', false],
    ['$.toString', false],
    ['$.__proto__', false],
    ['$.items.length', false],
    ['$.tags[1]', true],
    ['$.tags[2]', false],
    ['$.nested[0]', false],
    ["$['odd name']['']= 0", true],
    ['$.total > 100', true],
    ['$.total > 120.5', false],
    ['$.total >= 1.205e2', true],
    ['$.nested.total = 100', true],
    ['$.nested.total = "100"', true],
    ['$.nested.total > 99', false],
    ['$.nested.total > "0"', true],
    ['$.total = "120.5"', false],
    ['$.id = A-17', true],
    ['$.id = a-17', false],
    ['$.id: a-1', true],
    ['$.id >= "A-1" $.id < "A-2"', true],
    ['$.id = /^a-\\d+$/i', true],
    ['$.id != /^a-\\d+$/i', false],
    ['$.total: 20', true],
    ['$.paid = true', true],
    ['$.paid = "true"', false],
    ['$.paid: TRUE', true],
    ['$.note = null', true],
    ['$.missing = null', false],
    ['$.missing != 5', true],
    ['$.total != 5', true],
    ['$.total != 120.5', false],
    ['$.items[*].sku = Y2', true],
    ['$.items[*].count != 2', false],
    ['$.items[*].count > 2', false],
    ['$.items[*].count', true],
    ['$.nested[*] = "100"', true],
    ['$.tags = late', false],
    ['$.items: x1', false],
  ])('%s: %s', (query, expected) => {
    expect(isMatch(query, { text: order })).toBe(expected);
    expect(isMatch(query, { text: `\n ${order}`, isPacked: true })).toBe(expected);
    expect(isMatch(`not ${query.replace(/^(.*) (\$.*)$/, '($1 $2)')}`, { text: order })).toBe(
      !expected,
    );
  });

  test.each([
    ['9007199254740993', '=', '9007199254740993', true],
    ['9007199254740993', '=', '9007199254740992', false],
    ['9007199254740993', '!=', '9007199254740992', true],
    ['9007199254740993', '>', '9007199254740992', true],
    ['9007199254740993', '<=', '9007199254740992', false],
    ['-9007199254740993', '<', '-9007199254740992', true],
    ['123456789012345678901234567890', '=', '123456789012345678901234567890', true],
    ['123456789012345678901234567891', '>', '123456789012345678901234567890', true],
    ['1e29', '=', '100000000000000000000000000000', false],
    ['9007199254740993', '>', '1', true],
    ['5', '<', '9007199254740993', true],
    ['"9007199254740993"', '=', '9007199254740993', true],
  ])('%s %s %s: %s', (value, operator, wanted, expected) => {
    const text = `{"a":[0,${value}]}`;
    expect(isMatch(`$.a[1] ${operator} ${wanted}`, { text })).toBe(expected);
  });

  test.each([
    ['escaped name', '{"\\u0061bc":1}', '$.abc = 1', true],
    ['name with a quotation mark', '{"a\\"b":1}', "$['a\"b'] = 1", true],
    ['name that is no ASCII', '{"größe":1}', '$.größe = 1', true],
    ['repeated name: the last one', '{"a":1,"a":2}', '$.a = 2', true],
    ['a list', '[{"a":1}]', '$[0].a = 1', true],
    ['not JSON', '{"a":1', '$.a = 1', false],
    ['a bare number', '5', '$.a != 1', true],
    ['line feed', '{"a\\nb":"c\\td"}', '$[\'a\\u000ab\'] = "c\\u0009d"', true],
    ['number of a letter', '{"a":"\\\\u0041"}', '$.a = "\\u0041"', true],
    ['escape in a phrase', '{"a":"\\u000a"}', '"\\u000a"', true],
    ['__proto__ as a member', '{"__proto__":{"a":1}}', '$.__proto__.a = 1', true],
  ])('%s', (_what, text, query, expected) => {
    expect(isMatch(query, { text })).toBe(expected);
    expect(isMatch(query, { text, isPacked: true })).toBe(expected);
  });
});

describe('numbers, for : and for a regex, are as they are written', () => {
  const text = '{"id":1234567890123456789,"prices":["1.5",1.50,1e3],"none":-0,"n":[{"v":7}]}';
  test.each([
    ['$.id:1234567890123456789', true],
    ['$.id:6800', false],
    ['$.id = /6789$/', true],
    ['$.id != /6789$/', false],
    ['$.prices[*]:.50', true],
    ['$.prices[0]:.50', false],
    ['$.prices[1] = /^1\\.50$/', true],
    ['$.prices[*]:1000', false],
    ['$.prices[2]:E3', true],
    ['$.none:-0', true],
    ['$.n:7', false],
    ['$.n[0].v:7', true],
  ])('%s: %s', (query, expected) => {
    expect(isMatch(query, { text })).toBe(expected);
    expect(isMatch(query, { text, isPacked: true })).toBe(expected);
  });
});

describe('JSON that is too long to be parsed', () => {
  const pad = 'x'.repeat(jsonCharactersMax);
  const text = `{"id":7,"big":9007199254740993,"at":[{"s":"a\\tb"},{"s":null}],"pad":"${pad}","last":true}`;
  test.each([
    ['$.id = 7', true],
    ['$.id != 7', false],
    ['$.id > 7', false],
    ['$.id', true],
    ['$.at', true],
    ['$.at = ""', false],
    ['$.none', false],
    ['$.none != 1', true],
    ['$.big = 9007199254740992', false],
    ['$.big = 9007199254740993', true],
    ['$.big >= 9007199254740994', false],
    ['$.big:0993', true],
    ['$.at[*].s = null', true],
    ['$.at[0].s:"a b"', true],
    ['$.last = true not $.last = "true"', true],
    ['$.last = /^t/', true],
  ])('%s: %s', (query, expected) => {
    const parse = vi.spyOn(JSON, 'parse');
    expect(isMatch(query, { text })).toBe(expected);
    expect(parse.mock.calls.every(([given]) => given.length < 100)).toBe(true);
    parse.mockRestore();
    expect(isMatch(query, { text, isPacked: true })).toBe(expected);
  });

  test('has no values where its end is missing', () => {
    expect(isMatch('$.id = 7', { text: text.slice(0, -1) })).toBe(false);
    expect(isMatch('$.id != 7', { text: text.slice(0, -1) })).toBe(true);
  });
});

describe('what a match asks of a record', () => {
  afterEach(() => vi.restoreAllMocks());

  test.each([
    // Decided by what is at hand: a field, bytes, a name that does not occur.
    ['shard:1 $.a = 1', {}, 0, 0],
    ['$.a = 1 shard:1', {}, 0, 0],
    ['shard:0 or $.a = 1', {}, 0, 0],
    ['word', {}, 0, 0],
    ['$.other = 1', {}, 0, 0],
    ['missing $.a = 1', {}, 0, 0],
    // All terms together decode and parse once.
    ['$.a = 1 $.b = 2 $.c = 4', {}, 1, 1],
    ['$.a = 1 or $.b = 2 or /x/', {}, 1, 1],
    ['/word/ "a word" größe', {}, 1, 0],
    ['word "a word"', { isPacked: true }, 1, 0],
    ['$.other = 1', { isPacked: true }, 1, 0],
  ])('%s of %j: decoded %i times, parsed %i times', (query, written, decodings, parsings) => {
    const parse = vi.spyOn(JSON, 'parse');
    const matches = parseQuery(query).matcher(now);
    const record = new WrittenRecord({ text: '{"a":1,"b":2,"c":3,"d":"a word"}', ...written });
    parse.mockClear();
    matches(record);
    expect([record.decodings, parse.mock.calls.length]).toEqual([decodings, parsings]);
  });
});

test('values are read where they stand only where parsed ones cannot tell', () => {
  const read = vi.spyOn(FieldReader.prototype, 'read');
  const text = '{"a":1,"d":"a word","big":1234567890123456789,"yes":true}';
  const readings = (query: string): number => {
    read.mockClear();
    isMatch(query, { text });
    return read.mock.calls.length;
  };
  const parsed = ['$.a > 0', '$.a = 1', '$.d:word', '$.d = /^a/', '$.yes:t', '$.big > 5', '$.e:1'];
  expect(parsed.map(readings)).toEqual(parsed.map(() => 0));
  expect(['$.a:1', '$.a = /1/', '$.big = 1234567890123456789'].map(readings)).toEqual([1, 1, 1]);
  read.mockRestore();
});

test('a match that is cut short in the middle of a regex leaves nothing behind', () => {
  const query = parseQuery('/^(a+)+$/ $.a = 1');
  const matches = query.matcher(now);
  const endless = new WrittenRecord({ text: `${'a'.repeat(60)}b` });
  const cutShort = (run: () => unknown): void => {
    expect(() => runInNewContext('run()', { run }, { timeout: 20 })).toThrow(/timed out/);
  };
  cutShort(() => matches(endless));
  cutShort(() => query.spans(endless.text()));
  expect(matches(new WrittenRecord({ text: '{"a":1}', key: 'aaa' }))).toBe(true);
  expect(matches(new WrittenRecord({ text: '{"a":2}', key: 'aaa' }))).toBe(false);
  expect(query.spans('aaa')).toEqual([{ start: 0, end: 3 }]);
});

test('a name is found where the quotation mark before it ends another string', () => {
  const matches = parseQuery("$[','] = null").matcher(now);
  expect(matches(new WrittenRecord({ text: '{"":"",",":null}' }))).toBe(true);
  expect(matches(new WrittenRecord({ text: '{"":"",",":1}' }))).toBe(false);
});
