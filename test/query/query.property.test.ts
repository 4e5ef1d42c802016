// Random queries over random records: the fast evaluation against a naive one, and text against tree.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printQuery } from '../../src/query/printQuery.ts';
import { parseQuery } from '../../src/query/query.ts';
import type { Node, Operator, Step, Value } from '../../src/query/tree.ts';
import { naiveMatch } from './support/naive.ts';
import { WrittenRecord } from './support/record.ts';

const now = { nowMs: 0 };
const nowhere = { start: 0, end: 0 };

/** Few letters, so that much matches; quotation marks, spaces, brackets and line breaks, so that quoting is needed. */
const text = fc.string({
  unit: fc.constantFrom(...'aAbB1"\\ ()-/$.=:\n\r\u0001'),
  minLength: 1,
  maxLength: 3,
});
const wanted = text.filter((value) => value.trim() !== '');
const names = ['a', 'b', 'A b', "it's", '"', 'toString', 'a\nb', '\\u000a\u0000'];
const regex = fc.record({
  type: fc.constant('regex' as const),
  source: fc.constantFrom('a', '^b', 'A.', '[/ab]1', '\\$', 'b$', '(a|1)+'),
  flags: fc.constantFrom('', 'i', 'ms', 'u'),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...names) },
  fc.constantFrom(0, 1, -1),
);
const equality = fc.constantFrom<Operator>(':', '=', '!=');
const operator = fc.constantFrom<Operator>(':', '=', '!=', '<', '<=', '>', '>=');

const pathValue: fc.Arbitrary<Value> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: wanted }),
  fc.record({ type: fc.constant('number' as const), text: fc.constantFrom('1', '-2', '1.5', '0') }),
  fc.record({
    type: fc.constant('constant' as const),
    text: fc.constantFrom('true' as const, 'false' as const, 'null' as const),
  }),
  regex,
);
const condition = fc
  .record({ operator, value: pathValue })
  .filter(
    ({ operator: by, value }) =>
      [':', '=', '!='].includes(by) || value.type === 'text' || value.type === 'number',
  );

const field = (name: string, by: fc.Arbitrary<Operator>, value: fc.Arbitrary<Value>) =>
  fc.record({ kind: fc.constant('field'), field: fc.constant(name), operator: by, value });
const numeral = fc
  .constantFrom('0', '1', '11', '12', '9'.repeat(40))
  .map((digits): Value => ({ type: 'text', text: digits }));

const leaf = fc.oneof(
  fc.record({ kind: fc.constant('text'), text: wanted }),
  fc.record({ kind: fc.constant('regex'), regex }),
  fc.oneof(
    field(
      'key',
      equality,
      fc.oneof(
        wanted.map((of): Value => ({ type: 'text', text: of })),
        regex,
      ),
    ),
    field('format', equality, fc.constantFrom<Value>({ type: 'text', text: 'json' })),
    field(
      'shard',
      equality,
      fc.constantFrom('1', '0,2', '11').map((of) => ({ type: 'text', text: of })),
    ),
    field('seq', operator, numeral),
    field(
      'size',
      operator,
      numeral.filter((value) => value.type === 'text' && value.text.length < 9),
    ),
  ),
  fc.record(
    {
      kind: fc.constant('path'),
      steps: fc.array(step, { minLength: 1, maxLength: 3 }),
      condition,
    },
    { requiredKeys: ['kind', 'steps'] },
  ),
) as fc.Arbitrary<object>;

const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'small', withCrossShrink: true },
    leaf.map((term) => ({ ...nowhere, ...term }) as Node),
    tie('node').map((child): Node => ({ kind: 'not', node: child as Node, ...nowhere })),
    fc
      .tuple(
        fc.constantFrom('and' as const, 'or' as const),
        fc.array(tie('node'), { minLength: 2, maxLength: 3 }),
      )
      .map(([kind, nodes]): Node => ({ kind, nodes: nodes as Node[], ...nowhere })),
  ),
}));

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.oneof(fc.constantFrom(null, true, false, 0, 1, -2, 1.5, '1'), text),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 4 }),
  ),
})).value;

