// What of a shown text is marked: where the terms of a query occur.
import { describe, expect, test } from 'vitest';
import { occurrencesMax } from '../../src/query/marks.ts';
import { parseQuery } from '../../src/query/query.ts';

function marked(query: string, text: string, where: 'value' | 'key' = 'value'): string[] {
  return parseQuery(query)
    .spans(text, where)
    .map(({ start, end }) => text.slice(start, end));
}

describe('spans()', () => {
  test.each([
    ['ab bc', 'xABCx ab', ['ABC', 'ab']],
    ['', 'abc', []],
    ['"a b"', 'a\n b and A B', ['a\n b', 'A B']],
    ['Zürich', 'zÜRICH', ['zÜRICH']],
    ['/b+/ x', 'abbbxb bb', ['bbbxb', 'bb']],
    ['/b*/', 'abb', ['bb']],
    ['/^b/m', 'b\nb', ['b', 'b']],
    ['a -b not (c or -d)', 'abcd', ['a', 'd']],
    ['(a or b) $.c = d size>1 key:c', 'abcd', ['ab']],
  ])('%s in the value %j', (query, text, expected) => {
    expect(marked(query, text)).toEqual(expected);
  });

  test.each([
    ['a key:b', 'xABx', ['AB']],
    ['key=ab', 'ab', ['ab']],
    ['key=ab', 'abc', []],
    ['key="a.c"', 'abc', []],
    ['key:/\\d+/', 'k12', ['12']],
    ['-key:b key!=b shard:1', 'b1', []],
    ['key=""', '', []],
  ])('%s in the key %j', (query, text, expected) => {
    expect(marked(query, text, 'key')).toEqual(expected);
  });

  test('are bounded, and a regex that cannot be compiled in full marks nothing', () => {
    expect(marked('a', 'ab'.repeat(occurrencesMax + 5))).toHaveLength(occurrencesMax);
    expect(marked('/((((a{99}){99}){99}){99})/ b', 'ab')).toEqual(['b']);
  });
});
