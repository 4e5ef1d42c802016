// What a user hides is nowhere in the text that is shown, whatever the text is and wherever it was cut.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
import { hidden, type Masker, maskerOf, maskText, patternsMax } from '../../src/decode/mask.ts';
import { carrierOf } from '../../src/decode/maskCarry.ts';
import { patternCharactersMax } from '../../src/decode/maskPattern.ts';

const masked = (text: string, ...patterns: string[]): string => shownBy(maskerOf(patterns), text);

/** What is shown of a text. */
function shownBy(masker: Masker, text: string): string {
  return hidden(text, { spans: masker.spans(text) });
}

describe('a name', () => {
  test.each([
    ['a string', '{"email":"a@b.c","id":1}', '{"email":•••,"id":1}'],
    ['a number', '{"id":2,"email":12.5e3}', '{"id":2,"email":•••}'],
    ['a word', '{"email":null}', '{"email":•••}'],
    ['an object', '{"email":{"a":["}",{"b":1}]},"id":1}', '{"email":•••,"id":1}'],
    ['an array', '{"email":["]",[1]],"id":1}', '{"email":•••,"id":1}'],
    ['any depth', '[{"a":{"email":"x"}},{"email":"y"}]', '[{"a":{"email":•••}},{"email":•••}]'],
    ['spaces', '{\n  "email" :   "x",\n  "id": 1\n}', '{\n  "email" :   •••,\n  "id": 1\n}'],
    ['marks inside', '{"email":"a\\"b\\\\","id":1}', '{"email":•••,"id":1}'],
    ['a cut string', '{"email":"a@b', '{"email":•••'],
    ['a cut escape', '{"email":"a\\', '{"email":•••'],
    ['a cut object', '{"email":{"a":[1', '{"email":•••'],
    ['a cut number', '{"email":12', '{"email":•••'],
    ['nothing yet', '{"email":', '{"email":'],
    ['several JSON texts', '{"email":"x"}\n{"email":"y"}', '{"email":•••}\n{"email":•••}'],
    ['a log line', '12:00 it\'s "5" put {"email":"x"} ok', '12:00 it\'s "5" put {"email":•••} ok'],
    [
      'JSON in JSON',
      '{"body":"{\\"email\\":\\"x\\",\\"n\\":1}"}',
      '{"body":"{\\"email\\":•••,\\"n\\":1}"}',
    ],
    [
      'JSON in JSON in JSON',
      JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ email: 'x"y', n: 1 }) }) }),
      '{"a":"{\\"b\\":\\"{\\\\\\"email\\\\\\":•••,\\\\\\"n\\\\\\":1}\\"}"}',
    ],
    ['an escaped name', '{"em\\u0061il":"x"}', '{"em\\u0061il":•••}'],
    [
      'another name',
      '{"emails":"x","my email":"y","e":"email"}',
      '{"emails":"x","my email":"y","e":"email"}',
    ],
    ['a value that reads like it', '["email","x"]', '["email","x"]'],
  ])('hides %s', (_, text, shown) => {
    expect(masked(text, 'email')).toBe(shown);
  });

  test.each([
    ['größe', '{"gr\\u00f6\\u00DFe":1,"größe":2}', '{"gr\\u00f6\\u00DFe":•••,"größe":•••}'],
    ['a.b*c', '{"a.b*c":1,"axbbc":2}', '{"a.b*c":•••,"axbbc":2}'],
    ['a"b', '{"a\\"b":1}', '{"a\\"b":•••}'],
    ['a/b', '{"a/b":1,"a\\/b":2}', '{"a/b":•••,"a\\/b":•••}'],
    ['🛫', '{"🛫":1,"\\ud83d\\udeeb":2}', '{"🛫":•••,"\\ud83d\\udeeb":•••}'],
  ])('%s is found in each way that JSON has to write it', (name, text, shown) => {
    expect(masked(text, name)).toBe(shown);
  });
});

