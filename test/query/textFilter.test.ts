// The simple filter: all words, in any case, phrases in quotation marks.
import { describe, expect, test } from 'vitest';
import { parseTextFilter } from '../../src/query/textFilter.ts';

const none = (): string => '';
const matches = (filter: string, ...fields: string[]): boolean =>
  parseTextFilter(filter).matches(fields, none);

describe('parseTextFilter()', () => {
  test.each([
    ['', ['anything'], true],
    ['hnl', ['{"origin":"HNL"}'], true],
    ['hnl sfo', ['{"origin":"HNL"}', 'key SFO'], true],
    ['hnl lax', ['{"origin":"HNL"}'], false],
    ['"late flight"', ['a late flight'], true],
    ['"late flight"', ['flight late'], false],
    ['"late flight', ['a late flight'], true],
    ['a.c (x) [1] \\d $ ^', ['a.c (x) [1] \\d $ ^'], true],
    ['a.c', ['abc'], false],
    ['ZÜRICH', ['zürich'], true],
    ['"" "', ['anything'], true],
  ])('%s in %j: %s', (filter, fields, expected) => {
    expect(matches(filter, ...fields)).toBe(expected);
  });

  test('asks for the decoded text once, and only when the fields do not decide', () => {
    let asked = 0;
    const more = (): string => {
      asked++;
      return 'deep inside';
    };
    const filter = parseTextFilter('deep inside key');
    expect(filter.matches(['key'], more)).toBe(true);
    expect(asked).toBe(1);
    expect(filter.matches(['deep inside key'], more)).toBe(true);
    expect(asked).toBe(1);
  });

  test('spans() marks every occurrence, joined where they touch', () => {
    expect(parseTextFilter('ab bc').spans('xABCx ab')).toEqual([
      { start: 1, end: 4 },
      { start: 6, end: 8 },
    ]);
    expect(parseTextFilter('').spans('abc')).toEqual([]);
  });

  test('says what is too long, and matches everything then', () => {
    const filter = parseTextFilter('x'.repeat(1001));
    expect(filter.problem).toMatch(/at most 1000 characters/);
    expect(filter.isEmpty).toBe(true);
  });
});
