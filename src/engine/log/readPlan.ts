/** Which bytes of a segment to read for a page: runs that lie apart are read apart. No I/O. */
import type { RunEntry, RunList } from './runIndex.ts';

/** Foreign bytes between two runs that may be read along. */
const GAP_BYTES_MAX = 16 * 1024;
/** Runs that are read for a page before it is looked at again, unless the first is longer. */
const PLAN_BYTES_MAX = 1024 * 1024;

/** Neighbouring runs that one read brings. */
export interface Span {
  readonly position: number;
  /** Bytes to the end of the last run, with what lies between them. */
  readonly length: number;
  readonly runs: readonly RunEntry[];
}

/** What is still wanted: runs from one on, `bytes` and `count` of their entries. */
export interface Wanted {
  readonly from: number;
  readonly bytes: number;
  readonly count: number;
  /** Whether the run at a position is in memory; the plan ends before it. */
  readonly isKept: (position: number) => boolean;
}

/** At least the first run; then all up to what is wanted or what may be read at once. */
export function planReads(runs: RunList, { from, bytes, count, isKept }: Wanted): Span[] {
  const spans: Span[] = [];
  let open: RunEntry[] = [];
  let planned = 0;
  let entries = 0;
  for (let at = from; at < runs.count; at++) {
    const run = runs.at(at);
    const isEnough = planned >= bytes || entries >= count;
    const isTooMuch = planned + run.length > PLAN_BYTES_MAX;
    if (at > from && (isEnough || isTooMuch || isKept(run.position))) break;
    if (open.length > 0 && !isWorthReadingAlong(open, run)) {
      spans.push(spanOf(open));
      open = [];
    }
    open.push(run);
    planned += run.length;
    entries += run.count;
  }
  if (open.length > 0) spans.push(spanOf(open));
  return spans;
}

/** A gap is read along when it is short, and no longer than the runs beside it. */
function isWorthReadingAlong(open: readonly RunEntry[], next: RunEntry): boolean {
  const last = open[open.length - 1]!;
  const gap = next.position - (last.position + last.length);
  return gap <= Math.min(GAP_BYTES_MAX, last.length + next.length);
}

function spanOf(runs: readonly RunEntry[]): Span {
  const last = runs[runs.length - 1]!;
  const { position } = runs[0]!;
  return { position, length: last.position + last.length - position, runs };
}
