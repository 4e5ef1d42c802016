// What is offered at a place in a query: `|` is the caret.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CompletionContext,
  completeQuery,
  completionsMax,
} from '../../src/query/completeQuery.ts';
import { parseQuery } from '../../src/query/query.ts';

const context: CompletionContext = {
  shardIds: ['shardId-000000000005', 'shardId-000000000015', 'other'],
  keys: ['customer-7', 'a b', '42'],
  formats: ['json', 'gzip json'],
  paths: [
    { path: '$.order', type: 'object' },
    { path: '$.order.total', type: 'number', values: [100, 7.5] },
    { path: '$.order.paid', type: 'boolean' },
    { path: "$['a=b']", type: 'number' },
    { path: "$['odd name']", type: 'string', values: ['open', '5'] },
  ],
};
const mixed: CompletionContext = {
  ...context,
  paths: [{ path: '$.a', type: 'number or boolean', values: [1, null, true, '', 'x'] }],
};

/** The texts that each completion would give. */
function completed(marked: string, given = context): string[] {
  const caret = marked.indexOf('|');
  const text = marked.replace('|', '');
  return completeQuery(text, caret, given).map(
    ({ start, end, insert }) => `${text.slice(0, start)}${insert}|${text.slice(end)}`,
  );
}

const labels = (marked: string, given = context): string[] =>
  completeQuery(marked.replace('|', ''), marked.indexOf('|'), given).map(({ label }) => label);

