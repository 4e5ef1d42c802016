// What a text means to the query language, what is wrong with one, and how much of one is read.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printQuery } from '../../src/query/printQuery.ts';
import { parseQuery } from '../../src/query/query.ts';
import { charactersMax, depthMax, pathStepsMax, termsMax } from '../../src/query/tree.ts';

const printed = (text: string): string => {
  const { tree } = parseQuery(text);
  return tree ? printQuery(tree) : '';
};

describe('parseQuery()', () => {
  test.each([
    // Words and phrases.
    ['', ''],
    ['order 42', 'order 42'],
    ['"a b"', '"a b"'],
    ['"a \\"b\\" \\\\"', '"a \\"b\\" \\\\"'],
    ['"C:\\temp"', '"C:\\\\temp"'],
    ['"to the end', '"to the end"'],
    // Control characters: by their numbers in what is compared, in a phrase any white space.
    ['$.a = "b\nc\u0000"', '$.a = "b\\u000ac\\u0000"'],
    ['$.a = "b\\u000Ac"', '$.a = "b\\u000ac"'],
    ['$.a = "b\\\\u000ac"', '$.a = "b\\\\u000ac"'],
    ['$.a = "b\\nc\\u0041"', '$.a = "b\\\\nc\\\\u0041"'],
    ['key="a\rb" $[\'c\nd\\u0009\']', 'key="a\\u000db" $[\'c\\u000ad\\u0009\']'],
    ['"a\nb" "\\u000a"', '"a b" "\\\\u000a"'],
    ['/a\nb[\\\r]\\n/', '/a\\nb[\\r]\\n/'],
    ['"" " " "', ''],
    ['a"b c"d', 'a "b c" d'],
    ['"origin":"HNL"', 'origin ":" HNL'],
    // What only looks like more than a word.
    ['a:b http://x sort:asc', '"a:b" "http://x" "sort:asc"'],
    ['-5 -0.5 -- --all -> a-b', '"-5" "-0.5" "--" "--all" "->" a-b'],
    ['( a ) ) ( b', 'a ")" "(" b'],
    ['(', '"("'],
    ['() ( )', '"()" "(" ")"'],
    ['((a)', '"((a)"'],
    ['f(x) g(', '"f(x)" "g("'],
    ['$ $5 a$.b', '"$" "$5" "a$.b"'],
    ['/ // /var/log /a / b/', '"/" "//" "/var/log" "/a" "/" "b/"'],
    ['keys:a key', '"keys:a" key'],
    // Joining.
    ['a and b AND c', 'a b c'],
    ['a b or c d', 'a b or c d'],
    ['(a or b) c', '(a or b) c'],
    ['a or (b or c)', 'a or b or c'],
    ['not a', 'not a'],
    ['NOT not a', 'not not a'],
    ['not (a b)', 'not (a b)'],
    ['not(a)', 'not a'],
    ['a or(b c)', 'a or b c'],
    [
      '-a -"b c" -key:d -$.e -/f/ -(g or h)',
      'not a not "b c" not key:d not $.e not /f/ not (g or h)',
    ],
    ['(a or f(b))', 'a or "f(b)"'],
    ['and', '"and"'],
    ['a or', 'a "or"'],
    ['not', '"not"'],
    ['a or or b', 'a or "or" b'],
    ['(not)', '"not"'],
    // Regexes.
    ['/a b/', '/a b/'],
    ['/[/]\\//ims', '/[/]\\//ims'],
    ['(/a/)', '/a/'],
    // Fields.
    ['key:a KEY:"a b" key=a:b key!=""', 'key:a key:"a b" key=a:b key!=""'],
    ['key:/^a b/i', 'key:/^a b/i'],
    ['key: a', 'key:a'],
    ['shard:5 shard:1,2 shard:1, 2 x', 'shard:5 shard:1,2 shard:"1, 2" x'],
    ['size > 1KB size<=200 size==3', 'size>1KB size<=200 size=3'],
    ['age<10s arrived >= 14:05 seq!=00049', 'age<10s arrived>=14:05 seq!=00049'],
    ['format:json sub:1', 'format:json sub:1'],
    ['(key:a)', 'key:a'],
    ['key:f(a)', 'key:"f(a)"'],
    // Paths.
    ['$.a.b', '$.a.b'],
    ['$.order.total > 100', '$.order.total > 100'],
    ['$.a>=-1.5e+3', '$.a >= -1.5e+3'],
    ["$['odd name'][0][*].x=open", '$[\'odd name\'][0][*].x = "open"'],
    ['$["it\\"s"]', "$['it\"s']"],
    ["$['it\\'s']", "$['it\\'s']"],
    ["$['*']", '$.*'],
    ['$.a = "5" $.b = 5 $.c = 05', '$.a = "5" $.b = 5 $.c = "05"'],
    ['$.a = true $.b != null $.c = "true"', '$.a = true $.b != null $.c = "true"'],
    ['$.a: x $.b:/y/i', '$.a : "x" $.b : /y/i'],
    ['$.a and b', '$.a b'],
    ['($.a = b)', '$.a = "b"'],
  ])('%s', (text, expected) => {
    const query = parseQuery(text);
    expect(query.problems).toEqual([]);
    expect(printed(text)).toBe(expected);
    expect(query.isEmpty).toBe(expected === '');
    expect(printed(expected)).toBe(expected);
  });

  test.each([
    ['a key:', 'key:', /belongs behind key:, such as customer-7/],
    ['(key:)', 'key:', /belongs behind key:/],
    ['size>', 'size>', /belongs behind size>, such as 1KB/],
    ['size > big', 'size > big', /a size such as 200, 1KB or 1.5MiB; "big" is none/],
    ['size>1ZB b', 'size>1ZB', /is none/],
    ['age<soon', 'age<soon', /an age such as 10s/],
    ['age:5m', 'age:5m', /age takes <, <=, > or >=, not :/],
    ['key<a', 'key<a', /key takes :, = or !=, not </],
    ['seq>x', 'seq>x', /a whole number/],
    [`seq>${'1'.repeat(130)}`, `seq>${'1'.repeat(130)}`, /a whole number; "1{30}…" is none/],
    ['arrived>25:00', 'arrived>25:00', /a time such as 14:05/],
    ['arrived>2026-02-30', 'arrived>2026-02-30', /a time such as/],
    ['shard:/1/', 'shard:/1/', /not by a regex/],
    ['shard:,', 'shard:,', /compared with a shard/],
    ['a /(/ b', '/(/', /cannot be read: Unterminated group\./],
    ['key:/(/', 'key:/(/', /cannot be read/],
    ['$.a = /(/', '$.a = /(/', /cannot be read/],
    ['/a/g', '/a/g', /flags i, m, s and u, not g/],
    ['/a/ii', '/a/ii', /Invalid flags/],
    ['$. a', '$.', /name belongs behind the dot/],
    ['$.a..b c', '$.a..b', /name belongs behind the dot/],
    ['$[x]', '$[x]', /an index, \* or a name/],
    ['$.a >', '$.a >', /A value belongs behind >/],
    ['$.a => 5', '$.a =>', /=> is no operator/],
    ['size<>5', 'size<>5', /<> is no operator/],
    ['$.a > null', '$.a > null', /null has no order/],
    ['$.a < /b/', '$.a < /b/', /A regex has no order/],
    ['$.a:""', '$.a:""', /A value belongs behind :/],
  ])('%s has a problem at %s', (text, wrong, message) => {
    const query = parseQuery(text);
    const [problem] = query.problems;
    expect(problem!.message).toMatch(message);
    expect(text.slice(problem!.start, problem!.end)).toBe(wrong);
    expect(query.problem).toBe(problem!.message);
    expect(query.isEmpty).toBe(true);
    expect(query.spans('a b')).toEqual([]);
  });

  test('tells several problems in order, and keeps what could be read in its tree', () => {
    expect(parseQuery('a size>x /(/ b').problems.map(({ start }) => start)).toEqual([2, 9]);
    expect(printed('a size>x /(/ b')).toBe('a b');
  });

  test.each([
    ['characters', 'x'.repeat(charactersMax), 'x'.repeat(charactersMax + 1)],
    ['terms', 'a '.repeat(termsMax), 'a '.repeat(termsMax + 1)],
    ['deep', `${'not '.repeat(depthMax - 1)}a`, `${'not '.repeat(depthMax)}a`],
    ['steps', `$${'.a'.repeat(pathStepsMax)}`, `$${'.a'.repeat(pathStepsMax + 1)}`],
  ])('has a bound: %s', (what, most, tooMuch) => {
    expect(parseQuery(most)).toMatchObject({ problems: [], isEmpty: false });
    const query = parseQuery(tooMuch);
    expect(query.problems).toHaveLength(1);
    expect(query.problem).toMatch(new RegExp(`at most \\d+ .*${what}`));
    expect(query.isEmpty).toBe(true);
  });

  test('brackets by the hundred are read in a few rounds', () => {
    for (const text of ['('.repeat(1000), ')'.repeat(1000), '(a '.repeat(333), 'f(('.repeat(333)]) {
      expect(() => parseQuery(text)).not.toThrow();
    }
    const deep = `${'('.repeat(400)}a${')'.repeat(400)}`;
    expect(printed(deep)).toBe('a');
  });

  test.each([
    ['key:a size>5', { text: false, json: false }, false],
    ['word', { text: true, json: false }, false],
    ['/a/', { text: true, json: false }, true],
    ['key:/a/', { text: false, json: false }, true],
    ['not $.a', { text: true, json: true }, false],
    ['x or $.a = /a/', { text: true, json: true }, true],
    ['$.a size>', { text: false, json: false }, false],
  ])('%s needs %j', (text, needs, hasRegex) => {
    expect(parseQuery(text)).toMatchObject({ needs, hasRegex });
  });

  const piece = fc.oneof(
    fc.constantFrom(...'()"/\\-$.[]*\'=<>!: ,', 'and ', 'or ', 'not ', 'key:', 'size>', 'age<'),
    fc.constantFrom('shard:1,', 'arrived>14:05', '$.a', "['x']", '/a/i', '1KB', 'true', ' 5 '),
    fc.string({ unit: 'grapheme', maxLength: 4 }),
  );
  const anyText = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

  test('never throws; problems and terms lie within the text, and what it prints reads the same', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const query = parseQuery(text);
        for (const { start, end } of query.problems) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
        query.matcher({ nowMs: 0 });
        if (!query.tree || query.problems.length > 0) return;
        const again = printQuery(query.tree);
        if (again.length > charactersMax) return;
        expect(parseQuery(again).problems).toEqual([]);
        expect(printed(again)).toBe(again);
      }),
      { numRuns: 2000 },
    );
  });
});
