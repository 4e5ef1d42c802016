// Which values a cell, a row and a record offer to be filtered by, and what the strip makes of a query.
import { describe, expect, test } from 'vitest';
import { maskText as decodersMaskText } from '../../src/decode/mask.ts';
import type { RecordRow } from '../../src/protocol/tail.ts';
import { narrow } from '../../src/query/narrow.ts';
import { parseQuery } from '../../src/query/query.ts';
import { knownOf } from '../../webview/finding/known.ts';
import { maskText } from '../../webview/finding/masked.ts';
import { pickedShard, shardNarrowings } from '../../webview/finding/shardNarrowings.ts';
import { jsonValues, leavesOfferedMax, valuesOf } from '../../webview/finding/shownValues.ts';
import { valuePieces } from '../../webview/grid/tokens.ts';

const preview = '{"origin":"LAX","order":{"total":12.5,"tags":["new",null]},"cut":"of';
const row: RecordRow = {
  kind: 'record',
  position: 7,
  id: 7,
  shardId: 'shardId-000000000005',
  partitionKey: 'LAX 1',
  sequenceNumber: '49590338271490256608559692538361571095921575989136588898',
  arrivedMs: Date.UTC(2026, 10, 28, 14, 5, 0, 123),
  size: 312,
  preview,
  isCut: true,
  format: 'json',
  matches: [],
  keyMatches: [],
};

const queryOf = (place?: { column: string; offset?: number }): string[] =>
  valuesOf(row, place).map(({ cell }) => (cell ? narrow('', cell, 'filter') : ''));

