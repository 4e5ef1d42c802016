// Values of JSON by their paths and places: against what parsing says, and of text whose end is missing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonLeaves } from '../../src/query/jsonLeaves.ts';
import { narrow } from '../../src/query/narrow.ts';
import { pathText } from '../../src/query/path.ts';
import { parseQuery } from '../../src/query/query.ts';
import { pathStepsMax, type Step } from '../../src/query/tree.ts';
import { WrittenRecord } from './support/record.ts';

const leavesOf = (text: string) => [...jsonLeaves(text, 1000)];
const shown = (text: string): string[] =>
  leavesOf(text).map(({ steps, start, end }) => `${pathText(steps)} ${text.slice(start, end)}`);

/** What parsing leads to, the same way. */
function expected(value: unknown, steps: readonly Step[] = []): [readonly Step[], unknown][] {
  if (typeof value !== 'object' || value === null) return [[steps, value]];
  if (Array.isArray(value)) return value.flatMap((item, at) => expected(item, [...steps, at]));
  return Object.entries(value).flatMap(([name, item]) => expected(item, [...steps, name]));
}

describe('jsonLeaves()', () => {
  test.each([
    [
      '{"a":1,"b":{"c":"x","d":[true,null,{"e":-2.5e3}]}}',
      ['$.a 1', '$.b.c "x"', '$.b.d[0] true', '$.b.d[1] null', '$.b.d[2].e -2.5e3'],
    ],
    ['[1, [2, 3]] ', ['$[0] 1', '$[1][0] 2', '$[1][1] 3']],
    ['{ "odd name" : "a\\"b" }', ['$[\'odd name\'] "a\\"b"']],
    // Cut: the value that the text ends in may go on.
    ['{"a":1,"b":"xy', ['$.a 1']],
    ['{"a":1,"b":12', ['$.a 1']],
    ['{"a":1,"b', ['$.a 1']],
    ['{"a":[1,2', ['$.a[0] 1']],
    // Nothing of these is a value at a path.
    ['12', []],
    ['a text {"b":1}', []],
    ['{a:b, "c":nan, "d":01}', []],
    ['}}}]]', []],
  ])('%s', (text, expectedTexts) => {
    expect(shown(text)).toEqual(expectedTexts);
  });

  test('a value may be too deep for a path, or one of too many', () => {
    const deep = (depth: number) => `${'['.repeat(depth)}7${']'.repeat(depth)}`;
    expect(leavesOf(deep(pathStepsMax))).toHaveLength(1);
    expect(leavesOf(deep(pathStepsMax + 1))).toEqual([]);
    expect([...jsonLeaves('[1,2,3]', 2)]).toHaveLength(2);
  });

  test('a number that a double cannot hold is whole', () => {
    expect(leavesOf('{"id":9007199254740993}')[0]!.value).toBe(9007199254740993n);
  });

  test('names lie before their values, and a megabyte is no trouble', () => {
    const [leaf] = leavesOf('{ "a" : 1 }');
    expect(leaf).toMatchObject({ nameStart: 2, start: 8, end: 9 });
    expect(
      leavesOf(`{"a":"${'x\\n'.repeat(400_000)}","b":1}`).map(({ end }) => end > 1_200_000),
    ).toEqual([true, true]);
  });

  const json = fc.jsonValue({ maxDepth: 4 });

  test('are what parsing says, in the same order, and the same of every beginning of the text', () => {
    fc.assert(
      fc.property(json, fc.boolean(), fc.nat(200), (value, isIndented, cut) => {
        fc.pre(typeof value === 'object' && value !== null);
        const text = JSON.stringify(value, undefined, isIndented ? 2 : 0);
        const leaves = leavesOf(text);
        expect(leaves.map(({ steps, value }) => [steps, value])).toEqual(
          expected(JSON.parse(text)).map(([steps, found]) => [
            steps,
            typeof found === 'number' && Number.isInteger(found) && !Number.isSafeInteger(found)
              ? expect.anything()
              : found,
          ]),
        );
        for (const { start, end, value } of leaves) {
          if (typeof value !== 'bigint') expect(JSON.parse(text.slice(start, end))).toBe(value);
        }
        const part = leavesOf(text.slice(0, cut));
        expect(part).toEqual(leaves.slice(0, part.length));
      }),
      { numRuns: 500 },
    );
  });

  test('each leads by its path to a condition that the record fulfils', () => {
    fc.assert(
      fc.property(json, (value) => {
        fc.pre(typeof value === 'object' && value !== null);
        const text = JSON.stringify(value);
        const record = new WrittenRecord({ text });
        for (const { steps, value: found } of jsonLeaves(text, 10)) {
          const query = parseQuery(narrow('', { field: steps, value: found }, 'filter'));
          if (query.problems.length === 0) expect(query.matcher({ nowMs: 0 })(record)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
