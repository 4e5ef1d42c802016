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
    ['$.order.total', '$.order.total = 12.5'],
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

  test('of other data is the text, which is copied in full', () => {
    const text = 'x'.repeat(100);
    const [value] = valuesOf({ ...row, preview: text, format: 'text' }, { column: 'value' });
    expect(value).toEqual({ name: 'Value', shown: `${'x'.repeat(40)}…`, text });
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

  test('of a column for a path that a record lacks is none', () => {
    expect(valuesOf(row, { column: '$.nowhere' })).toEqual([]);
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
    expect(jsonValues(long, { path: '$[900]' })).toMatchObject([{ text: '900' }]);
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
