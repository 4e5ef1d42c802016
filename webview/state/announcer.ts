/**
 * What a screen reader is told without being asked: changes of state at once, rates seldom. What is wrong stands in an
 * alert, which is spoken by itself: an end, a failure, a problem, a query that cannot be read.
 */
import type { TailTick } from '../../src/protocol/tail.ts';
import { formatAge, formatCount, formatPerSecond, plural } from '../format.ts';

/** Between two summaries of rates. */
export const summaryEveryMs = 10_000;

const stateWords = {
  starting: 'Starting.',
  live: 'Live.',
  paused: 'Paused.',
  ended: '',
  failed: '',
} as const;

interface Told {
  readonly state: TailTick['state'];
  readonly problem: string;
  readonly matching: string;
}

export class Announcer {
  private told: Told | undefined;
  private summarisedMs = Number.NEGATIVE_INFINITY;

  /** The sentence to say for `tick`, or undefined when there is nothing new to be said now. */
  next(tick: TailTick, nowMs: number): string | undefined {
    const { told } = this;
    const problem = tick.problem?.message ?? '';
    const matching = told && isCounting(tick) ? told.matching : matchingOf(tick);
    this.told = { state: tick.state, problem, matching };
    const changes = [
      stateSentence(tick, told),
      told && told.matching !== matching ? filterSentence(tick) : '',
    ];
    const sentence = changes.filter(Boolean).join(' ');
    if (sentence) return sentence;
    if (tick.state !== 'live' || nowMs - this.summarisedMs < summaryEveryMs) return undefined;
    this.summarisedMs = nowMs;
    return summary(tick);
  }
}

/** How many match is not known yet. */
const isCounting = ({ filter, filterProblem, isLooking }: TailTick): boolean =>
  isLooking === true && filter !== '' && !filterProblem;

const matchingOf = ({ filter, filterProblem }: TailTick): string =>
  filter === '' ? '' : `${filter}\n${filterProblem ?? ''}`;

/** Empty where the state is as it was, also while nobody answers. */
function stateSentence({ state, problem }: TailTick, told: Told | undefined): string {
  const isOver = told !== undefined && told.problem !== '' && !problem;
  return told?.state !== state || isOver ? stateWords[state] : '';
}

function filterSentence(tick: TailTick): string {
  if (tick.filterProblem) return '';
  if (tick.filter === '') return 'No filter.';
  return `${formatCount(tick.records.matching)} of ${plural(tick.records.held, 'record')} match.`;
}

function summary(tick: TailTick): string {
  const rate = `${formatPerSecond(tick.recordsPerSecond)} records a second`;
  return `${rate}, ${plural(tick.records.held, 'record')} held, ${formatAge(tick.millisBehindLatest)} behind.`;
}
