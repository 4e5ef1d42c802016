/** Stretches of a text, as marks, problems and completions name them. */

/** A stretch of characters, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** In order, and one where they touch or overlap. */
export function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && start <= last.end) {
      result[result.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    } else result.push({ start, end });
  }
  return result;
}
