// Cells of JSON fields and the fields that records have, read from what is held of records.
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
import { PinnedDecoder } from '../../src/decode/pinnedDecoder.ts';
import { pathSteps } from '../../src/query/path.ts';
import { cellText, FieldCells } from '../../src/tail/fieldCells.ts';
import { foundFields } from '../../src/tail/foundFields.ts';
import { JsonHeads } from '../../src/tail/jsonHeads.ts';
import { RowStore } from '../../src/tail/rowStore.ts';

const store = new RowStore(1e9);
const heads = new JsonHeads(store, plainDecoder);

function slotOf(data: string | Uint8Array): number {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  const place = { shardId: 'shardId-000000000000', arrivedMs: 0, orderMs: 0 };
  return store.addRecord({ ...place, sequenceNumber: '1', partitionKey: 'k', data: bytes });
}

const cells = (data: string | Uint8Array, ...paths: string[]) =>
  new FieldCells(heads, paths).of(slotOf(data)).cells;

test('a cell is the value in one line: text bare, all else compact, nothing where there is none', () => {
  const data = `{ "text": "two\\n  words", "no": 12345678901234567890, "list": [ 1, { "a b": "c  d" } ],
    "empty": "", "null": null, "yes": true }`;
  const paths = ['$.text', '$.no', '$.list', '$.empty', '$.null', '$.yes', '$.none', '$.text.x'];
  const shown = ['two words', '12345678901234567890', '[1,{"a b":"c d"}]', '""', 'null', 'true'];
  expect(cells(data, ...paths)).toEqual([...shown, '', '']);
  expect(cells(gzipSync(data), ...paths)).toEqual([...shown, '', '']);
  expect(cells('{"a":[{"b":1},{"b":"x"},{}]}', '$.a[*].b', '$.a[1].b')).toEqual(['1, x', 'x']);
});

test('what is decoded as something else than JSON has no cells', () => {
  const decoder = new PinnedDecoder();
  const pinned = new JsonHeads(store, decoder);
  const cellsAs = (name: string) => {
    expect(decoder.pin([name])).toBeUndefined();
    return new FieldCells(pinned, ['$.a']).of(slotOf('{"a":1}')).cells;
  };
  expect(['json', 'text', 'hex', 'gzip'].map(cellsAs)).toEqual([['1'], [''], [''], ['']]);
});

test('a cell says which single value it shows, and none where it does not show all of one', () => {
  const shownBy = (json: string, path = '$.a') =>
    new FieldCells(heads, [path]).of(slotOf(`{"a":${json},"z":0}`)).cellValues[0];
  for (const json of ['"x"', '"5"', '"a \\u0022 b"', '"\\"\\""'])
    expect(shownBy(json)).toBe('text');
  for (const json of ['5', '-1.5e3', '12345678901234567890', 'true', 'null']) {
    expect(shownBy(json)).toBe('word');
  }
  expect(shownBy('" a\\n  b "')).toEqual({ text: ' a\n  b ' });
  expect(shownBy('""')).toEqual({ text: '' });
  const long = 'x'.repeat(256);
  expect(shownBy(`"${long}"`)).toBe('text');
  for (const json of [
    `"${long}x"`,
    `"${' '.repeat(9999)}"`,
    '9'.repeat(300),
    '1e999',
    '01',
    'yes',
  ]) {
    expect(shownBy(json), json.slice(0, 9)).toBeNull();
  }
  for (const json of ['{}', '[1]', '{"b":1}']) expect(shownBy(json)).toBeNull();
  expect(shownBy('1', '$.b')).toBeNull();
  expect(shownBy('[{"b":1},{"b":2}]', '$.a[*].b')).toBeNull();
  expect(shownBy('[{"b":1}]', '$.a[*].b')).toBe('word');
});

