/** What a screen reader is told without being asked: changes of state at once, rates seldom. */
import type { TailTick } from '../../src/protocol/tail.ts';
import { formatAge, formatCount, formatPerSecond, plural } from '../format.ts';

/** Between two summaries of rates. */
export const summaryEveryMs = 10_000;

const stateWords = {
  starting: 'Starting.',
  live: 'Live.',
  paused: 'Paused.',
  ended: 'Ended.',
  failed: 'Stopped.',
} as const;

export class Announcer {
  private told: { state: TailTick['state']; problem: string; matching: string } | undefined;
  private summarisedMs = Number.NEGATIVE_INFINITY;

  /** The sentence to say for `tick`, or undefined when there is nothing new to be said now. */
  next(tick: TailTick, nowMs: number): string | undefined {
    const matching = tick.filter === '' ? '' : `${tick.filter}\n${tick.filterProblem ?? ''}`;
    const problem = tick.problem?.message ?? '';
    const isNewState = this.told?.state !== tick.state;
    const isNewProblem = this.told !== undefined && this.told.problem !== problem;
    const isNewFilter = this.told !== undefined && this.told.matching !== matching;
    this.told = { state: tick.state, problem, matching };
    if (isNewState) return `${stateWords[tick.state]} ${problem}`.trim();
    if (isNewProblem) return problem || stateWords[tick.state];
    if (isNewFilter) return filterSentence(tick);
    if (tick.state !== 'live' || nowMs - this.summarisedMs < summaryEveryMs) return undefined;
    this.summarisedMs = nowMs;
    return summary(tick);
  }
}

function filterSentence(tick: TailTick): string {
  if (tick.filterProblem) return tick.filterProblem;
  if (tick.filter === '') return 'No filter.';
  return `${formatCount(tick.records.matching)} of ${plural(tick.records.held, 'record')} match.`;
}

function summary(tick: TailTick): string {
  const rate = `${formatPerSecond(tick.recordsPerSecond)} records a second`;
  return `${rate}, ${plural(tick.records.held, 'record')} held, ${formatAge(tick.millisBehindLatest)} behind.`;
}
