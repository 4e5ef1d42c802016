/** Words, phrases, regexes and values, as they stand in the text of a query. */
import { controlAt, withoutControls } from './controlSigns.ts';
import type { Regex, Value } from './tree.ts';

/** What stands at a place of the text, and the end of it. */
export interface Found<T> {
  readonly value: T;
  readonly end: number;
}

export function isSpace(char: string | undefined): boolean {
  return char !== undefined && /\s/.test(char);
}

/** Where the next character that is no space stands, from `from` on. */
export function spaceEnd(text: string, from: number): number {
  let end = from;
  while (isSpace(text[end])) end++;
  return end;
}

/**
 * The phrase whose quotation mark is at `at`; without a partner it goes to the end. `isValue`: it is compared, so
 * `\u000a` in it is a line feed; in a phrase that is searched for it stands for itself, as JSON has it.
 */
export function phraseAt(
  text: string,
  at: number,
  { isValue = false }: { isValue?: boolean } = {},
): Found<string> {
  let value = '';
  for (let end = at + 1; end < text.length; end++) {
    const char = text[end]!;
    if (char === '"') return { value, end: end + 1 };
    const next = text[end + 1];
    const control = isValue && char === '\\' ? controlAt(text, end + 1) : undefined;
    if (control) {
      value += control.char;
      end = control.end - 1;
    } else if (char === '\\' && (next === '"' || next === '\\')) {
      value += next;
      end++;
    } else value += char;
  }
  return { value, end: text.length };
}

/** The phrase in quotation marks, in one line: any white space is as good in it. */
export function quotedPhrase(text: string): string {
  return escaped(text.replace(/[\r\n]/g, ' '));
}

/** The value in quotation marks, in one line, which reads back as the same. */
export function quotedValue(text: string): string {
  return withoutControls(escaped(text));
}

const escaped = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/**
 * `/source/flags` at `at`; undefined for what is better taken as text: the path of a file, a lone slash.
 * A space just inside the slashes is written as `\s` or `[ ]`.
 */
export function regexAt(text: string, at: number): Found<Regex> | undefined {
  if (!/^\/[^\s/]/.test(text.slice(at, at + 2))) return undefined;
  let isInClass = false;
  for (let close = at + 1; close < text.length; close++) {
    const char = text[close];
    if (char === '\\') close++;
    else if (char === '[') isInClass = true;
    else if (char === ']') isInClass = false;
    else if (char === '/' && !isInClass) {
      return isSpace(text[close - 1]) ? undefined : regexUpTo(close, { text, at });
    }
  }
  return undefined;
}

function regexUpTo(
  close: number,
  { text, at }: { text: string; at: number },
): Found<Regex> | undefined {
  const flags = /^[dgimsuvy]{0,8}(?=$|[\s)])/.exec(text.slice(close + 1))?.[0];
  if (flags === undefined) return undefined;
  const source = text.slice(at + 1, close);
  return { value: { type: 'regex', source, flags }, end: close + 1 + flags.length };
}

/**
 * The end of the word at `from`: a space, a quotation mark, or, in a group, the `)` of the group. Round
 * brackets in a word that have partners there stay in it.
 */
export function wordEnd(text: string, { from, isInGroup }: WordPlace): number {
  let depth = 0;
  for (let end = from; end < text.length; end++) {
    const char = text[end]!;
    if (char === '"' || isSpace(char)) return end;
    if (char === '(') depth++;
    if (char !== ')') continue;
    if (depth === 0 && isInGroup) return end;
    depth = Math.max(0, depth - 1);
  }
  return text.length;
}

export interface WordPlace {
  readonly from: number;
  readonly isInGroup: boolean;
}

/** As `wordEnd`, and on behind a comma and spaces: `1, 2`. */
export function listEnd(text: string, { from, isInGroup }: WordPlace): number {
  let end = wordEnd(text, { from, isInGroup });
  while (end > from && text[end - 1] === ',') {
    const next = spaceEnd(text, end);
    const nextEnd = wordEnd(text, { from: next, isInGroup });
    if (nextEnd === next) return end;
    end = nextEnd;
  }
  return end;
}

/** What a word without quotation marks means behind a path. */
export function pathValue(text: string): Value {
  if (text === 'true' || text === 'false' || text === 'null') return { type: 'constant', text };
  const isNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text);
  return { type: isNumber ? 'number' : 'text', text };
}
