// The text that every match of a regex has: found where it is plain, and never one that a match lacks.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { literalOf } from '../../src/query/regexLiteral.ts';

describe('literalOf()', () => {
  test.each([
    ['"late":"v.ry"', '', '"late":"v'],
    ['{"a":\\d+,"bcd"}', '', ',"bcd"}'],
    ['colou?r', '', 'colo'],
    ['go*al', '', 'al'],
    ['abc{2}def', '', 'abc'],
    ['abc{0,2}defg', '', 'defg'],
    ['ab+c', '', 'ab'],
    ['error (one|two) seen', '', 'error '],
    ['\\$\\.total', '', '$.total'],
    ['[abc]xyz[^)]', '', 'xyz'],
    ['ERROR', 'i', 'ERROR'],
    ['x{y', '', 'x{y'],
    ['über', '', 'ber'],
  ])('of /%s/%s is %s', (source, flags, literal) => {
    expect(literalOf(new RegExp(source, flags))).toBe(literal);
  });

  test.each([
    ['one|two', ''],
    ['(?:one|two)', ''],
    ['\\x41bcd', ''],
    ['\\u0041bcd', ''],
    ['k\\1bcd', ''],
    ['sik', 'iu'],
    ['a.b.c', ''],
    ['(?<!abc)d', ''],
  ])('none is known of /%s/%s', (source, flags) => {
    expect(literalOf(new RegExp(source, flags))).toBeUndefined();
  });

  /** What a part of a regex is written as, and what it may match. */
  const atoms = [
    ['a', 'a'],
    ['b', 'b'],
    ['K', 'K'],
    ['s', 's'],
    ['ſ', 'ſ'],
    ['\\.', '.'],
    ['.', 'x'],
    ['[ab]', 'b'],
    ['(a|b)', 'a'],
    ['(?:ab)', 'ab'],
    ['\\d', '1'],
    ['"', '"'],
  ] as const;
  const times = [
    ['', 1],
    ['', 1],
    ['*', 0],
    ['*', 2],
    ['?', 0],
    ['+', 3],
    ['{2}', 2],
    ['{0,1}', 0],
    ['{1,}', 2],
    ['+?', 2],
  ] as const;
  const part = fc.record({ atom: fc.constantFrom(...atoms), often: fc.constantFrom(...times) });
  const asciiLower = (text: string): string =>
    text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

  test('whatever is matched has it', () => {
    let compared = 0;
    const parts = fc.array(part, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(parts, fc.constantFrom('', 'i', 's', 'm'), (of, flags) => {
        const pattern = new RegExp(of.map(({ atom, often }) => atom[0] + often[0]).join(''), flags);
        const text = of.map(({ atom, often }) => atom[1].repeat(often[1])).join('');
        const value = flags === 'i' ? text.toUpperCase() : text;
        const literal = literalOf(pattern);
        if (literal === undefined || !pattern.test(value)) return;
        compared++;
        const fold = flags === 'i' ? asciiLower : String;
        expect(fold(value)).toContain(fold(literal));
      }),
      { numRuns: 5000 },
    );
    expect(compared).toBeGreaterThan(200);
  });
});
