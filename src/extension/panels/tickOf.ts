/** The tick a panel is shown when there is no tail that could send one: why not, and what mends it. */
import type { Problem, TailReached, TailStart, TailTick } from '../../protocol/tail.ts';

export interface FailedTail {
  /** What the tail said last, so that its rows and counts stay; undefined: it never was. */
  readonly last: TailTick | undefined;
  readonly problem: Problem;
  readonly start: TailStart;
  /** Of a tail that never was: what it is to show, so that a reload finds it again. */
  readonly filter: string;
  readonly reached: TailReached | undefined;
  readonly bounds: TailTick['bounds'];
}

export function failedTick(of: FailedTail): TailTick {
  const { last, problem, start, bounds, filter, reached } = of;
  const empty: TailTick = {
    tail: 0,
    state: 'failed',
    view: { first: 0, end: 0 },
    generation: 0,
    moves: { revision: 0, from: 0, list: [], late: 0 },
    held: { rows: 0, bytes: 0 },
    bounds,
    received: 0,
    records: { held: 0, matching: 0 },
    recordsPerSecond: 0,
    bytesPerSecond: 0,
    millisBehindLatest: 0,
    shards: [],
    start,
    resume: start,
    filter,
    ...(reached && { reached }),
  };
  const { pausedSinceMs: _, isLooking: __, ...known } = last ?? empty;
  return { ...known, state: 'failed', problem, recordsPerSecond: 0, bytesPerSecond: 0 };
}
