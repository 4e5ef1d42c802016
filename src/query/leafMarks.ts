/** Where JSON that is shown has the values that the paths of a query ask for. */
import { jsonLeaves } from './jsonLeaves.ts';
import { type LeafTest, leafTest } from './jsonMatcher.ts';
import type { Span } from './span.ts';
import { everyItem, type PathTerm, type Step } from './tree.ts';

/** So many values of a text are looked at; the others go unmarked. */
export const leavesMarkedMax = 10_000;

interface Wanted {
  readonly steps: readonly Step[];
  readonly isTrue: LeafTest;
}

/** Marks the values that fulfil one of some conditions; of `!=` nothing is marked. */
export class LeafMarks {
  private readonly wanted: readonly Wanted[];

  constructor(terms: readonly PathTerm[]) {
    this.wanted = terms
      .filter(({ condition }) => condition?.operator !== '!=')
      .map(({ steps, condition }) => ({ steps, isTrue: leafTest(condition) }));
  }

  /** Of a text without its quotation marks. */
  in(text: string): Span[] {
    if (this.wanted.length === 0 || !/^\s*[{[]/.test(text)) return [];
    const found: Span[] = [];
    for (const leaf of jsonLeaves(text, leavesMarkedMax)) {
      const { steps, value, start, end } = leaf;
      if (!this.wanted.some((one) => leadsTo(one.steps, steps) && one.isTrue(value))) continue;
      const quote = typeof value === 'string' ? 1 : 0;
      if (end - start > 2 * quote) found.push({ start: start + quote, end: end - quote });
    }
    return found;
  }
}

function leadsTo(wanted: readonly Step[], steps: readonly Step[]): boolean {
  return (
    wanted.length === steps.length &&
    wanted.every((step, at) => step === everyItem || step === steps[at])
  );
}
