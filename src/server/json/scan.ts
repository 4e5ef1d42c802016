/** Small steps through the bytes of a JSON text. None looks behind its end: there nothing is found. */
import { NOWHERE } from '../scan.ts';

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const LIST_START = 0x5b;
export const BACKSLASH = 0x5c;
export const LIST_END = 0x5d;
export const START = 0x7b;
export const END = 0x7d;
const SPACE = 0x20;

/** The place of the first byte from `at` on that is no white space; behind the end when there is none. */
export function skipBlanks(text: Uint8Array, at: number): number {
  let next = at;
  while (next < text.length) {
    const code = text[next]!;
    if (code > SPACE || (code !== SPACE && code !== 10 && code !== 13 && code !== 9)) break;
    next += 1;
  }
  return next;
}

/** The place behind `sign` when that is what comes next, else NOWHERE. */
export function behind(text: Uint8Array, at: number, sign: number): number {
  const next = skipBlanks(text, at);
  return next < text.length && text[next] === sign ? next + 1 : NOWHERE;
}

/** Where the value of a member begins, behind its quote: `at` is behind the member's name. */
export function stringBehind(text: Uint8Array, at: number): number {
  const value = behind(text, at, COLON);
  return value === NOWHERE ? NOWHERE : behind(text, value, QUOTE);
}

/** A member's name with its quotes. */
export const quoted = (name: string): Uint8Array => new TextEncoder().encode(`"${name}"`);
