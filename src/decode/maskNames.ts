/**
 * Finds members of JSON by their names in any text: whole or cut JSON, lines of it, a log line that holds some,
 * and JSON that was written as a string of other JSON, whose quotation marks have backslashes before them.
 */
import type { MaskSpan } from './mask.ts';

/** One expression for all names; undefined when there are none. Time grows with the text's length. */
export function nameFinder(names: readonly string[]): RegExp | undefined {
  if (names.length === 0) return undefined;
  const any = names.map((name) => [...unitsOf(name)].map(unitPattern).join('')).join('|');
  return new RegExp(`(?<!\\\\)(\\\\{0,63})"(?:${any})\\1"\\s*:\\s*`, 'g');
}

function* unitsOf(name: string): Generator<string> {
  for (let at = 0; at < name.length; at++) yield name.charAt(at);
}

/** The character as it is, or as any writer of JSON may escape it. */
function unitPattern(unit: string): string {
  const code = unit.charCodeAt(0).toString(16).padStart(4, '0');
  const digits = [...code].map((digit) =>
    /[a-f]/.test(digit) ? `[${digit}${digit.toUpperCase()}]` : digit,
  );
  const plain = unit.replace(/[\\^$.*+?()[\]{}|/"]/g, '\\\\*\\$&');
  return `(?:${plain}|\\\\+u${digits.join('')})`;
}

/** The values of all members found. */
export function nameSpans(text: string, finder: RegExp): MaskSpan[] {
  const spans: MaskSpan[] = [];
  const pattern = new RegExp(finder);
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const start = pattern.lastIndex;
    const slashes = found[1] ?? '';
    const end = valueEnd(text, { start, slashes });
    if (end > start) spans.push({ start, end, isValue: slashes === '' });
    pattern.lastIndex = Math.max(start, end);
  }
  return spans;
}

/**
 * One past the value that begins at `start`, whose quotation marks have `slashes` before them; the text's end
 * when it is cut.
 */
export function valueEnd(
  text: string,
  { start, slashes }: { start: number; slashes: string },
): number {
  if (text.startsWith(`${slashes}"`, start)) return stringEnd(text, { start, slashes });
  const first = text[start];
  if (first !== '{' && first !== '[') return scalarEnd(text, start);
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const sign = text[at];
    if (sign === '{' || sign === '[') depth++;
    else if ((sign === '}' || sign === ']') && --depth === 0) return at + 1;
    else if (text.startsWith(`${slashes}"`, at)) at = stringEnd(text, { start: at, slashes }) - 1;
  }
  return text.length;
}

function scalarEnd(text: string, start: number): number {
  const pattern = /[,}\]\s"\\]/g;
  pattern.lastIndex = start;
  return pattern.exec(text)?.index ?? text.length;
}

function stringEnd(text: string, { start, slashes }: { start: number; slashes: string }): number {
  let at = text.indexOf('"', start + slashes.length + 1);
  while (at >= 0) {
    let count = 0;
    while (text[at - 1 - count] === '\\') count++;
    if (isClosing(count, slashes.length)) return at + 1;
    at = text.indexOf('"', at + 1);
  }
  return text.length;
}

/**
 * A backslash of the string's own is written as twice `opening + 1` of them, and a mark of its own has
 * `2 * opening + 1`; what is left over says which mark this is. Fewer than `opening` end what is around it.
 */
function isClosing(count: number, opening: number): boolean {
  return count % (2 * (opening + 1)) <= opening;
}
