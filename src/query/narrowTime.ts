/** Narrows a query text to a span of time, says which one it has, and takes it out again. */
import { withoutTerm, withTerm } from './narrow.ts';
import { parseQuery } from './query.ts';
import { spanMsOf, spanText, type TimeSpan } from './timeSpan.ts';
import type { FieldTerm, Node } from './tree.ts';
import type { Now } from './values.ts';

/** The span that every record must be in by the text's own last `arrived:` of that kind; undefined: none. */
export function timeSpanOf(text: string, now: Now): TimeSpan | undefined {
  const term = spanTermOf(text);
  return term?.value.type === 'text' ? spanMsOf(term.value.text, now) : undefined;
}

export interface Narrowing {
  readonly span: TimeSpan;
  /** Of the clock that the text is to go by, minutes east of UTC. */
  readonly utcOffsetMinutes: number;
}

/** The query of `text` within the span, in place of the one it has. What in `text` has a problem is left out. */
export function narrowToTime(text: string, { span, utcOffsetMinutes }: Narrowing): string {
  const wanted = `arrived:${spanText(span, utcOffsetMinutes)}`;
  const term = spanTermOf(text);
  const isReadable = parseQuery(text).problems.length === 0;
  if (!term || !isReadable) return withTerm(text, { wanted, replaces: isTimeSpan });
  return text.slice(0, term.start) + wanted + text.slice(term.end);
}

/** `text` without its span: all else of it as it stands. */
export function widenTime(text: string): string {
  const term = spanTermOf(text);
  return term ? withoutTerm(text, term) : text;
}

/** Of those that must be true by themselves. */
function spanTermOf(text: string): FieldTerm | undefined {
  const { tree } = parseQuery(text);
  const nodes = tree?.kind === 'and' ? tree.nodes : tree ? [tree] : [];
  return nodes.findLast(isTimeSpan);
}

function isTimeSpan(node: Node): node is FieldTerm {
  return node.kind === 'field' && node.field === 'arrived' && node.operator === ':';
}
