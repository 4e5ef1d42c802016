/** Where the terms of a query occur in what is shown of a record. */
import { LeafMarks } from './leafMarks.ts';
import { patternOf } from './needle.ts';
import { joined, type Span } from './span.ts';
import { type Comparison, type Node, type Regex, type Term, termsOf } from './tree.ts';

/** So many occurrences of one term are told; the text goes on unmarked. */
export const occurrencesMax = 10_000;

/** A text that is shown of a record: its data, or its partition key. */
export interface ShownText {
  readonly text: string;
  readonly where: 'value' | 'key';
}

/** Of the terms that a record must not have, nothing is marked. */
export class Marks {
  private readonly value: readonly RegExp[];
  private readonly key: readonly RegExp[];
  private readonly leaves: LeafMarks;

  constructor(tree: Node | undefined) {
    const terms = [...termsOf(tree)].filter(({ isPositive }) => isPositive);
    this.value = terms.flatMap(({ term }) => valuePattern(term) ?? []).map(toAll);
    const keys = terms.flatMap(({ term }) => valuePattern(term) ?? keyPattern(term) ?? []);
    this.key = keys.map(toAll);
    this.leaves = new LeafMarks(terms.flatMap(({ term }) => (term.kind === 'path' ? term : [])));
  }

  in(text: string, where: 'value' | 'key'): Span[] {
    const found = this[where].flatMap((pattern) => occurrences(pattern, text));
    return joined(where === 'value' ? [...found, ...this.leaves.in(text)] : found);
  }
}

function valuePattern(term: Term): RegExp | undefined {
  if (term.kind === 'text') return patternOf(term.text);
  return term.kind === 'regex' ? compiled(term.regex) : undefined;
}

function keyPattern(term: Term): RegExp | undefined {
  if (term.kind !== 'field' || term.field !== 'key' || term.operator === '!=') return undefined;
  const { value }: Comparison = term;
  if (value.type === 'regex') return compiled(value);
  if (value.text === '') return undefined;
  const pattern = patternOf(value.text);
  return term.operator === ':' ? pattern : new RegExp(`^${escaped(value.text)}$`);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function compiled({ source, flags }: Regex): RegExp {
  return new RegExp(source, flags);
}

function toAll({ source, flags }: RegExp): RegExp {
  return new RegExp(source, `${flags}g`);
}

/** `matchAll` searches with a copy of the pattern: the place it is at is kept nowhere. */
function occurrences(pattern: RegExp, text: string): Span[] {
  const found: Span[] = [];
  try {
    for (const { index, 0: match } of text.matchAll(pattern)) {
      if (match !== '') found.push({ start: index, end: index + match.length });
      if (found.length >= occurrencesMax) break;
    }
  } catch {
    // Too large to be compiled, or out of stack: such a regex matches nothing either.
  }
  return found;
}
