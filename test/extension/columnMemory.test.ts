// The columns of streams over sessions, in a memory like the one that VS Code has.
import { expect, test } from 'vitest';
import { ColumnMemory, columnsOf, streamsMax } from '../../src/extension/panels/columnMemory.ts';

function memory() {
  const values = new Map<string, unknown>();
  const columns = new ColumnMemory({
    get: (key) => values.get(key),
    update: async (key, value) => void values.set(key, JSON.parse(JSON.stringify(value))),
  });
  return { values, columns };
}

const place = (stream: string) => ({ connection: 'local', stream });
const shown = (...ids: string[]) => ({ shown: ids.map((id) => ({ id })) });

test('columns are those of their stream, and are forgotten when they are reset', () => {
  const { columns } = memory();
  const chosen = { shown: [{ id: 'arrived' }, { id: '$.a', widthPx: 90 }], order: '$.a' };
  columns.set(place('a'), chosen);
  columns.set({ connection: 'aws:x', stream: 'a' }, shown('arrived', 'key'));
  expect(columns.get(place('a'))).toEqual(chosen);
  expect(columns.get({ connection: 'aws:x', stream: 'a' })).toEqual(shown('arrived', 'key'));
  columns.set(place('a'), undefined);
  expect(columns.get(place('a'))).toBeUndefined();
});

test('the streams whose columns were changed last are remembered', () => {
  const { columns, values } = memory();
  for (let at = 0; at <= streamsMax; at++) columns.set(place(`s${at}`), shown('arrived', 'key'));
  columns.set(place('s1'), shown('arrived'));
  columns.set(place('new'), shown('arrived'));
  expect(columns.get(place('s0'))).toBeUndefined();
  expect(columns.get(place('s2'))).toBeUndefined();
  expect(columns.get(place('s1'))).toEqual(shown('arrived'));
  expect(values.get('shardscope.columns')).toHaveLength(streamsMax);
});

test('what is no memory of ours is none', () => {
  const { columns, values } = memory();
  values.set('shardscope.columns', 'junk');
  expect(columns.get(place('a'))).toBeUndefined();
  values.set('shardscope.columns', [7, { key: '["local","a"]', columns: { shown: 3 } }]);
  expect(columns.get(place('a'))).toBeUndefined();
});

test('columnsOf() keeps what can be shown of any value', () => {
  for (const value of [undefined, null, 'x', 7, {}, { shown: 'x' }, []]) {
    expect(columnsOf(value)).toBeUndefined();
  }
  const many = Array.from({ length: 30 }, (_, at) => ({ id: `$.f${at}` }));
  const left = columnsOf({
    shown: [
      { id: 'key', widthPx: 1 },
      { id: 'key' },
      ...[null, 7, { id: 7 }, { id: 'nonsense' }, { id: '$.' }, { id: '$.a b' }],
      { id: '$.ok', widthPx: Number.NaN },
      ...many,
    ],
    order: 'key',
  })!;
  expect(left.shown.slice(0, 4)).toEqual([
    { id: 'arrived' },
    { id: 'key', widthPx: 40 },
    { id: '$.ok' },
    { id: '$.f0' },
  ]);
  expect(left.shown).toHaveLength(2 + 20);
  expect(left.order).toBeUndefined();
});
