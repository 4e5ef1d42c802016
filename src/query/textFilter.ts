/** The simple filter: words and "quoted phrases" that must all occur somewhere in a record. */

/** A stretch of characters, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface TextFilter {
  /** As the user wrote it. */
  readonly text: string;
  /** True when nothing is asked for: everything matches. */
  readonly isEmpty: boolean;
  /** Why the text cannot be used, as a sentence; the filter is empty then. */
  readonly problem?: string;
  /**
   * True when every term occurs in one of the fields, in any case. `more` is asked at most once, and
   * only when the cheap fields do not decide.
   */
  matches(fields: readonly string[], more: () => string): boolean;
  /** Where the terms occur in `text`: in order, joined where they touch or overlap. */
  spans(text: string): Span[];
}

const charactersMax = 1000;
const termsMax = 20;

/** Never throws. A quotation mark without its partner starts a phrase up to the end. */
export function parseTextFilter(text: string): TextFilter {
  if (text.length > charactersMax) {
    return { ...filterOf(text, []), problem: `A filter has at most ${charactersMax} characters.` };
  }
  const terms = termsOf(text);
  if (terms.length > termsMax) {
    return { ...filterOf(text, []), problem: `A filter has at most ${termsMax} words.` };
  }
  return filterOf(text, terms);
}

function termsOf(text: string): string[] {
  const found = [...text.matchAll(/"([^"]*)"?|[^\s"]+/g)];
  return [...new Set(found.map((match) => match[1] ?? match[0]))].filter(
    (term) => term !== '"' && term.trim(),
  );
}

function filterOf(text: string, terms: readonly string[]): TextFilter {
  const patterns = terms.map((term) => new RegExp(escaped(term), 'iu'));
  return {
    text,
    isEmpty: terms.length === 0,
    matches: (fields, more) => matchesAll(patterns, fields, more),
    spans: (shown) => joined(terms.flatMap((term) => occurrences(term, shown))),
  };
}

function escaped(term: string): string {
  return term.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function matchesAll(
  patterns: readonly RegExp[],
  fields: readonly string[],
  more: () => string,
): boolean {
  let rest: string | undefined;
  return patterns.every((pattern) => {
    if (fields.some((field) => pattern.test(field))) return true;
    rest ??= more();
    return pattern.test(rest);
  });
}

function occurrences(term: string, text: string): Span[] {
  const pattern = new RegExp(escaped(term), 'giu');
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
  }));
}

function joined(spans: Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && span.start <= last.end) {
      result[result.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    } else result.push(span);
  }
  return result;
}
