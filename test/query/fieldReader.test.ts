// Values found in JSON text by their paths: the same as in what parsing makes of it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FieldReader } from '../../src/query/fieldReader.ts';
import { everyItem, type Step } from '../../src/query/tree.ts';

const found = (text: string, ...paths: Step[][]): string[][] =>
  new FieldReader(paths)
    .read(text)
    .spans.map((spans) => spans.map(({ start, end }) => text.slice(start, end)));

/** As plainly as it can be said. */
function valuesAt(value: unknown, steps: readonly Step[]): unknown[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (step === everyItem) return Object.values(value).flatMap((item) => valuesAt(item, rest));
  if (Array.isArray(value) !== (typeof step === 'number')) return [];
  return Object.hasOwn(value, step) ? valuesAt(Reflect.get(value, step), rest) : [];
}

const names = fc.constantFrom('a', 'b', 'ü "x"', 'a.b', '__proto__', 'toString', '');
const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true }),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const steps = fc.array(fc.oneof(names, fc.nat(2), fc.constant(everyItem)), {
  minLength: 1,
  maxLength: 4,
});
const spaces = fc.constantFrom('', ' ', '\n', '\t ');

test('read() finds what parsing finds, by any paths, whatever the white space', () => {
  const property = fc.property(
    fc.oneof(fc.array(values, { maxLength: 3 }), fc.dictionary(names, values)),
    fc.array(steps, { maxLength: 5 }),
    spaces,
    (value, paths, space) => {
      const text = space + JSON.stringify(value, undefined, space) + space;
      const seen = found(text, ...paths).map((texts) => texts.map((one) => JSON.parse(one)));
      const wanted = paths.map((path) => valuesAt(JSON.parse(text), path));
      const order = (all: unknown[]): string[] => all.map((one) => JSON.stringify(one)).sort();
      expect(seen.map(order)).toEqual(wanted.map(order));
    },
  );
  fc.assert(property, { numRuns: 2000 });
});

test('read() of a beginning tells what is whole in it, and that more may come', () => {
  const property = fc.property(
    fc.dictionary(names, values),
    fc.array(steps, { maxLength: 3 }),
    fc.nat(),
    (value, paths, at) => {
      const text = JSON.stringify(value);
      const head = text.slice(0, at % text.length);
      const { spans, isOpen } = new FieldReader(paths).read(head);
      expect(isOpen || head === '').toBe(true);
      const all = found(text, ...paths);
      for (const [index, some] of spans.entries()) {
        for (const { start, end } of some) expect(all[index]).toContain(head.slice(start, end));
      }
    },
  );
  fc.assert(property, { numRuns: 1000 });
});

test('of a name that is there twice the last one counts, with all below it', () => {
  expect(found('{"a":{"b":1},"a":{"c":2}}', ['a', 'b'], ['a', 'c'])).toEqual([[], ['2']]);
  expect(found('[{"a":1,"a":2},{"a":3}]', [everyItem, 'a'])).toEqual([['2', '3']]);
});

test('numbers keep their digits, names may be written with escapes', () => {
  expect(found(String.raw`{"\u0061":12345678901234567890.10}`, ['a'])).toEqual([
    ['12345678901234567890.10'],
  ]);
});

test('what is no JSON has no values, and any text ends', () => {
  for (const text of ['', 'a', '"a"', '1', '{a:1}', '{"a" 1}', '{"a":1}x', '{"a":1]', '[INFO] x']) {
    expect(found(text, ['a'], [0])).toEqual([[], []]);
  }
  const junk = fc.string({ unit: fc.constantFrom(...'{}[]":,\\ a1é') });
  fc.assert(fc.property(junk, (text) => found(`{${text}`, ['a'], [everyItem]).length === 2));
});
