/** Cuts JSON-like text into names, strings, numbers and the rest, so that they can look different. Pure. */
import type { TextSpan } from '../../src/protocol/tail.ts';

export type TokenKind = 'name' | 'string' | 'number' | 'word' | 'plain';

/** A stretch of text that looks the same throughout. */
export interface Piece {
  readonly text: string;
  readonly kind: TokenKind;
  readonly isMatch: boolean;
}

const pattern =
  /"(?:[^"\\]|\\.)*"?(?=(\s*:)?)|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b|\b(?:true|false|null)\b/g;

interface Token extends TextSpan {
  readonly kind: TokenKind;
}

function kindOf(text: string, isName: boolean): TokenKind {
  if (text.startsWith('"')) return isName ? 'name' : 'string';
  return /^[-\d]/.test(text) ? 'number' : 'word';
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) tokens.push({ start: end, end: match.index, kind: 'plain' });
    end = match.index + match[0].length;
    tokens.push({ start: match.index, end, kind: kindOf(match[0], match[1] !== undefined) });
  }
  if (end < text.length) tokens.push({ start: end, end: text.length, kind: 'plain' });
  return tokens;
}

/** `text` in order, nothing lost: cut where the look or a match begins or ends. */
export function piecesOf(
  text: string,
  { isJson, matches }: { isJson: boolean; matches: readonly TextSpan[] },
): Piece[] {
  const tokens = isJson ? tokensOf(text) : [{ start: 0, end: text.length, kind: 'plain' as const }];
  return tokens.flatMap((token) => cut(text, { token, matches }));
}

function cut(
  text: string,
  { token, matches }: { token: Token; matches: readonly TextSpan[] },
): Piece[] {
  const { kind } = token;
  const pieces: Piece[] = [];
  let at = token.start;
  const push = (end: number, isMatch: boolean): void => {
    if (end > at) pieces.push({ text: text.slice(at, end), kind, isMatch });
    at = Math.max(at, end);
  };
  for (const { start, end } of matches) {
    if (end <= at || start >= token.end) continue;
    push(Math.max(start, token.start), false);
    push(Math.min(end, token.end), true);
  }
  push(token.end, false);
  return pieces;
}

/** True for formats whose text reads as JSON: `json`, `gzip json`. */
export function isJsonFormat(format: string): boolean {
  return /\bjson\b/i.test(format);
}