test('what is no JSON, an event and a wrong path have empty cells', () => {
  for (const data of ['plain $.a', '', '{"a":1', 'ÿ{"a":1}', '[INFO] {"a":1}', '"a"']) {
    expect(cells(data, '$.a')).toEqual(['']);
  }
  expect(cells(new Uint8Array([0x7b, 0xff, 0x7d]), '$.a')).toEqual(['']);
  expect(cells('{"a":1}', '$.a.', 'a', '$', '$.a extra', '$.a')).toEqual(['', '', '', '', '1']);
  const event = store.addEvent({ atMs: 0, orderMs: 0, tone: 'info', text: '{"a":1}' });
  expect(new FieldCells(heads, ['$.a']).of(event)).toEqual({ cells: [''], cellValues: [null] });
});

test('a cell is bounded, and never ends within a character', () => {
  const long = (json: string) => cellText(json);
  expect(long(`"${'x'.repeat(10_000)}"`)).toBe(`${'x'.repeat(256)}…`);
  expect(long(`"${'\\u00e9'.repeat(10_000)}"`)).toBe(`${'é'.repeat(256)}…`);
  expect(long(`"${'\\\\'.repeat(10_000)}"`)).toBe(`${'\\'.repeat(256)}…`);
  expect(long(`"${'😀'.repeat(10_000)}"`)).toBe(`${'😀'.repeat(128)}…`);
  expect(long(`[${'  1,'.repeat(9999)}1]`)).toMatch(/^\[(1,){127}1?…$/);
});

test('of a long record only the beginning is read, packed or not, and what may come later is told apart', () => {
  let read = 0;
  const counting = {
    ...plainDecoder,
    jsonHead: (data: Uint8Array) => {
      const head = plainDecoder.jsonHead(data);
      read += head?.text.length ?? 0;
      return head;
    },
  };
  const body = JSON.stringify({ first: 1, body: 'x'.repeat(10 * 1024 * 1024 - 40), last: 2 });
  const long = new FieldCells(new JsonHeads(store, counting), ['$.first', '$.last', '$.body']);
  expect(long.of(slotOf(body)).cells).toEqual(['1', null, null]);
  expect(long.of(slotOf(gzipSync(body))).cells).toEqual(['1', null, null]);
  expect(read).toBeLessThanOrEqual(64 * 1024);
});

test('as many columns as there may be are read, and no more', () => {
  const paths = Array.from({ length: 25 }, (_, at) => `$.f${at}`);
  const data = JSON.stringify(Object.fromEntries(paths.map((path, at) => [path.slice(2), at])));
  expect(cells(data, ...paths)).toEqual(Array.from({ length: 20 }, (_, at) => String(at)));
});

test('pathSteps() takes paths of the query language and nothing else', () => {
  expect(pathSteps("$.order['odd name'][0][*]")).toEqual(['order', 'odd name', 0, -1]);
  for (const path of ['', '$', 'a', '$.', '$.a b', ' $.a']) expect(pathSteps(path)).toBeUndefined();
});

test('fields are found with how many records have them and a value; lists are not entered', () => {
  const slots = [
    '{"id":1,"order":{"total":9.5,"by":{"name":"Ann"}},"tags":["a","b"]}',
    'no JSON',
    '[{"id":7}]',
    '{"id":2,"odd name":null}',
    '{"id" 2}',
  ].map(slotOf);
  expect(foundFields(heads, slots)).toEqual({
    looked: 5,
    json: 2,
    isCut: false,
    fields: [
      { path: '$.id', count: 2, example: '1' },
      { path: '$.order.total', count: 1, example: '9.5' },
      { path: '$.order.by.name', count: 1, example: 'Ann' },
      { path: '$.tags', count: 1, example: '["a","b"]' },
      { path: "$['odd name']", count: 1, example: 'null' },
    ],
  });
});

test('fields are bounded in number and depth', () => {
  const many = JSON.stringify(
    Object.fromEntries(Array.from({ length: 999 }, (_, at) => [`f${at}`, at])),
  );
  expect(foundFields(heads, [slotOf(many)]).fields).toHaveLength(200);
  expect(foundFields(heads, [slotOf(many)]).isCut).toBe(true);
  const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
  expect(foundFields(heads, [slotOf(deep)]).fields.map(({ path }) => path)).toEqual(['$.a.a.a.a']);
});
