import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visible, visibleLine } from '../../webview/visibleText.ts';

test.each([
  ['NUL', 'a\0b', 'a␀b'],
  ['an escape sequence', '\u001b[2J', '␛[2J'],
  ['DEL and C1', '\u007f\u009b', '␡‹U+009B›'],
  ['a text that runs backwards', 'annexe\u202Egpj.exe', 'annexe‹U+202E›gpj.exe'],
  ['isolates and marks', '\u2066a\u2069\u200f\u061c', '‹U+2066›a‹U+2069›‹U+200F›‹U+061C›'],
  ['no width', 'pay\u200bpal\ufeff\u00ad', 'pay‹U+200B›pal‹U+FEFF›‹U+00AD›'],
  ['fillers', '\u3164\u115f', '‹U+3164›‹U+115F›'],
  ['tags', 'a\u{e0041}', 'a‹U+E0041›'],
  ['half a pair', 'a\ud800b', 'a‹U+D800›b'],
  ['separators', 'a\u2028b\u2029', 'a‹U+2028›b‹U+2029›'],
])('visible() shows %s', (_, text, shown) => {
  expect(visible(text)).toBe(shown);
});

test('visible() leaves what everybody sees: letters, accents, emoji, lines, text that runs backwards by itself', () => {
  for (const text of [
    'naïve e\u0301',
    '👩‍👩‍👧 ❤️ 🇩🇪',
    'שלום עולם',
    'one\n\ttwo\r\n',
    '日本語',
    '<b>&amp;',
  ]) {
    expect(visible(text)).toBe(text);
  }
  expect(visibleLine('one\n\ttwo')).toBe('one␊␉two');
});

test('visible() leaves nothing that turns or hides text, and changes nothing twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = visible(text);
      expect(shown).not.toMatch(/[\p{Bidi_Control}\p{Cs}]|(?![\t\n\r])\p{Cc}/u);
      expect(visible(shown)).toBe(shown);
    }),
  );
});