describe('a path', () => {
  test.each([
    [
      '$.card.number',
      '{"card":{"number":1,"type":"x"},"number":2}',
      '{"card":{"number":•••,"type":"x"},"number":2}',
    ],
    ['$.card', '{"card":{"number":1},"a":{"card":2}}', '{"card":•••,"a":{"card":2}}'],
    [
      '$.items[*].id',
      '{"items":[{"id":1},{"id":[2]}],"id":3}',
      '{"items":[{"id":•••},{"id":•••}],"id":3}',
    ],
    ['$.items.id', '{"items":[[{"id":1}]],"id":3}', '{"items":[[{"id":•••}]],"id":3}'],
    ['$.items[0].id', '{"items":[{"id":1},{"id":2}]}', '{"items":[{"id":•••},{"id":•••}]}'],
    ['$[*].id', '[{"id":1},{"a":{"id":2}}]', '[{"id":•••},{"a":{"id":2}}]'],
    ['$.*.id', '{"a":{"id":1},"b":{"id":2},"id":3}', '{"a":{"id":•••},"b":{"id":•••},"id":3}'],
    [
      `$['odd name']["x.y"]`,
      '{"odd name":{"x.y":1,"x":{"y":2}}}',
      '{"odd name":{"x.y":•••,"x":{"y":2}}}',
    ],
    ['$.card.number', '{"card":{"a":[{}],"number":"12', '{"card":{"a":[{}],"number":•••'],
    [
      '$.card.number',
      '{"card":{"number":1}}\n{"card":{"number":2}}',
      '{"card":{"number":•••}}\n{"card":{"number":•••}}',
    ],
    ['$.a.b', '{"a":{"c":"}","b":1},"b":2}', '{"a":{"c":"}","b":•••},"b":2}'],
    ['$.a.b', '{"\\u0061":{"b":1}}', '{"\\u0061":{"b":•••}}'],
    ['$.a.b', '{"a":1,"b":2,"c":{"b":3}}', '{"a":1,"b":2,"c":{"b":3}}'],
    ['$.a', '}]{"a":1}', '}]{"a":•••}'],
  ])('%s in %s', (path, text, shown) => {
    expect(masked(text, path)).toBe(shown);
  });

  test.each([
    ['$.email', 'a 5" disk {"email":"x"}', 'a 5" disk {"email":•••}'],
    ['$.a.email', '[INFO {"a":{"email":"x"}}', '[INFO {"a":{"email":•••}}'],
    ['$.a.email', '{"a":1} {"b":{"email":"x"} !', '{"a":1} {"b":{"email":•••} !'],
    ['$.a.*', '- {"a":{"b":1}}', '- {"a":•••}'],
    ['$.*', '- {"a":{"b":1}}', '•••'],
  ])('%s in %s, which is not JSON alone, is found by its last name', (path, text, shown) => {
    expect(masked(text, path)).toBe(shown);
  });

  test('is found after what is deeper than any path', () => {
    const deep = `${'{"x":'.repeat(1000)}1${'}'.repeat(1000)}`;
    expect(masked(`{"d":${deep},"a":1}`, '$.a')).toBe(`{"d":${deep},"a":•••}`);
  });
});

describe('a regular expression', () => {
  test.each([
    ['/\\d{4}-\\d{4}/', 'card 1234-5678, 1-2', 'card •••, 1-2'],
    ['/secret/i', 'Secret SECRETsecret', '••• •••'],
    ['/x*/', 'axxb', 'a•••b'],
    ['/^b/m', 'a\nb', 'a\n•••'],
    ['/🛫./u', '🛫a🛬', '•••🛬'],
    ['/a b/', 'a \n\tb', '•••'],
    ['/a b/', '{"x":"a\\n\\tb"}', '{"x":"•••"}'],
    ['/^a/', ' \u00a0a', ' \u00a0•••'],
  ])('%s in %s', (pattern, text, shown) => {
    expect(masked(text, pattern)).toBe(shown);
  });
});

