// Which columns there are, in which order and how wide: every change of it, without a page.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnsOf } from '../../src/extension/panels/columnMemory.ts';
import { fixedColumns, type GridColumns } from '../../src/protocol/columns.ts';
import { gridStyle } from '../../webview/columns/gridStyle.ts';
import * as layout from '../../webview/columns/layout.ts';

const of = (...ids: string[]): GridColumns => ({ shown: ids.map((id) => ({ id })) });
const ids = ({ shown }: GridColumns): string[] => shown.map(({ id }) => id);

describe('a change of the columns', () => {
  test('adds a field before the value, or at the end without one', () => {
    const columns = layout.withColumn(of('arrived', 'value', 'size'), '$.a');
    expect(ids(columns)).toEqual(['arrived', '$.a', 'value', 'size']);
    expect(ids(layout.withColumn(of('arrived', 'key'), '$.a'))).toEqual(['arrived', 'key', '$.a']);
  });

  test('adds no field that is there, however its path is written', () => {
    const columns = of('arrived', "$['a'].b");
    expect(layout.isShown(columns, '$.a.b')).toBe(true);
    expect(layout.withColumn(columns, '$.a.b')).toBe(columns);
    expect(layout.pathProblem(columns, '$.a["b"]')).toMatch(/is a column already/);
    expect(layout.isShown(columns, '$.a')).toBe(false);
  });

  test('puts a fixed column behind the nearest of those before it by default', () => {
    expect(ids(layout.withColumn(of('arrived', '$.a', 'value'), 'key'))[1]).toBe('key');
    const shown = ids(layout.withColumn(of('size', 'arrived'), 'shard'));
    expect(shown).toEqual(['size', 'arrived', 'shard']);
    expect(ids(layout.withColumn(of('value', '$.a'), 'arrived'))[0]).toBe('arrived');
  });

  test('takes a column away with the check of its order, but not the first of all', () => {
    const columns = { ...of('arrived', '$.a', '$.b'), order: '$.a' };
    expect(layout.withoutColumn(columns, '$.b').order).toBe('$.a');
    expect(layout.withoutColumn(columns, '$.a')).toEqual(of('arrived', '$.b'));
    expect(ids(layout.withoutColumn(columns, 'arrived'))).toContain('arrived');
  });

  test('moves a column to a place, at most to an end', () => {
    const columns = of('arrived', 'key', '$.a', 'value');
    expect(ids(layout.movedBy(columns, '$.a', -1))).toEqual(['arrived', '$.a', 'key', 'value']);
    expect(layout.movedBy(columns, 'value', 1)).toBe(columns);
    expect(ids(layout.movedTo(columns, 'arrived', 99))).toEqual(['key', '$.a', 'value', 'arrived']);
    expect(layout.movedTo(columns, '$.none', 0)).toBe(columns);
  });

  test('keeps widths within their bounds', () => {
    const wide = layout.withWidth(of('arrived', 'key'), 'key', 1e9);
    expect(wide.shown).toEqual([{ id: 'arrived' }, { id: 'key', widthPx: 2000 }]);
    expect(layout.withWidth(wide, 'key', -5).shown[1]).toEqual({ id: 'key', widthPx: 40 });
  });

  test('never loses what must be, whatever is done one after the other', () => {
    const id = fc.constantFrom(...fixedColumns, '$.a', '$.b', "$['c d'][0]", 'nonsense', '$.');
    const deed = fc.oneof(
      fc.record({ show: id }),
      fc.record({ hide: id }),
      fc.record({ move: id, to: fc.integer({ min: -2, max: 12 }) }),
      fc.record({ resize: id, widthPx: fc.double({ noNaN: true }) }),
      fc.record({ check: id }),
    );
    const property = fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
      let columns = layout.defaultColumns;
      for (const one of deeds) {
        const shown = ids(columns);
        if ('show' in one && one.show !== 'nonsense')
          columns = layout.withColumn(columns, one.show);
        if ('hide' in one) columns = layout.withoutColumn(columns, one.hide);
        if ('move' in one) {
          columns = layout.movedTo(columns, one.move, one.to);
          expect(ids(columns).sort()).toEqual(shown.sort());
        }
        if ('resize' in one) columns = layout.withWidth(columns, one.resize, one.widthPx);
        if ('check' in one) columns = layout.withOrder(columns, one.check);
        expect(new Set(ids(columns)).size).toBe(columns.shown.length);
        expect(ids(columns)).toContain('arrived');
        expect(columns.order === undefined || ids(columns).includes(columns.order)).toBe(true);
      }
      // What was made here comes back from where it is remembered.
      expect(columnsOf(JSON.parse(JSON.stringify(columns)))).toEqual(columns);
    });
    fc.assert(property, { numRuns: 500 });
  });
});

test('pathProblem() says why a path can be no column', () => {
  const full = of('arrived', ...Array.from({ length: 20 }, (_, at) => `$.f${at}`));
  expect(layout.pathProblem(of('arrived'), '$.a[*].b')).toBeUndefined();
  expect(layout.pathProblem(of('$.a'), '$.a')).toMatch(/already/);
  expect(layout.pathProblem(full, '$.a')).toMatch(/20 fields already/);
  expect(layout.pathProblem(of(), 'a.b')).toMatch(/begins with \$\./);
  expect(layout.pathProblem(of(), '$.a > 5')).toBe('The path ends after $.a; leave out the rest.');
  expect(layout.pathProblem(of(), '$.a[x]')).toMatch(/In the brackets/);
  expect(layout.pathProblem(of(), `$.${'a'.repeat(1000)}`)).toMatch(/1000 characters/);
});

test('isDefault() is true of what a panel has by default alone', () => {
  expect(layout.isDefault(layout.defaultColumns)).toBe(true);
  expect(layout.isDefault(layout.withWidth(layout.defaultColumns, 'key', 90))).toBe(false);
  expect(layout.isDefault(layout.movedTo(layout.defaultColumns, 'key', 0))).toBe(false);
});

test('gridStyle() gives each column its track, its width where one was chosen, and a least width of all', () => {
  const columns = layout.withWidth(of('arrived', 'size', '$.a', 'value'), '$.a', 120);
  const style = gridStyle(columns, { isDated: false });
  expect(style['--column-2']).toBe('120px');
  expect(style['--columns']).toBe(
    'var(--column-0, 14ch) var(--column-1, 9ch) var(--column-2, minmax(8ch, 18ch)) var(--column-3, minmax(24ch, 1fr))',
  );
  expect(style['--columns-min']).toBe(
    'calc(var(--column-0, 14ch) + var(--column-1, 9ch) + var(--column-2, 8ch) + var(--column-3, 24ch) + 54px)',
  );
  expect(style['--columns-narrow']).not.toContain('--column-1');
  expect(gridStyle(columns, { isDated: true })['--columns']).toContain('--column-0, 21ch');
  const alone = gridStyle(layout.defaultColumns, { isDated: false });
  expect(alone['--columns']).toMatch(/var\(--column-5, minmax\(0px, 1fr\)\)$/);
});