const record = fc.record({
  text: fc.oneof(
    { weight: 4, arbitrary: json.map((value) => JSON.stringify(value, undefined, 1)) },
    fc.array(text, { maxLength: 4 }).map((texts) => texts.join('')),
  ),
  key: text,
  shard: fc.constantFrom(0, 1, 2, 11),
  seq: fc.constantFrom('0', '1', '12', '110', '9'.repeat(39)),
  arrivedMs: fc.constant(0),
  size: fc.constantFrom(0, 1, 12, 100),
  format: fc.constantFrom('json', 'text'),
  sub: fc.constant(0),
});

test('a query printed and read matches what its tree says, from bytes and from text', () => {
  let matching = 0;
  fc.assert(
    fc.property(node, fc.array(record, { minLength: 5, maxLength: 5 }), (tree, records) => {
      const query = parseQuery(printQuery(tree));
      expect(query.text).not.toMatch(/[\r\n]/);
      expect(query.problems).toEqual([]);
      expect(printQuery(parseQuery(printQuery(query.tree!)).tree!)).toBe(printQuery(query.tree!));
      const matches = query.matcher(now);
      for (const written of records) {
        const expected = naiveMatch(tree, written);
        if (expected) matching++;
        expect(matches(new WrittenRecord(written))).toBe(expected);
        expect(matches(new WrittenRecord({ ...written, isPacked: true }))).toBe(expected);
      }
    }),
    { numRuns: 1500 },
  );
  // Neither all nor none: the comparison says something.
  expect(matching).toBeGreaterThan(1000);
  expect(matching).toBeLessThan(6500);
});

test('marks lie within the text, in order, apart, and each word that occurs is marked', () => {
  fc.assert(
    fc.property(
      fc.array(wanted, { maxLength: 4 }),
      fc.array(text, { maxLength: 20 }),
      (words, shown) => {
        const tree: Node = {
          kind: 'and',
          nodes: words.map((word) => ({ kind: 'text', text: word, ...nowhere })),
          ...nowhere,
        };
        const shownText = shown.join('');
        const spans = parseQuery(printQuery(tree)).spans(shownText);
        let end = -1;
        for (const span of spans) {
          expect(span.start).toBeGreaterThan(end);
          expect(span.end).toBeGreaterThan(span.start);
          end = span.end;
        }
        expect(end).toBeLessThanOrEqual(shownText.length);
        const plain = (of: string): string => of.toLowerCase().replace(/\s/g, ' ');
        for (const word of words.filter((of) => !/ {2}| $|^ /.test(of))) {
          const at = plain(shownText).indexOf(plain(word));
          const isMarked = ({ start, end: last }: { start: number; end: number }): boolean =>
            start <= at && last >= at + word.length;
          expect(at < 0 || spans.some(isMarked)).toBe(true);
        }
      },
    ),
  );
});

/** The filter before there was a language: words and phrases that must all occur, in any case. */
function plainFilter(filter: string, searched: string): boolean {
  const found = [...filter.matchAll(/"([^"]*)"?|[^\s"]+/g)].map((match) => match[1] ?? match[0]);
  const terms = found.filter((term) => term !== '"' && term.trim());
  return terms.every((term) => searched.toLowerCase().includes(term.toLowerCase()));
}

test('what is read as words alone finds all that a plain filter finds', () => {
  const odd = fc.constantFrom(
    'a:b',
    '-5',
    '(',
    ')',
    '(a)',
    'f(x',
    '$',
    '$5',
    '/a/b',
    '"a b"',
    '--',
  );
  const part = fc.oneof(odd, fc.string({ unit: fc.constantFrom(...'aB1:()-/$.="'), maxLength: 4 }));
  const texts = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' '));
  let compared = 0;
  fc.assert(
    fc.property(texts, fc.array(part, { maxLength: 6 }), (filter, parts) => {
      const query = parseQuery(filter);
      const nodes = query.tree?.kind === 'and' ? query.tree.nodes : [query.tree];
      if (query.problems.length > 0 || nodes.some((term) => term && term.kind !== 'text')) return;
      const searched = [filter, ...parts].join(' ');
      for (const text of [searched, parts.join(' '), filter.toUpperCase()]) {
        if (!plainFilter(filter, text)) continue;
        compared++;
        expect(query.matcher(now)(new WrittenRecord({ text }))).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
  expect(compared).toBeGreaterThan(500);
});
