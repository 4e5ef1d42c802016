// "Filter by this value" and "exclude": what they make of the text in the box.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allShards, type Cell, narrow, onlyShard } from '../../src/query/narrow.ts';
import { parseQuery } from '../../src/query/query.ts';
import { WrittenRecord } from './support/record.ts';

const key = (value: string): Cell => ({ field: 'key', value });
const at = (...steps: (string | number)[]) => ({
  is: (value: string | number | bigint | boolean | null): Cell => ({ field: steps, value }),
});

describe('narrow()', () => {
  test.each<[string, Cell, 'filter' | 'exclude', string]>([
    ['', key('customer-7'), 'filter', 'key=customer-7'],
    ['', key('a "b" \\'), 'filter', 'key="a \\"b\\" \\\\"'],
    ['', key(''), 'exclude', 'key!=""'],
    ['', key('/a/'), 'filter', 'key="/a/"'],
    ['late  flight ', key('7'), 'filter', 'late  flight key=7'],
    ['', { field: 'shard', value: 'shardId-000000000005' }, 'filter', 'shard:5'],
    ['shard!=1', { field: 'shard', value: 'shardId-000000000005' }, 'exclude', 'shard!=1 shard!=5'],
    ['', { field: 'shard', value: 'other-1' }, 'filter', 'shard:other-1'],
    [
      '',
      { field: 'seq', value: '49590338271490256608559692538361571095921575989136588898' },
      'exclude',
      'seq!=49590338271490256608559692538361571095921575989136588898',
    ],
    ['a', { field: 'sub', value: '0' }, 'filter', 'a sub=0'],
    ['', { field: 'size', value: '312' }, 'filter', 'size=312'],
    [
      '',
      { field: 'arrived', value: '2026-11-28T14:05:00.123Z' },
      'filter',
      'arrived=2026-11-28T14:05:00.123Z',
    ],
    ['', { field: 'format', value: 'gzip json' }, 'filter', 'format="gzip json"'],
    ['', at('order', 'total').is(120.5), 'filter', '$.order.total = 120.5'],
    ['', at('items', 0, 'odd name').is('5'), 'exclude', '$.items[0][\'odd name\'] != "5"'],
    ['', at('id').is(9007199254740993n), 'filter', '$.id = 9007199254740993'],
    ['', at('paid').is(true), 'filter', '$.paid = true'],
    ['', at('note').is(null), 'exclude', '$.note != null'],
    ['', at('note').is('a\nb\\n'), 'filter', '$.note = "a\\u000ab\\\\n"'],
    ['', at('odd\r\nname').is(1), 'exclude', "$['odd\\u000d\\u000aname'] != 1"],
    ['', key('a\tb'), 'filter', 'key="a\\u0009b"'],
    // The same once more, however it was written.
    ['key=7', key('7'), 'filter', 'key=7'],
    ['a  key="7" b', key('7'), 'filter', 'a  key="7" b'],
    ['a ($.b == 1)', at('b').is(1), 'filter', 'a ($.b == 1)'],
    // The opposite.
    ['a key!=7 b', key('7'), 'filter', 'a b key=7'],
    ['key=7', key('7'), 'exclude', 'key!=7'],
    // What would change the meaning of the text.
    ['a or b', key('7'), 'filter', '(a or b) key=7'],
    ['not a', key('7'), 'filter', 'not a key=7'],
    ['a or b key!=7', key('7'), 'filter', '(a or b key!=7) key=7'],
    ['"to the end', key('7'), 'filter', '"to the end" key=7'],
    ['shard:1,', key('7'), 'filter', 'shard:"1," key=7'],
    ['a and', key('7'), 'filter', 'a "and" key=7'],
    ['(', key('7'), 'filter', '( key=7'],
    // What has a problem goes; the rest stays.
    ['a size> b', key('7'), 'filter', 'a key=7'],
    ['a /(/ key=7', key('7'), 'filter', 'a key=7'],
  ])('%s', (text, cell, mode, expected) => {
    const result = narrow(text, cell, mode);
    expect(result).toBe(expected);
    expect(parseQuery(result).problems).toEqual([]);
    expect(narrow(result, cell, mode)).toBe(result);
  });

  const piece = fc.constantFrom('a', 'or ', '-', '(', ')', '"', ' ', 'not ', 'key:a', '/a/', '$.a');
  const anyText = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
  const value = fc.string({ unit: fc.constantFrom(...'aA1"\\ ()/-,$.'), maxLength: 4 });
  const cells = fc.oneof(
    fc.record({ field: fc.constant('key' as const), value }),
    fc.record({
      field: fc.array(fc.oneof(value, fc.nat(2)), { minLength: 1, maxLength: 3 }),
      value: fc.oneof(value, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    }),
  );

  test('narrows to what matched before and has the value, or has not', () => {
    fc.assert(
      fc.property(anyText, cells, fc.boolean(), (text, cell, isFilter) => {
        const mode = isFilter ? 'filter' : 'exclude';
        const before = parseQuery(text).matcher({ nowMs: 0 });
        const after = parseQuery(narrow(text, cell, mode));
        expect(after.problems).toEqual([]);
        for (const record of [
          recordWith(cell),
          new WrittenRecord({ text: '{"a":"a"}', key: 'a' }),
        ]) {
          const has = parseQuery(narrow('', cell, 'filter')).matcher({ nowMs: 0 })(record);
          expect(after.matcher({ nowMs: 0 })(record)).toBe(before(record) && has === isFilter);
        }
        expect(parseQuery(narrow('', cell, 'filter')).matcher({ nowMs: 0 })(recordWith(cell))).toBe(
          true,
        );
      }),
      { numRuns: 1000 },
    );
  });
});

const five = 'shardId-000000000005';

describe('onlyShard()', () => {
  test.each([
    ['', 'shard:5'],
    ['a', 'a shard:5'],
    ['shard:5', 'shard:5'],
    ['a  (shard:3 or shard=4) -shard:1 b', 'a b shard:5'],
    ['shard!=5', 'shard:5'],
    ['a or b shard:1', '(a or b shard:1) shard:5'],
    ['(a or b) shard:1', '(a or b) shard:5'],
    ['shard:1 a size>', 'a shard:5'],
  ])('of %j is %j', (text, expected) => {
    expect(onlyShard(text, five)).toBe(expected);
  });
});

describe('allShards()', () => {
  test.each([
    ['', ''],
    ['a  b', 'a  b'],
    ['shard:1', ''],
    ['a shard:1,2 not shard:3', 'a'],
    ['shard:1 (a or b)', 'a or b'],
    ['shard:1 a (b or c)', 'a (b or c)'],
    ['shard:1 or a', 'shard:1 or a'],
    ['shard:1 a size>', 'a'],
  ])('of %j is %j', (text, expected) => {
    expect(allShards(text)).toBe(expected);
  });
});

/** A record that has the value of the cell. */
function recordWith({ field, value }: Cell): WrittenRecord {
  if (typeof field === 'string') return new WrittenRecord({ key: value as string });
  const nested = field.reduceRight<unknown>((inner, step) => {
    if (typeof step === 'string') return Object.fromEntries([[step, inner]]);
    return [...new Array<null>(step).fill(null), inner];
  }, value);
  return new WrittenRecord({ text: JSON.stringify(nested) });
}
