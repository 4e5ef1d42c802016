/** Where JSON that is shown has the values that the paths of a query ask for. */
import { jsonLeaves } from './jsonLeaves.ts';
import { type WrittenTest, writtenTest } from './jsonMatcher.ts';
import { leadsTo } from './path.ts';
import type { Span } from './span.ts';
import type { PathTerm, Step } from './tree.ts';

/** So many values of a text are looked at; the others go unmarked. */
export const leavesMarkedMax = 10_000;

interface Wanted {
  readonly steps: readonly Step[];
  readonly isTrue: WrittenTest;
}

/** Marks the values that fulfil one of some conditions; of `!=` nothing is marked. */
export class LeafMarks {
  private readonly wanted: readonly Wanted[];

  constructor(terms: readonly PathTerm[]) {
    this.wanted = terms
      .filter(({ condition }) => condition?.operator !== '!=')
      .map(({ steps, condition }) => ({ steps, isTrue: writtenTest(condition) }));
  }

  /** Of a text without its quotation marks. */
  in(text: string): Span[] {
    if (this.wanted.length === 0 || !/^\s*[{[]/.test(text)) return [];
    const found: Span[] = [];
    for (const leaf of jsonLeaves(text, leavesMarkedMax)) {
      const { steps, value, start, end } = leaf;
      const json = text.slice(start, end);
      if (!this.wanted.some((one) => leadsTo(one.steps, steps) && one.isTrue(json))) continue;
      const quote = typeof value === 'string' ? 1 : 0;
      if (end - start > 2 * quote) found.push({ start: start + quote, end: end - quote });
    }
    return found;
  }
}
