/** Which queries mean something else by another clock: those with a time that names no zone. */
import { parseQuery } from './query.ts';
import { spanMsOf } from './timeSpan.ts';
import { type FieldTerm, type Term, termsOf } from './tree.ts';
import { momentMsOf } from './values.ts';

/** Two clocks that never show the same time. */
const clocks = [0, 61].map((utcOffsetMinutes) => ({ nowMs: 0, utcOffsetMinutes }));

/** Never throws: of a text with problems, what could be read counts. */
export function goesByClock(text: string): boolean {
  return [...termsOf(parseQuery(text).tree)].some(({ term }) => isArrival(term) && differs(term));
}

const isArrival = (term: Term): term is FieldTerm =>
  term.kind === 'field' && term.field === 'arrived';

function differs({ operator, value }: FieldTerm): boolean {
  if (value.type === 'regex') return false;
  const meanings = clocks.map((now) => {
    if (operator !== ':') return momentMsOf(value.text, now);
    const { fromMs, toMs } = spanMsOf(value.text, now) ?? {};
    return `${fromMs} ${toMs}`;
  });
  return meanings[0] !== meanings[1];
}