describe('maskerOf()', () => {
  test('hides what several patterns find once, where they overlap or touch', () => {
    expect(masked('{"a":"1234","b":2}', 'a', '$.a', '/34/', '/2/')).toBe('{"a":•••,"b":•••}');
    expect(masked('abcdef', '/bcd/', '/cde/')).toBe('a•••f');
    expect(masked('abcd', '/ab/', '/cd/')).toBe('•••');
  });

  test.each([
    ['by its number', '{"n":"M\\u00fcller!"}', '/Müller/', '{"n":"•••!"}'],
    ['a slash', '{"t":"Bearer ab\\/cd\\/ef","n":1}', '/Bearer [a-z/]+/', '{"t":"•••","n":1}'],
    ['a mark', '{"t":"say \\"4111\\" now"}', '/"\\d+" n/', '{"t":"say •••ow"}'],
    [
      'in JSON in JSON',
      '{"a":"{\\"t\\":\\"x\\\\/y\\"}"}',
      '/x\\/y/',
      '{"a":"{\\"t\\":\\"•••\\"}"}',
    ],
    ['cut in the middle', '{"n":"M\\u00fcller\\u00', '/Müller/', '{"n":"•••\\u00'],
  ])('an expression finds what is escaped: %s', (_, text, pattern, shown) => {
    expect(masked(text, pattern)).toBe(shown);
  });

  test('hides keys by regular expressions, and all of them by the name PartitionKey', () => {
    const byRegex = maskerOf(['email', '/\\w+@/']);
    expect(byRegex.maskKey('me@home')).toBe('•••home');
    expect(byRegex.maskKey('email')).toBe('email');
    expect(maskerOf(['PartitionKey']).maskKey('me')).toBe(maskText);
    expect(maskerOf(['PartitionKey']).maskKey('')).toBe('');
    expect(maskerOf(['/./']).maskKey('ab'.repeat(128))).toBe(maskText);
  });

  test('changes nothing without a pattern', () => {
    const masker = maskerOf([]);
    expect(masker).toMatchObject({ isEmpty: true, problems: [] });
    expect(shownBy(masker, '{"a":1}')).toBe('{"a":1}');
    expect(masker.maskKey('key')).toBe('key');
  });

  test.each([
    ['', 'A pattern is empty: name what to hide, or take it out.'],
    [
      '/[/',
      '`/[/` is no regular expression: Invalid regular expression: /[/g: Unterminated character class.',
    ],
    ['/a', '`/a` has no second /: write /…/ around a regular expression.'],
    ['/a/g', '`/a/g` has flags that are not read: use i, m, s, u or v.'],
    ['$', '`$` names nothing: write names, as in $.card.number.'],
    ['$[*]', '`$[*]` names nothing: write names, as in $.card.number.'],
    [
      '$.a[?(@.b)]',
      '`$.a[?(@.b)]` is no path from `[?(@.b)]` on: write names, as in $.card.number.',
    ],
    ['$..a', '`$..a` is no path from `..a` on: write names, as in $.card.number.'],
    [`$${'.a'.repeat(21)}`, `\`${`$${'.a'.repeat(21)}`.slice(0, 40)}…\` has more than 20 names.`],
    [
      'x'.repeat(patternCharactersMax + 1),
      `\`${'x'.repeat(40)}…\` is too long: a pattern has at most ${patternCharactersMax} characters.`,
    ],
  ])('says what is wrong with %j, and uses the others', (pattern, problem) => {
    const masker = maskerOf([pattern, 'a']);
    expect(masker).toMatchObject({ isEmpty: false, problems: [problem] });
    expect(shownBy(masker, '{"a":1}')).toBe('{"a":•••}');
    expect(maskerOf([pattern]).isEmpty).toBe(true);
  });

  test('has a bound on patterns', () => {
    const many = Array.from({ length: patternsMax + 1 }, (_, index) => `name${index}`);
    const masker = maskerOf(many);
    expect(masker.problems).toEqual(['Only the first 50 patterns are used; there are 51.']);
    expect(shownBy(masker, '{"name49":1,"name50":2}')).toBe('{"name49":•••,"name50":2}');
  });

  const lower = fc.string({ unit: fc.constantFrom(...'abz "\\{}[]:,\n'), maxLength: 8 });
  const secret = fc.string({
    unit: fc.constantFrom(...'SECRET"\\{}[]:, 1'),
    minLength: 1,
    maxLength: 12,
  });
  const leaf = fc.oneof(lower, fc.integer(), fc.constant(null));
  const inner = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(lower, tie('value'), { maxKeys: 3 }),
      fc.record({
        password: fc.oneof(secret, fc.array(secret), fc.record({ a: secret })),
        z: lower,
      }),
      tie('value').map((value) => JSON.stringify(value)),
    ),
  })).value;

  test('leaves no letter of a secret in JSON, however deep, nested in strings or cut', () => {
    const masker = maskerOf(['password']);
    let found = 0;
    fc.assert(
      fc.property(inner, fc.constantFrom(0, 2), fc.nat(), (value, indent, length) => {
        const text = JSON.stringify({ first: value, password: 'SECRET' }, undefined, indent);
        const data = new TextEncoder().encode(text);
        const texts = [
          text,
          text.slice(0, length % text.length),
          plainDecoder.preview(data, 60).text,
          plainDecoder.full(data, 2000).text,
        ];
        for (const one of texts) {
          const shown = shownBy(masker, one);
          if (shown.includes(maskText)) found++;
          expect([one, shown.replaceAll(maskText, '')]).toEqual([
            one,
            expect.not.stringMatching(/[A-Z]/),
          ]);
        }
      }),
      { numRuns: 2000 },
    );
    expect(found).toBeGreaterThan(2000);
  });

  test('leaves JSON without the name as it is', () => {
    const masker = maskerOf(['password', '$.password', '$.a.password']);
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!text.includes('password'));
        expect(shownBy(masker, text)).toBe(text);
      }),
    );
  });

  test('never throws, and says the same twice, for any text and any patterns', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.string({ unit: fc.constantFrom(...'ab"\\{}[]:, '), maxLength: 100 }),
      fc.json(),
    );
    const pattern = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 10 }),
      fc.string({ unit: fc.constantFrom(...'$.ab[]*\'"/'), maxLength: 10 }),
      fc.constantFrom('a', 'b', '$.a', '/a/', '/[ab]/', '/(?=a)/', '/\\p{L}/u'),
    );
    fc.assert(
      fc.property(text, fc.array(pattern, { maxLength: 5 }), (given, patterns) => {
        const masker = maskerOf(patterns);
        const shown = shownBy(masker, given);
        expect(shownBy(masker, given)).toBe(shown);
        expect(masker.maskKey(given).length).toBeLessThanOrEqual(512);
        expect(masker.problems.every((problem) => problem.endsWith('.'))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['names', `{${'"a":{'.repeat(300_000)}`, true],
    ['names without a value', '"a":'.repeat(500_000), true],
    ['backslashes', `{"a":"${'\\'.repeat(2_000_000)}`, true],
    ['backslashes and marks', '\\"a\\":\\"'.repeat(200_000), true],
    ['marks', '"'.repeat(2_000_000), false],
    ['brackets', '['.repeat(2_000_000), false],
    ['spaces', `{"a":${' '.repeat(2_000_000)}1}`, true],
    ['spaces before a colon', `"a"${' '.repeat(2_000_000)}`, false],
  ])('two million characters of %s are read once', (_, text, isHidden) => {
    const masker = maskerOf(['a', '$.a.a', '$.b']);
    const shown = shownBy(masker, text);
    expect([shown.includes(maskText), shown.length <= text.length + maskText.length]).toEqual([
      isHidden,
      true,
    ]);
  });
});

