/**
 * The query language: one line of text that says which records are meant, everywhere records are chosen.
 *
 *     query    = all { "or" all }
 *     all      = one { [ "and" ] one }              side by side means and
 *     one      = ( "not" | "-" ) one | "(" query ")" | term
 *     term     = word | "phrase" | /regex/flags | field | path
 *     field    = name operator value                 key:abc  shard:1,2  size>=1KB  age<5m
 *     path     = "$" { ".name" | "['name']" | "[0]" | "[*]" } [ operator value ]
 *     operator = ":" | "=" | "!=" | "<" | "<=" | ">" | ">="
 *
 * - Words and phrases occur in the text, the key, the shard id or the sequence number, in any case. In a
 *   phrase `\"` is a quotation mark and `\\` a backslash, and a space is any white space; without its
 *   second quotation mark a phrase goes to the end. In a value, and in a name in brackets, `\u000a` and the
 *   like are control characters; all else behind a backslash is what stands there.
 * - A regex is found in the text or the key. It has JavaScript's syntax and the flags i, m, s and u; case
 *   counts without i. What begins like one and does not end like one (`/var/log`) is a word.
 * - `-` excludes before a letter, a phrase, a regex, a path or a bracket; `-5` and `--all` are words.
 * - `and`, `or`, `not` (in any case) with nothing to join, brackets without a partner, and fields that do
 *   not exist (`a:b`, `http://x`) are words.
 * - `key` and `format`: `:` contains in any case, `=` and `!=` compare exactly, `/regex/` is found.
 * - `shard`: a number, an id, or several with commas.
 * - `seq`: `:` contains the digits; else numbers of any length. `sub`: a number.
 * - `size`: bytes, KB and MB (1,000s), KiB and MiB (1,024s). `age`: `10s`, `5m`, `2h`, `1d`, `1h30m`.
 * - `arrived`: ISO 8601, by the user's clock where no zone is given, or the time of the last 24 hours; behind `:` a
 *   span, from a moment up to before another: `14:05..14:06`, `2026-11-28T14:05:01.250Z..14:05:03`.
 * - Paths: alone, the value exists (null is one). `:` contains, `=` and the orders compare numbers with
 *   numbers and texts with texts, by UTF-16 units; a number without quotation marks also equals a text
 *   of the same characters. `[*]` is true when one item is. Whole numbers compare exactly at any length;
 *   `:` and a regex see a number as it is written: `1.50`, `1e3`.
 * - `!=` is true exactly where `=` is not: also where there is no value.
 */

import { Marks } from './marks.ts';
import { compile, type Matcher } from './matcher.ts';
import { boundsProblem, treeOf } from './parseTree.ts';
import type { Span } from './span.ts';
import { type QueryProblem, tokensOf } from './tokens.ts';
import { charactersMax, type Node, type Term, termsOf } from './tree.ts';
import type { Now } from './values.ts';

/** A text that was read; it is immutable, and its functions keep nothing between calls. */
export interface Query {
  /** As the user wrote it. */
  readonly text: string;
  /** True when nothing is asked for, or there is a problem: everything matches. */
  readonly isEmpty: boolean;
  /** In the order of the text. */
  readonly problems: readonly QueryProblem[];
  /** The sentence of the first problem. */
  readonly problem?: string;
  /** Of what could be read, also next to problems. */
  readonly tree: Node | undefined;
  /** Whether a match may ask for a record's text, and for its JSON, which is made from the text. */
  readonly needs: { readonly text: boolean; readonly json: boolean };
  /** True: matching and `spans` may take any time, so they run where they can be cut short. */
  readonly hasRegex: boolean;
  /** Ages and times of day count from `now`, for as long as the matcher is used. */
  matcher(now: Now): Matcher;
  /**
   * Where the words, phrases and regexes that a record has to have occur in a text that is shown, in JSON
   * the values that fulfil a path's condition, and in a key what `key` asks for: in order, joined where
   * they touch or overlap.
   */
  spans(text: string, where?: 'value' | 'key'): Span[];
}

/** Never throws. Bounds: `charactersMax`, `termsMax`, `depthMax`, `pathStepsMax`. */
export function parseQuery(text: string): Query {
  if (text.length > charactersMax) {
    const message = `A query has at most ${charactersMax} characters.`;
    const problem = { message, start: charactersMax, end: text.length };
    return queryOf(text, { tree: undefined, problems: [problem] });
  }
  const { tokens, problems } = tokensOf(text);
  const tree = treeOf(tokens);
  const tooLarge = boundsProblem(tree);
  const all = tooLarge ? [...problems, tooLarge] : problems;
  return queryOf(text, { tree, problems: all.toSorted((a, b) => a.start - b.start) });
}

interface Read {
  readonly tree: Node | undefined;
  readonly problems: readonly QueryProblem[];
}

function queryOf(text: string, { tree, problems }: Read): Query {
  const used = problems.length === 0 ? tree : undefined;
  const terms = [...termsOf(used)].map(({ term }) => term);
  const json = terms.some(({ kind }) => kind === 'path');
  const marks = new Marks(used);
  return {
    text,
    isEmpty: used === undefined,
    problems,
    ...(problems[0] && { problem: problems[0].message }),
    tree,
    needs: { json, text: json || terms.some(({ kind }) => kind === 'text' || kind === 'regex') },
    hasRegex: terms.some(hasRegex),
    matcher: (now) => (used ? compile(used, now) : () => true),
    spans: (shown, where = 'value') => marks.in(shown, where),
  };
}

function hasRegex(term: Term): boolean {
  if (term.kind === 'regex') return true;
  if (term.kind === 'field') return term.value.type === 'regex';
  return term.kind === 'path' && term.condition?.value.type === 'regex';
}
