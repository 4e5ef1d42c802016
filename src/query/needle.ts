/**
 * A word or phrase, looked for in any case. ASCII letters match in both cases and nothing else, so that
 * bytes and text give the same answer; other text goes by Unicode's rules. Where a phrase has spaces, any
 * white space matches.
 */
import { isAscii } from '../base/ascii.ts';
import type { ByteRange } from './byteRange.ts';
import { ByteSearch } from './byteSearch.ts';
import type { Matcher } from './matcher.ts';
import { isFound } from './regex.ts';
import { literalOf } from './regexLiteral.ts';
import type { Subject } from './subject.ts';

/** Matches `text` wherever it occurs; no flag that keeps a place. */
export function patternOf(text: string): RegExp {
  const source = text.replace(/^\s+|\s+$|\s+|[\\^$.*+?()[\]{}|/]/g, (found, at: number) => {
    if (!/\s/.test(found)) return `\\${found}`;
    // At the edges one space says the same as many, and does not go through long runs of spaces again and again.
    return at === 0 || at + found.length === text.length ? '\\s' : '\\s+';
  });
  return new RegExp(source, isAscii(text) ? 'i' : 'iu');
}

/** True where key, shard id, sequence number or the text have it. */
export function textMatcher(text: string): Matcher {
  const pattern = patternOf(text);
  const inBytes = bytesTest(text);
  const isDigits = /^\d+$/.test(text);
  const isOfShardId = /^[\dshardi-]+$/i.test(text);
  const isInNumber = (subject: Subject): boolean => {
    const { sequenceBytes } = subject;
    return (sequenceBytes && inBytes(sequenceBytes)) ?? subject.sequenceNumber.includes(text);
  };
  return (subject) => {
    const { keyBytes, shardId, bytes } = subject;
    const isInKey = keyBytes && inBytes(keyBytes);
    if (isInKey ?? pattern.test(subject.partitionKey)) return true;
    if ((isOfShardId || !shardId.startsWith('shardId-')) && pattern.test(shardId)) return true;
    if (isDigits && isInNumber(subject)) return true;
    const isThere = bytes && inBytes(bytes);
    return isThere ?? pattern.test(subject.text());
  };
}

/** Whether the text of the bytes has it; undefined where only the text itself can tell. */
function bytesTest(text: string): (bytes: ByteRange) => boolean | undefined {
  // Beside other letters k and s match signs that are not ASCII: their case goes by Unicode's rules.
  const isSure = (piece: string): boolean => isAscii(text) || !/[ks]/i.test(piece);
  const words = text.split(/\s+/).filter((piece) => piece !== '' && isAscii(piece));
  const pieces = words.filter(isSure);
  const longest = pieces.toSorted((a, b) => b.length - a.length)[0];
  if (longest === undefined) return () => undefined;
  const piece = new ByteSearch(longest, { anyCase: true });
  if (longest === text) return (bytes) => piece.isIn(bytes);
  if (!isAscii(text)) return (bytes) => (piece.isIn(bytes) ? undefined : false);
  const whole = new ByteSearch(text, { anyCase: true });
  return (bytes) => whole.isIn(bytes) || (piece.isIn(bytes) ? undefined : false);
}

/** True where the key or the text have a match; of numbers that every record has, each would be one. */
export function regexMatcher(pattern: RegExp): Matcher {
  const mayBeIn = literalTest(pattern);
  return (subject) => {
    const { keyBytes, bytes } = subject;
    if ((!keyBytes || mayBeIn(keyBytes)) && isFound(pattern, subject.partitionKey)) return true;
    return (!bytes || mayBeIn(bytes)) && isFound(pattern, subject.text());
  };
}

/** False where the bytes lack what every match has. */
function literalTest(pattern: RegExp): (bytes: ByteRange) => boolean {
  const literal = literalOf(pattern);
  if (literal === undefined) return () => true;
  const search = new ByteSearch(literal, { anyCase: pattern.ignoreCase });
  return (bytes) => search.isIn(bytes);
}
