/**
 * Characters that nobody sees, or that turn the text around them, as signs that everybody sees. What is shown changes,
 * never what is copied. Pure.
 */

/** Controls, marks of direction, fillers of no width, tags, half pairs; white space stays, a joiner of emoji too. */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each stands for itself
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}\p{Cs}]/gu;

/** Of these Unicode has pictures: `␀`; of others the number tells: `‹U+202E›`. */
function signOf(found: string): string {
  const code = found.codePointAt(0)!;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
}

/** Lines stay lines. */
export function visible(text: string): string {
  return text.replace(unseen, signOf);
}

/** On one line: breaks and tabs are signs too. */
export function visibleLine(text: string): string {
  return visible(text).replace(/[\t\n\r]/g, signOf);
}
