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
    // Values that fulfil the condition of a path, texts without their quotation marks.
    ['$.a > 5', '{"a":62,"b":7,"c":{"a":9}}', ['62']],
    ['$.a[*].b = x', '{"a":[{"b":"x"},{"b":"y"},{"b":"x"}]}', ['x', 'x']],
    ['$.a = "5"', '{"a":"5"}', ['5']],
    ['$.a = 5', '{"a":"5"}', ['5']],
    ['$.a', '{ "a": null }', ['null']],
    ['$.a : B', '{"a":"abc"}', ['abc']],
    ['$.a = /b$/i', '{"a":"aB"}', ['aB']],
    ['$.a = true', '{"a":true,"cut', ['true']],
    ['$.a != 5 not $.b', '{"a":62,"b":7}', []],
    ['$.a', '{"a":{"b":1},"b":2}', []],
    ['$.a[0] > 5', '{"a":[6,7],"b":[8]}', ['6']],
    ['$.a > 5', 'no JSON {"a":62}', []],
    ['$.a = ""', '{"a":""}', []],
    ['$.a > 5 6', '{"a":62}', ['62']],
    // Numbers with all their digits.
    ['$.id = 1234567890123456789', '{"id":1234567890123456789}', ['1234567890123456789']],
    [
      '$.id[*] = 1234567890123456789',
      '{"id":[1234567890123456768,1234567890123456789,1]}',
      ['1234567890123456789'],
    ],
    ['$.id > 1234567890123456788', '{"id":1234567890123456788}', []],
    [
      '$.id[*] < -9007199254740993',
      '{"id":[-9007199254740992,-9007199254740994]}',
      ['-9007199254740994'],
    ],
    ['$.id >= 5', '{"id":12345678901234567890}', ['12345678901234567890']],
    ['$.price:1.50', '{"price":1.50}', ['1.50']],
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
