// Which expressions find the same however JSON is laid out: for these no other layout is looked through.
import { expect, test } from 'vitest';
import { chainOf, rowBytesMax } from '../../src/decode/chain.ts';
import { indentJson } from '../../src/decode/indentJson.ts';
import { maskerOf } from '../../src/decode/mask.ts';
import { isWithinTokens } from '../../src/decode/maskTokens.ts';
import { maskedText } from '../../src/tail/maskedText.ts';

test.each([
  /\b\d{4}-\d{4}-\d{4}-\d{4}\b/,
  /[\w.+-]+@[a-z0-9-]+\.[a-z]{2,}/i,
  /(?:abc|de?f)+?x/,
  /AKIA[A-Z0-9]{16}/,
  /\/home\/\w+/,
  /"ann"/,
  /müller/,
])('%s finds nothing between tokens', (regex) => {
  expect(isWithinTokens(regex)).toBe(true);
});

test.each([
  /a b/,
  /a\sb/,
  /a.b/,
  /[^x]/,
  /^a/,
  /a$/,
  /(?=a)b/,
  /(?<!a)b/,
  /(?<n>a)/,
  /(a)\1/,
  /a,b/,
  /"a":"b"/,
  /[ -~]/,
  /[+-z]/,
  /[A-z]/,
  /[*--]/,
  /\S+/,
  /\W/,
  /\D/,
  /\x20/,
  /\u0020/,
  /\p{L}/u,
  { source: '[ab]', flags: 'v' },
  /\{/,
  /a\]/,
  /[\b]/,
  /\n/,
])('of %o nobody knows', (regex) => {
  expect(isWithinTokens(regex)).toBe(false);
});

test('they find the same values in each layout of JSON', () => {
  const patterns = [/\b\d{4}-\d{4}\b/, /[\w.]+@[\w.]+/, /"ann"|\B\d/, /-?\d+\b/];
  const values = {
    a: '1234-5678',
    b: ['ann@example.org', 12, -7, []],
    ann: { c: 'x 1 y', d: 'ann' },
  };
  const flat = JSON.stringify(values);
  for (const regex of patterns) {
    const { spans } = maskerOf([`${regex}`]);
    const found = (text: string) => spans(text).map(({ start, end }) => text.slice(start, end));
    expect(isWithinTokens(regex)).toBe(true);
    expect(found(flat)).not.toEqual([]);
    expect(found(indentJson(flat, 1000))).toEqual(found(flat));
    expect(found(JSON.stringify(values, null, '\t\n '))).toEqual(found(flat));
  }
});

test('of a long record that text is pinned for a row looks at no more than it may show', () => {
  const decoder = chainOf({ pinned: ['text'] });
  const data = new Uint8Array(200_000).fill(1);
  const masker = maskerOf(['email']);
  const lengths: number[] = [];
  const hidesAmong = (text: string): boolean => {
    lengths.push(text.length);
    return masker.hidesAmong(text);
  };
  const read = { ...decoder.preview(data, 4608), source: decoder.source(data, 4608) };
  maskedText({ ...masker, hidesAmong }, read, 512);
  expect(lengths.length).toBeGreaterThan(0);
  expect(Math.max(...lengths)).toBeLessThan(2 * rowBytesMax);
});

test('a row of JSON that stands as it is shown is looked through once for them', () => {
  const text = '{"mail":"ann@example.org"}';
  const looks = (pattern: string): number => {
    const texts: string[] = [];
    const masker = maskerOf([pattern]);
    const spans = (one: string) => {
      texts.push(one);
      return masker.spans(one);
    };
    const counting = { ...masker, spans };
    const source = { text, data: new Uint8Array(0), isPart: false };
    maskedText(counting, { text, format: 'json', source }, 512);
    return texts.length;
  };
  expect(looks('/[\\w.]+@[\\w.]+/')).toBe(1);
  expect(looks('/[\\w.]+@[\\w.]+\\s/')).toBe(2);
});
