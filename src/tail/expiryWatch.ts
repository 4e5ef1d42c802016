/**
 * Tells of a page of a shard whether retention may have taken records before it: Kinesis does not say so, it goes on
 * with what it still keeps. Only then it is worth a call to ask for the oldest record.
 */
import type { Clock } from '../base/clock.ts';
import { parseSequenceNumber } from '../kinesis/sequenceNumber.ts';
import { arrivalMsOf } from './arrival.ts';
import type { ShardPage } from './shardPage.ts';

/** Nothing younger ever expires: the shortest retention, less what clocks and trimming may be off. */
const youngMs = 23 * 3_600_000;
/** Of pages that follow each other it is asked so seldom where others read too; */
const askEveryMs = 60_000;
/** where records lie so far apart that others may have been between them, as often as that. */
const apart = { distanceMs: 60_000, askEveryMs: 10_000 };

/** A moment of this side: sleep counts on one of its clocks, and a wrong time on the other. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export interface WatchSince {
  /** When reading was asked for. */
  readonly asked: Moment;
  /** What had been read before, of a child by the readers of its parents; all behind it is wanted. */
  readonly last?: ReadUntil | undefined;
  /** Others read from the shard, too, and its clock is not that of this machine. */
  readonly isShared: boolean;
}

/** Everything up to `serverMs` of the other side's clock had been read at a moment of this side. */
export interface ReadUntil {
  readonly serverMs: number;
  readonly at: Moment;
}

export const momentOf = (clock: Clock): Moment => ({
  wallMs: clock.now(),
  monotonicMs: clock.monotonic(),
});

export class ExpiryWatch {
  private readonly clock: Clock;
  private readonly isShared: boolean;
  /** When everything up to `serverMs` had been read. */
  private at: Moment;
  private serverMs: number | undefined;
  /** The next page does not follow the last one: something may have gone between them. */
  private isBroken = true;
  /** Of the last page: what had come and was not read yet. */
  private behindMs = 0;
  private askedMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, { asked, last, isShared }: WatchSince) {
    this.clock = clock;
    this.isShared = isShared;
    this.at = last?.at ?? asked;
    this.serverMs = last?.serverMs;
  }

  /** Undefined while nothing tells the other side's time. */
  get readUntil(): ReadUntil | undefined {
    const { serverMs, at } = this;
    return serverMs === undefined ? undefined : { serverMs, at };
  }

  /** Reading goes on by another iterator than the last page's. */
  broken(): void {
    this.isBroken = true;
  }

  /** Whether so much lies between this page and what was read before it that records may have expired there. */
  isDoubtful(page: ShardPage): boolean {
    // What was not read then is older now by what passed since.
    const waitedMs = this.behindMs + Math.max(...this.sinceLast());
    if (Math.max(this.passedMs(page), waitedMs) < youngMs) return false;
    // Our own engine goes by the clock of this machine, which may have been ahead when the shard was made.
    if (this.isShared && isOfYoungShard(page)) return false;
    const askedMs = this.clock.monotonic() - this.askedMs;
    if (this.isBroken || !this.isShared || askedMs >= askEveryMs) return true;
    return this.areApart(page) && askedMs >= apart.askEveryMs;
  }

  /** How far this page reaches beyond what was read before it, by the other side's clock. */
  private passedMs({ Records, MillisBehindLatest = 0 }: ShardPage): number {
    if (this.serverMs === undefined) return 0;
    const newestMs = arrivalMsOf(Records.at(-1));
    if (newestMs !== undefined) return newestMs + MillisBehindLatest - this.serverMs;
    return MillisBehindLatest === 0 ? this.behindMs : 0;
  }

  /** Retention takes what is old enough when it gets there: many hours of it may go at once. */
  private areApart({ Records, MillisBehindLatest = 0 }: ShardPage): boolean {
    const firstMs = arrivalMsOf(Records[0]);
    if (firstMs === undefined || this.serverMs === undefined) return MillisBehindLatest === 0;
    return firstMs - this.serverMs > apart.distanceMs;
  }

  /** All that is wanted arrived so lately that nothing of it can have expired. */
  get isYoung(): boolean {
    const { serverMs } = this;
    return serverMs !== undefined && this.clock.now() - serverMs < youngMs;
  }

  /** The oldest record was asked for, and told. */
  asked(): void {
    this.askedMs = this.clock.monotonic();
  }

  /** The page was read, in its turn; it came `at` that moment. */
  read({ Records, MillisBehindLatest = 0, isEnd }: ShardPage, at = momentOf(this.clock)): void {
    const newestMs = arrivalMsOf(Records.at(-1));
    // Of a shard that has ended nobody knows when: its children may be older than now.
    const isCaughtUp = MillisBehindLatest === 0 && !isEnd;
    this.isBroken = false;
    this.behindMs = MillisBehindLatest;
    if (!isCaughtUp && newestMs === undefined) return;
    this.serverMs = newestMs ?? (this.serverMs && this.serverMs + this.passedThereMs(at));
    this.at = at;
  }

  /** On another machine a sleep of this one counts; on this one no more than surely passed: it may not be read yet. */
  private passedThereMs(at: Moment): number {
    const since = this.sinceLast(at);
    return this.isShared ? Math.max(...since) : Math.min(...since);
  }

  /** How long after the last page that is, in milliseconds by both clocks: one of them may have jumped. */
  private sinceLast({ wallMs, monotonicMs } = momentOf(this.clock)): readonly [number, number] {
    return [wallMs - this.at.wallMs, monotonicMs - this.at.monotonicMs];
  }
}

/** The shard was made so lately, by the clock of its arrival times, that it still has all it ever had. */
function isOfYoungShard({ Records, MillisBehindLatest = 0 }: ShardPage): boolean {
  const newestMs = arrivalMsOf(Records.at(-1));
  const parts = parseSequenceNumber(Records[0]?.SequenceNumber ?? '');
  if (!parts || newestMs === undefined) return false;
  return newestMs + MillisBehindLatest - parts.shardCreatedSeconds * 1000 < youngMs;
}
