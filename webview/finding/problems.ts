/** What is wrong with a query, and where: the place quoted with a little of what stands around it. Pure. */
import { parseQuery } from '../../src/query/query.ts';
import type { Span } from '../../src/query/span.ts';

export interface Quote {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

export interface ShownProblem {
  readonly message: string;
  /** Undefined when it is the whole query. */
  readonly quote: Quote | undefined;
}

export const problemsShownMax = 3;
const aroundCharacters = 24;
const markedCharactersMax = 60;

/** `told`: what the tail has to say of the query `text`. What no place is known of is told without one. */
export function problemsOf(text: string, told: string): ShownProblem[] {
  const { problems } = parseQuery(text);
  if (!problems.some(({ message }) => message === told)) {
    return [{ message: told, quote: undefined }];
  }
  return problems
    .slice(0, problemsShownMax)
    .map(({ message, ...span }) => ({ message, quote: quoteOf(text, span) }));
}

function quoteOf(text: string, { start, end }: Span): Quote | undefined {
  if (start === 0 && end >= text.length && end - start <= markedCharactersMax) return undefined;
  const from = start <= aroundCharacters ? 0 : start - aroundCharacters;
  const to = Math.min(text.length, end + aroundCharacters);
  const marked = text.slice(start, end);
  const isLong = marked.length > markedCharactersMax;
  return {
    before: (from > 0 ? '…' : '') + text.slice(from, start),
    marked: isLong ? `${marked.slice(0, markedCharactersMax)}…` : marked,
    after: text.slice(end, to) + (to < text.length ? '…' : ''),
  };
}