describe('hidesAmong()', () => {
  test.each([
    ['/\\b\\d{4}\\b/', 'x12340y', true],
    ['/^pin=\\d+$/m', '\u0010pin=1234z', true],
    ['/(?<!\\d)\\d{4}(?![\\d(])/', '012345', true],
    ['/\\d{4}(?!(a|$))/', '1234b', true],
    ['/[\\^$]\\$\\\\b/', 'x$$\\b', true],
    ['/[\\^$]\\$\\\\b/', 'x', false],
    ['/^\\d{4}$/', 'x123y', false],
    ['/\\d{4}/', '123', false],
  ])('%s in %j among other bytes: %s', (pattern, text, isHidden) => {
    expect(maskerOf([pattern]).hidesAmong(text)).toBe(isHidden);
  });
});

describe('carrierOf()', () => {
  const shown = (pattern: string, from: string, to: string): string | undefined => {
    const spans = carrierOf(from, to)?.carry(maskerOf([pattern]).spans(from));
    return spans && hidden(to, { spans });
  };

  test.each([
    ['/b\\n {2}c/', 'a b\n  c d', 'a b c d', 'a ••• d'],
    ['/ {2}c/', 'a b\n  c d', 'a b c d', 'a b ••• d'],
    ['/\\n/', 'a b\n  c d', 'a b c d', 'a b•••c d'],
    ['/"a":1/', '{"a":1}', '{\n  "a": 1\n}', '{\n  •••\n}'],
    ['/b.c/s', 'ab\0c', 'ab␀c', 'a•••'],
    ['/c d/', 'a b c d', 'a b', 'a b'],
    ['/b c/', 'a b c d', 'a b', 'a •••'],
    ['/b/', 'a b', 'a b c', 'a ••• c'],
    ['/a/', 'a', 'b', undefined],
  ])('hides what %s finds in %j in %j', (pattern, from, to, expected) => {
    expect(shown(pattern, from, to)).toBe(expected);
  });
});

describe('JSON', () => {
  const json = (text: string, ...patterns: string[]): string =>
    hidden(text, { spans: maskerOf(patterns).spans(text), isJson: true });

  test.each([
    ['a member', '{"email":{"a":[1]},"id":1}', '{"email":"•••","id":1}'],
    ['a member of JSON in JSON', '{"b":"{\\"email\\":\\"x\\"}"}', '{"b":"{\\"email\\":•••}"}'],
    ['digits in a string', '{"a":"is 4111!"}', '{"a":"is •••!"}'],
    ['digits in a member', '{"email":"4111","id":1}', '{"email":"•••","id":1}'],
  ])('leaves JSON: %s', (_, text, shown) => {
    expect(json(text, 'email', '/\\d{4}/')).toBe(shown);
    expect(() => JSON.parse(json(text, 'email', '/\\d{4}/'))).not.toThrow();
  });

  test('leaves JSON of any JSON whose members are hidden, and hides what is hidden of a text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('a', 'b'), (value, name) => {
        const text = JSON.stringify({ a: value, b: [value], [name]: { c: value } });
        const shown = json(text, name, '$.a');
        expect(JSON.parse(shown)).toMatchObject({ a: maskText });
        expect(shown.replaceAll(`"${maskText}"`, maskText)).toBe(masked(text, name, '$.a'));
      }),
    );
  });
});
