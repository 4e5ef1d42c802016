/** Cuts JSON-like text into names, strings, numbers and the rest, so that they can look different. Pure. */
import type { RecordRow, TextSpan } from '../../src/protocol/tail.ts';

export type TokenKind = 'name' | 'string' | 'number' | 'word' | 'plain';

/** A stretch of text that looks the same throughout. */
export interface Piece {
  readonly text: string;
  readonly kind: TokenKind;
  readonly isMatch: boolean;
  /** Where it begins in the whole text. */
  readonly start: number;
}

const pattern =
  /"(?:[^"\\]|\\.)*"?(?=(\s*:)?)|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b|\b(?:true|false|null)\b/g;

interface Token extends TextSpan {
  readonly kind: TokenKind;
  /** Drawn in its place unless a match lies on it. */
  readonly shown?: string;
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

/**
 * A JSON object on one line as its fields, `delay 62  origin JFK`: without the outer braces, colons,
 * and quotation marks that tell nothing. What a match lies on is drawn as it is; other text is whole.
 */
export function fieldPiecesOf(text: string, matches: readonly TextSpan[]): Piece[] {
  if (!text.startsWith('{')) return piecesOf(text, { isJson: true, matches });
  const pieces = fieldTokensOf(text).flatMap((token) => cut(text, { token, matches }));
  return pieces.length > 0 ? pieces : piecesOf(text, { isJson: true, matches });
}

/** What a row shows of its data. */
export function valuePieces({ preview, format, matches }: RecordRow): Piece[] {
  return isJsonFormat(format)
    ? fieldPiecesOf(preview, matches)
    : piecesOf(preview, { isJson: false, matches });
}

/** A string that reads as one word, and as no number, `true`, `false` or `null`. */
const bareName = /^"(?!-?[\d.]+(?:[eE][+-]?\d+)?"|(?:true|false|null)")[\w$][\w$./+:@-]*"$/;
/** The same or several words with one space between them: fields lie two apart. */
const bareValue =
  /^"(?!-?[\d.]+(?:[eE][+-]?\d+)?"|(?:true|false|null)")[\w$][\w$./+:@-]*(?: [\w$./+:@-]+)*"$/;

function fieldTokensOf(text: string): Token[] {
  let depth = 0;
  return tokensOf(text).flatMap((token) => {
    if (token.kind !== 'plain') return bare(text, token);
    return Array.from({ length: token.end - token.start }, (_, offset) => {
      const start = token.start + offset;
      const sign = text.charAt(start);
      const before = depth;
      if (sign === '{' || sign === '[') depth++;
      if (sign === '}' || sign === ']') depth--;
      const isOuter = Math.min(before, depth) === 0;
      const shown = signShown(sign, { isOuter, isField: depth === 1 });
      return { start, end: start + 1, kind: 'plain' as const, shown };
    });
  });
}

/** Between the fields of the outer object lies more space than within one. */
function signShown(sign: string, at: { isOuter: boolean; isField: boolean }): string {
  if (/\s/.test(sign)) return '';
  if (sign === ':') return ' ';
  if (sign === ',') return at.isField ? '  ' : ', ';
  return at.isOuter && (sign === '{' || sign === '}') ? '' : sign;
}

function bare(text: string, token: Token): Token[] {
  const { start, end, kind } = token;
  const pattern = kind === 'name' ? bareName : kind === 'string' ? bareValue : undefined;
  if (!pattern?.test(text.slice(start, end))) return [token];
  return [
    { start, end: start + 1, kind, shown: '' },
    { start: start + 1, end: end - 1, kind },
    { start: end - 1, end, kind, shown: '' },
  ];
}

function cut(
  text: string,
  { token, matches }: { token: Token; matches: readonly TextSpan[] },
): Piece[] {
  const { kind } = token;
  const pieces: Piece[] = [];
  let at = token.start;
  const push = (end: number, isMatch: boolean): void => {
    const shown = isMatch ? undefined : token.shown;
    const words = shown ?? text.slice(at, end);
    if (end > at && words !== '') pieces.push({ text: words, kind, isMatch, start: at });
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
