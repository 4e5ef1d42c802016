// A query that is made of a value of a record finds that record, and one that excludes the value does not.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
import type { FullRecord, RecordRow } from '../../src/protocol/tail.ts';
import { narrow } from '../../src/query/narrow.ts';
import { parseQuery } from '../../src/query/query.ts';
import { FieldCells } from '../../src/tail/fieldCells.ts';
import { JsonHeads } from '../../src/tail/jsonHeads.ts';
import { RowStore } from '../../src/tail/rowStore.ts';
import { RowSubject } from '../../src/tail/rowSubject.ts';
import { fullRecord, type RowLook, tailRows } from '../../src/tail/rows.ts';
import {
  factValues,
  recordValues,
  type ShownValue,
  valuesOf,
} from '../../webview/finding/shownValues.ts';
import { useWhole } from '../../webview/finding/wholeValue.ts';

const look: RowLook = { decoder: plainDecoder, marksIn: (texts) => texts.map(() => []) };

/** A record as a tail holds it, with what a panel is told of it. */
class Held {
  private readonly store = new RowStore(1 << 20);
  private readonly slot: number;
  readonly row: RecordRow;
  readonly full: FullRecord;

  constructor(text: string, partitionKey = 'k') {
    const data = new TextEncoder().encode(text);
    const place = { shardId: 'shardId-000000000007', arrivedMs: 1_790_000_000_123, orderMs: 0 };
    this.slot = this.store.addRecord({ ...place, sequenceNumber: '495', partitionKey, data });
    const record = this.store.row(this.slot);
    const [row] = tailRows(0, { rows: [record], look });
    if (record.kind !== 'record' || row?.kind !== 'record') throw new Error('no record');
    this.row = row;
    this.full = fullRecord(row, { record, shard: undefined, look });
  }

  /** The row with these columns. */
  withColumns(paths: readonly string[]) {
    const heads = new JsonHeads(this.store, plainDecoder);
    return { ...this.row, paths, ...new FieldCells(heads, paths).of(this.slot) };
  }

  /** What a panel would do with the value, or why it would not. */
  async whole(value: ShownValue): Promise<ShownValue | string> {
    const got: (ShownValue | string)[] = [];
    const by = {
      record: () => Promise.resolve(this.full),
      refuse: (sentence: string) => void got.push(sentence),
    };
    await useWhole(by, { value, failure: 'No', use: (found) => void got.push(found) });
    return got[0]!;
  }

  matches(query: string): boolean {
    const { matcher, problems } = parseQuery(query);
    expect(problems, query).toEqual([]);
    return matcher({ nowMs: 1_790_000_001_000 })(
      new RowSubject(this.store, plainDecoder).of(this.slot),
    );
  }

  /** Returns how many of these a query asks for. */
  async expectFoundBy(values: readonly ShownValue[]): Promise<number> {
    let asked = 0;
    for (const value of values.filter(({ cell }) => cell)) {
      const whole = await this.whole(value);
      if (typeof whole === 'string' || !whole.cell) continue;
      asked++;
      const [filter, exclude] = [
        narrow('', whole.cell, 'filter'),
        narrow('', whole.cell, 'exclude'),
      ];
      expect(this.matches(filter), filter).toBe(true);
      expect(this.matches(exclude), exclude).toBe(false);
    }
    return asked;
  }

  /** By all ways that a panel has to a value of it. */
  async expectFound(): Promise<number> {
    const { row, full } = this;
    const inDetails = recordValues(full, {});
    const single = inDetails.map(({ name }) => name);
    const several = single.map((name) => name.replaceAll(/\[\d+\]/g, '[*]'));
    const columns = [...new Set([...single.slice(0, 12), ...several.slice(0, 12)])].slice(0, 20);
    const withColumns = this.withColumns(columns);
    const inCells = columns.flatMap((column) => valuesOf(withColumns, { column }));
    const offered = [...valuesOf(row), ...valuesOf(row, { column: 'value' })];
    return this.expectFoundBy([...offered, ...inDetails, ...inCells]);
  }
}

const spaces = fc.constantFrom('', '', '', ' ', '\n  ', '\t');
const digits = (max: number) => fc.stringMatching(new RegExp(`^(?:0|[1-9][0-9]{0,${max}})$`));
const numbers = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits(24),
    fc.constantFrom('', '', '.0', '.10', '.5', '.12345678901234567'),
    fc.constantFrom('', '', '', 'e0', 'E5', 'e+20', 'e-7', 'e400'),
  )
  .map((parts) => parts.join(''));
