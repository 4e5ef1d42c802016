/** The list of completions under the filter box: when it opens, what is chosen, what a choice writes. Pure. */
import {
  type Completion,
  type CompletionContext,
  completeQuery,
} from '../../src/query/completeQuery.ts';

/** An open list. */
export interface CompletionList {
  /** At least one. */
  readonly items: readonly Completion[];
  /** The chosen one; undefined while typing goes on, so that Enter and Tab do what they always do. */
  readonly chosen: number | undefined;
}

/** What stands in the box, and the place of the caret in it. */
export interface Typed {
  readonly text: string;
  readonly caret: number;
}

/** Behind these something is to be written: not behind a word that is done, nor in an empty box. */
const opensBehind = /(?:\S|[=<>]\s+|\$[.[]\S*\s+)$/;

/** The list that opens by itself while one types; undefined when there is nothing to offer. */
export function typedList(
  typed: Typed,
  context: () => CompletionContext,
): CompletionList | undefined {
  if (!opensBehind.test(typed.text.slice(0, typed.caret))) return undefined;
  return listOf(typed, { context: context(), chosen: undefined });
}

/** The list that is asked for, its first item chosen. */
export function askedList(
  typed: Typed,
  context: () => CompletionContext,
): CompletionList | undefined {
  return listOf(typed, { context: context(), chosen: 0 });
}

function listOf(
  { text, caret }: Typed,
  { context, chosen }: { context: CompletionContext; chosen: number | undefined },
): CompletionList | undefined {
  const items = completeQuery(text, caret, context).filter(
    // What stands there already is nothing to choose.
    ({ start, end, insert }) => text.slice(start, end).trim() !== insert.trim(),
  );
  return items.length > 0 ? { items, chosen } : undefined;
}

/** The next or the one before, around the ends. */
export function moved({ items, chosen }: CompletionList, step: 1 | -1): CompletionList {
  const from = chosen ?? (step > 0 ? -1 : 0);
  return { items, chosen: (from + step + items.length) % items.length };
}

/** The box once the item is in it, the caret behind it. */
export function accepted(text: string, { start, end, insert }: Completion): Typed {
  const before = text.slice(0, start) + insert;
  // One space is enough where the text goes on with one.
  const rest = insert.endsWith(' ') ? text.slice(end).trimStart() : text.slice(end);
  return { text: before + rest, caret: before.length };
}