describe('valuesOf()', () => {
  test.each([
    ['shard', 'shard:5'],
    ['key', 'key="LAX 1"'],
    ['sequence', 'seq=49590338271490256608559692538361571095921575989136588898'],
    ['arrived', 'arrived=2026-11-28T14:05:00.123Z'],
    ['size', 'size=312'],
    ['format', 'format=json'],
  ])('of the cell %s is one value', (column, expected) => {
    const [value, ...more] = valuesOf(row, { column });
    expect(queryOf({ column })).toEqual([expected]);
    expect(parseQuery(expected).problems).toEqual([]);
    expect(more).toEqual([]);
    expect(value!.text).not.toBe('');
  });

  test('of JSON are the value under the pointer or its name, or all that can be read to its end', () => {
    const under = (text: string) => queryOf({ column: 'value', offset: preview.indexOf(text) });
    expect(under('LAX')).toEqual(['$.origin = "LAX"']);
    expect(under('origin')).toEqual(['$.origin = "LAX"']);
    expect(under('12.5')).toEqual(['$.order.total = 12.5']);
    expect(under('null')).toEqual(['$.order.tags[1] = null']);
    const leaves = [
      '$.origin = "LAX"',
      '$.order.total = 12.5',
      '$.order.tags[0] = "new"',
      '$.order.tags[1] = null',
    ];
    expect(queryOf({ column: 'value' })).toEqual(['', ...leaves]);
    expect(under('of')).toEqual(['', ...leaves]);
    expect(queryOf()).toEqual([
      'shard:5',
      'key="LAX 1"',
      'seq=49590338271490256608559692538361571095921575989136588898',
      'arrived=2026-11-28T14:05:00.123Z',
      'size=312',
      'format=json',
      ...leaves,
    ]);
  });

  test('of other data is the text, all of which its record has', () => {
    const text = 'x'.repeat(100);
    const [value] = valuesOf({ ...row, preview: text, format: 'text' }, { column: 'value' });
    const partOf = { position: 7, id: 7 };
    expect(value).toEqual({ name: 'Value', shown: `${'x'.repeat(40)}…`, text, partOf });
  });

  test('of a time that no date has is none to filter by', () => {
    const [value] = valuesOf({ ...row, arrivedMs: 1e300 }, { column: 'arrived' });
    expect(value).toEqual({ name: 'Arrived', shown: '?', text: '1e+300' });
  });

  test('of what a mask hides are nothing to filter by', () => {
    expect(maskText).toBe(decodersMaskText);
    const hidden = { partitionKey: maskText, preview: `{"a":"${maskText}","b":"x"}` };
    const masked = { ...row, ...hidden, isMasked: true };
    const offered = valuesOf(masked).filter(({ cell }) => cell !== undefined);
    expect(offered.map(({ name }) => name)).toEqual([
      ...['Shard', 'Sequence', 'Arrived', 'Size', 'Format'],
      '$.b',
    ]);
    expect(knownOf([masked], [])).toMatchObject({
      keys: [],
      paths: [{ path: '$.b', values: ['x'] }],
    });
  });

  test.each([
    ['$.deep', '5', 'word', '$.deep = 5', '5'],
    ['$.deep', '12345678901234567890', 'word', '$.deep = 12345678901234567890', undefined],
    ['$.deep', 'null', 'word', '$.deep = null', 'null'],
    ['$.deep', '5', 'text', '$.deep = "5"', '5'],
    ['$.deep', 'a b', { text: ' a\n b' }, '$.deep = " a\\u000a b"', ' a\n b'],
    ['$.items[*].sku', 'K7', 'text', '$.items[*].sku = "K7"', 'K7'],
    ["$['order'].total", '12.5', 'word', '$.order.total = 12.5', '12.5'],
  ] as const)(
    'of the column %s whose cell shows %s (%j) is that',
    (column, shown, value, query, copied) => {
      const cells = { paths: ['$.other', column], cells: ['x', shown], cellValues: [null, value] };
      const [one, ...more] = valuesOf({ ...row, ...cells }, { column });
      expect(more).toEqual([]);
      expect(narrow('', one!.cell!, 'filter')).toBe(query);
      expect(parseQuery(query).problems).toEqual([]);
      expect(one!.text).toBe(copied ?? shown);
    },
  );

  test('of a cell with several values are all of them, and each once, by any item', () => {
    const column = '$.items[*].sku';
    const preview =
      '{"items":[{"sku":"K7"},{"sku":8},{"sku":"K7"},{"sku":"a b"},{"sku":1,"sku":2}]}';
    const shown = { paths: [column], cells: ['K7, 8, K7, a b, 2'], cellValues: [null] };
    const of = (isCut: boolean) => valuesOf({ ...row, preview, isCut, ...shown }, { column });
    const queries = of(false).map(({ cell }) => cell && narrow('', cell, 'filter'));
    expect(queries).toEqual([
      undefined,
      '$.items[*].sku = "K7"',
      '$.items[*].sku = 8',
      '$.items[*].sku = "a b"',
      '$.items[*].sku = 2',
    ]);
    // Its record may have other white space there.
    const isAskedOf = of(false).map(({ partOf }) => partOf?.steps);
    expect(isAskedOf.slice(1)).toEqual([undefined, undefined, ['items', 3, 'sku'], undefined]);
    expect(of(false).map(({ name }) => name)).toEqual([
      column,
      '$.items[2].sku',
      '$.items[1].sku',
      '$.items[3].sku',
      '$.items[4].sku',
    ]);
    expect(of(true)).toHaveLength(1);
  });

  test('of a cell that shows no single value, or a part of one, is what is to be copied', () => {
    const of = (shown: string, column = '$.deep') =>
      valuesOf({ ...row, paths: [column], cells: [shown], cellValues: [null] }, { column });
    for (const shown of ['{"a":1}', '1, 2', `${'x'.repeat(256)}…`]) {
      expect(of(shown)).toMatchObject([{ name: '$.deep', text: shown }]);
      expect(of(shown)[0]).not.toHaveProperty('cell');
    }
    // The preview has more of it.
    expect(of('12…', "$.order['total']")).toMatchObject([
      { text: '12.5', cell: { field: ['order', 'total'], value: 12.5 } },
    ]);
    const [hidden] = of(maskText, '$.order.total');
    expect(hidden).toEqual({ name: '$.order.total', shown: maskText, text: maskText });
  });

  test('of an empty cell of a field are those of its row', () => {
    const all = valuesOf(row);
    for (const cell of ['', null]) {
      const cells = { paths: ['$.nowhere'], cells: [cell], cellValues: [null] };
      expect(valuesOf({ ...row, ...cells }, { column: '$.nowhere' })).toEqual(all);
    }
    expect(valuesOf(row, { column: '$.nowhere' })).toEqual(all);
  });

  test('each piece of a row says where it stands in the preview', () => {
    const at = preview.indexOf('total');
    const marked = { ...row, matches: [{ start: at + 1, end: at + 3 }] };
    for (const { text, start } of valuePieces(marked)) {
      if (text.trim() !== '' && text.trim() !== ',') {
        expect(preview.startsWith(text, start), text).toBe(true);
      }
    }
    const delay = valuePieces(row).find(({ text }) => text === '12.5')!;
    expect(delay.start).toBe(preview.indexOf('12.5'));
  });

  test('are so many at most', () => {
    const long = JSON.stringify(Array.from({ length: 1000 }, (_, at) => at));
    expect(jsonValues(long, {})).toHaveLength(leavesOfferedMax);
    expect(jsonValues(long, { steps: [900] })).toMatchObject([{ text: '900' }]);
  });
});

const five = 'shardId-000000000005';

test('a shard of the strip is shown alone, hidden, or shown with all others; nothing is offered twice', () => {
  const offered = (text: string) =>
    shardNarrowings(text, five).map(({ label, narrowed }) => `${label}: ${narrowed}`);
  expect(offered('late')).toEqual([
    'Show only shard 5: late shard:5',
    'Hide shard 5: late shard!=5',
  ]);
  expect(offered('late shard:5')).toEqual(['Hide shard 5: late shard!=5', 'Show all shards: late']);
  expect(offered('shard!=5')).toEqual(['Show only shard 5: shard:5', 'Show all shards: ']);
});

test('picking a shard shows it alone, and once more all again', () => {
  expect(pickedShard('late shard:3', five)).toBe('late shard:5');
  expect(pickedShard('late shard:5', five)).toBe('late');
});