const characters = fc.constantFrom(
  'a',
  ' ',
  '  ',
  '\u00a0',
  '\n',
  '"',
  '\\',
  "'",
  '.',
  '/',
  'é',
  '日',
  '🦊',
);
const someText = fc.oneof(
  fc.array(characters, { maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
/** Written plainly, or each unit by its number. */
const written = (text: string, isByNumber: boolean): string =>
  isByNumber
    ? `"${[...text].map((one) => [...Array(one.length).keys()].map((at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')).join('')}"`
    : JSON.stringify(text);
const texts = fc
  .tuple(someText, fc.integer({ min: 0, max: 9 }))
  .map(([text, way]) => written(text, way === 0));
const names = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('a', 'b') },
      fc.constantFrom('', '*', '__proto__', 'a b', 'a  b', "it's", 'länge', '日付', '$', '0', '-1'),
      // Behind a name that is one backslash, V8 reads other names that begin with one as that.
      someText.filter((name) => name !== '\\'),
    ),
    fc.integer({ min: 0, max: 9 }),
  )
  .map(([name, way]) => written(name, way === 0));

const { container } = fc.letrec<{ container: string; value: string }>((tie) => ({
  value: fc.oneof(
    { weight: 3, arbitrary: fc.oneof(numbers, texts, fc.constantFrom('true', 'false', 'null')) },
    { weight: 1, arbitrary: tie('container') },
  ),
  container: fc.oneof(
    { depthSize: 'small' },
    fc
      .array(fc.tuple(names, spaces, tie('value')), { maxLength: 6 })
      .map(
        (members) =>
          `{${members.map(([name, space, value]) => `${name}:${space}${value}`).join()}}`,
      ),
    fc
      .tuple(fc.array(tie('value'), { maxLength: 4 }), spaces)
      .map(([items, space]) => `[${items.join(`,${space}`)}]`),
  ),
}));

test('of any JSON: by a cell, by a value of a row and by one of the details', async () => {
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(container, async (text) => {
      asked += await new Held(text).expectFound();
    }),
    { numRuns: 200 },
  );
  expect(asked).toBeGreaterThan(2000);
});

test('of any JSON that a row shows in part, also where a name comes again behind that', async () => {
  const long = `"pad":"${'p  '.repeat(200)}"`;
  await fc.assert(
    fc.asyncProperty(container, container, async (text, again) => {
      await new Held(`{"a":${text},"b":1,${long},"a":${again},"b":2}`).expectFound();
    }),
    { numRuns: 100 },
  );
});

test('of any partition key', async () => {
  const keys = someText.filter((key) => key !== '' && key.length <= 256);
  await fc.assert(
    fc.asyncProperty(keys, async (key) => {
      const held = new Held('x', key);
      await held.expectFoundBy(valuesOf(held.row, { column: 'key' }));
    }),
  );
});

test.each([`{"a":"${'x'.repeat(20_000)}"}`, `{"a":"${'x'.repeat(20_000)}" x}`, '{"a":1}'])(
  'of the format that the details of a row name',
  async (text) => {
    const held = new Held(text);
    expect(await held.expectFoundBy(factValues(held.full, 'format'))).toBe(1);
  },
);

describe('of a name that comes again in its object', () => {
  const offered = (text: string, at: string): (boolean | string)[] => {
    const { row } = new Held(text);
    const values = valuesOf(row, { column: 'value', offset: text.indexOf(at) });
    return values.map(({ text: copied, cell }) => (cell ? narrow('', cell, 'filter') : copied));
  };

  test('only the last value is one to ask for', () => {
    expect(offered('{"a":1,"a":2}', '1')).toEqual(['1']);
    expect(offered('{"a":1,"a":2}', '2')).toEqual(['$.a = 2']);
    expect(offered('{"a":{"b":1},"\\u0061":{"c":2}}', '1')).toEqual(['1']);
    expect(offered('[{"a":1},{"a":2}]', '1')).toEqual(['$[0].a = 1']);
  });
});

test.each([
  ['12345678901234567890.10', '$.a = 1.2345678901234567e+19'],
  ['123456789012345678901e0', '$.a = 1.2345678901234568e+20'],
  ['12345678901234567890', '$.a = 12345678901234567890'],
  ['-0', '$.a = 0'],
  ['1.50', '$.a = 1.5'],
])('the number %s is asked for as what it is read as: %s', async (number, query) => {
  const held = new Held(`{"a":${number}}`);
  const [value] = recordValues(held.full, {});
  expect(narrow('', value!.cell!, 'filter')).toBe(query);
  expect(await held.expectFound()).toBe(10);
});

test('a value that no query can hold is none to filter by', () => {
  const { full } = new Held(`{"a":"${'x'.repeat(2000)}"}`);
  expect(recordValues(full, {})[0]).not.toHaveProperty('cell');
});