describe('completeQuery()', () => {
  test('offers everything in an empty box, and what joins behind a term', () => {
    const fields = ['key:', 'shard:', 'seq>=', 'size>', 'age<', 'arrived>', 'format:'];
    const paths = context.paths.map(({ path }) => path);
    expect(labels('|')).toEqual([...fields, 'not', ...paths]);
    expect(labels('a |')).toEqual([...fields, 'and', 'or', 'not', ...paths]);
    expect(labels('(|')).toEqual(labels('|'));
    expect(labels('a (|')).toEqual(labels('a |'));
    expect(labels('|', { ...context, hasSubRecords: true })).toContain('sub=');
  });

  test.each([
    // Fields and words, wherever they stand.
    ['s|', ['shard:|', 'seq>=|', 'size>|']],
    ['a -KE|', ['a -key:|']],
    ['x sh|ard y', ['x shard:| y']],
    ['(fo|)', ['(format:|)']],
    ['x (fo|', ['x (format:|']],
    ['-(($.order.t|', ['-(($.order.total|']],
    ['(key:cus|', ['(key:customer-7|']],
    ['x n|', ['x not |', "x $['odd name']|"]],
    ['x an|', ['x and |']],
    ['an|', []],
    // Operators.
    ['age|', ['age<|', 'age<=|', 'age>|', 'age>=|', 'age<|']],
    ['$.order.paid |', expect.arrayContaining(['$.order.paid = |', '$.order.paid key:|'])],
    // Paths, by any part of them.
    ['$|', ['$.order|', '$.order.total|', '$.order.paid|', "$['a=b']|", "$['odd name']|"]],
    ['x -$.order.t|', ['x -$.order.total|']],
    ['tot|', ['$.order.total|']],
    ['$.x|', ['$.x : |', '$.x = |', '$.x != |', '$.x < |', '$.x <= |', '$.x > |', '$.x >= |']],
    ["$['a=|", ["$['a=b']|"]],
    ["$['od|", ["$['odd name']|"]],
    ['$.order|', expect.arrayContaining(['$.order.total|', '$.order = |'])],
    // Values.
    ['key:|', ['key:customer-7|', 'key:"a b"|', 'key:42|']],
    ['key: CUS|', ['key: customer-7|']],
    ['key="a|', ['key="a b"|']],
    ['key:cus|tomer x', ['key:customer-7| x']],
    ['shard:|', ['shard:5|', 'shard:15|', 'shard:other|']],
    ['shard:1|', ['shard:15|']],
    ['shard:5,|', ['shard:5,5|', 'shard:5,15|', 'shard:5,other|']],
    ['shard!=shardId-|', ['shard!=5|', 'shard!=15|']],
    ['format:gz|', ['format:"gzip json"|']],
    ['age<|', ['age<10s|', 'age<1m|', 'age<5m|', 'age<1h|', 'age<1d|']],
    ['size > |', ['size > 100|', 'size > 1KB|', 'size > 10KB|', 'size > 1MB|']],
    ['$.order.total > |', ['$.order.total > 100|', '$.order.total > 7.5|']],
    ['$.order.total>7|', ['$.order.total>7.5|']],
    ['$.order.paid =|', ['$.order.paid =true|', '$.order.paid =false|']],
    ["$['odd name'] = |", ['$[\'odd name\'] = "open"|', '$[\'odd name\'] = "5"|']],
    ['$.unknown = |', []],
    ['seq>=|', []],
    // In the middle of a condition its operator and its value stay.
    ['$.order.to| > 100 late', expect.arrayContaining(['$.order.total| > 100 late'])],
    ['$.order.t|ax>100', ['$.order.total|>100']],
    ["$['od|d'] = 5", ["$['odd name']| = 5"]],
    ["$['od| = 5", ["$['odd name']| = 5"]],
    ['$.order.| > 5', ['$.order.total| > 5', '$.order.paid| > 5']],
    ['tot|:5 late', ['$.order.total|:5 late']],
    ['ke|:abc late', ['key:|abc late']],
    ['(ke|x=abc) late', ['(key=|abc) late']],
    ['ke| = abc', ['key =| abc']],
    ['siz|>=5', ['size>=|5']],
    ['shar|>5', ['shard:|5']],
    ['ag|:5', ['age<|5']],
    ['x |$.a > 5', expect.arrayContaining(['x key:|$.a > 5', 'x $.order|$.a > 5'])],
    ['|key:a', expect.arrayContaining(['size>|key:a'])],
    // An operator takes the place of the one that is there.
    ['key|:abc late', ['key:|abc late', 'key=|abc late', 'key!=|abc late', 'key:|abc late']],
    ['age | > 5m', ['age <| 5m', 'age <=| 5m', 'age >| 5m', 'age >=| 5m']],
    ['$.x| > 100 a', expect.arrayContaining(['$.x = | 100 a', '$.x >= | 100 a'])],
    ['$.x |> 100', expect.not.arrayContaining([expect.stringMatching('key')])],
    ['$.x | key:a', expect.arrayContaining(['$.x = | key:a', '$.x size>| key:a'])],
    ['shard:1|,2 a', ['shard:15|,2 a']],
    // Nothing inside a phrase or a regex.
    ['"s|', []],
    ['"s"|', []],
    ['/s|/', []],
    ['key:/s|/', []],
  ])('%s', (marked, expected) => {
    expect(completed(marked)).toEqual(expected);
  });

  test.each([
    ['$.a = |', ['1', 'null', 'true', '""', '"x"']],
    ['$.a==|', ['1', 'null', 'true', '""', '"x"']],
    ['$.a > |', ['1', '""', '"x"']],
    ['$.a<=|', ['1', '""', '"x"']],
    ['$.a:|', ['1', 'null', 'true', '"x"']],
  ])('%s: behind an operator stands what it takes', (marked, expected) => {
    const inserts = completed(marked, mixed).map((text) => text.slice(marked.length - 1, -1));
    expect(inserts).toEqual(expected);
    for (const text of completed(marked, mixed)) {
      expect(parseQuery(text.replace('|', '')).problems).toEqual([]);
    }
  });

  test('tells what each is', () => {
    expect(completeQuery('tot', 3, context)).toEqual([
      { label: '$.order.total', insert: '$.order.total', detail: 'number', start: 0, end: 3 },
    ]);
    expect(completeQuery('shard:5', 7, context)[0]).toMatchObject({
      label: '5',
      detail: 'shardId-000000000005',
    });
    expect(completeQuery('age', 3, context)[0]).toMatchObject({
      label: '<',
      detail: 'is less than',
    });
  });

  test('offers a bounded number, and nothing for a text that is too long', () => {
    const keys = Array.from({ length: 1000 }, (_, n) => `k${n}`);
    expect(labels('key:|', { ...context, keys })).toHaveLength(completionsMax);
    const paths = keys.map((name) => ({ path: `$.${name}`, type: 'string' }));
    expect(labels('k|', { ...context, paths })).toHaveLength(completionsMax);
    expect(completeQuery('a'.repeat(1001), 3, context)).toEqual([]);
  });

  test('never throws, replaces text around the caret only, and values give no new problem', () => {
    const piece = fc.constantFrom(
      ...[
        'key',
        ':',
        '=',
        '>',
        ' ',
        '$.order',
        '.',
        "['",
        '"',
        '/',
        '(',
        ')',
        '-',
        'not ',
        'a',
        '5',
      ],
    );
    const texts = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(texts, fc.nat(60), (text, at) => {
        const caret = Math.min(at, text.length);
        for (const { start, end, insert, label } of completeQuery(text, caret, context)) {
          if (!/[()"]/.test(text) && !/[:=<>]/.test(text.slice(0, caret))) {
            // No value is lost.
            expect(text.slice(caret, end)).not.toMatch(/[:=<>]\s*[^\s:=<>]/);
          }
          expect(start).toBeGreaterThanOrEqual(0);
          expect(start).toBeLessThanOrEqual(caret);
          expect(end).toBeGreaterThanOrEqual(caret);
          expect(end).toBeLessThanOrEqual(text.length);
          const isValue = context.keys.includes(label);
          const result = parseQuery(`${text.slice(0, start)}${insert}${text.slice(end)}`);
          if (isValue) {
            expect(result.problems.length).toBeLessThanOrEqual(parseQuery(text).problems.length);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
