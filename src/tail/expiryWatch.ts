/**
 * Tells of a page of a shard whether retention may have taken records before it: Kinesis does not say so, it goes on
 * with what it still keeps. Only then it is worth a call to ask for the oldest record.
 */
import type { Clock } from '../base/clock.ts';
import { arrivalMsOf } from './arrival.ts';
import type { ShardPage } from './shardPage.ts';

/** Nothing younger ever expires: the shortest retention, less what clocks and trimming may be off. */
const youngMs = 23 * 3_600_000;
/** Of pages that follow each other it is asked so seldom. */
const askEveryMs = 60_000;

/** A moment of this side: sleep counts on one of its clocks, and a wrong time on the other. */
interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export interface WatchSince {
  /** When reading was asked for. */
  readonly asked: Moment;
  /** What had been read before, of a child by the readers of its parents; all behind it is wanted. */
  readonly last?: ReadUntil | undefined;
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
  /** When everything up to `serverMs` had been read. */
  private at: Moment;
  private serverMs: number | undefined;
  /** The next page does not follow the last one: something may have gone between them. */
  private isBroken = true;
  private askedMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, { asked, last }: WatchSince) {
    this.clock = clock;
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
  isDoubtful({ Records, MillisBehindLatest = 0 }: ShardPage): boolean {
    const newestMs = arrivalMsOf(Records.at(-1));
    const passedMs =
      newestMs === undefined || this.serverMs === undefined
        ? 0
        : newestMs + MillisBehindLatest - this.serverMs;
    if (Math.max(passedMs, this.sinceLastMs) < youngMs) return false;
    return this.isBroken || this.clock.monotonic() - this.askedMs >= askEveryMs;
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

  /** The page was read, in its turn. */
  read({ Records, MillisBehindLatest = 0, isEnd }: ShardPage): void {
    const newestMs = arrivalMsOf(Records.at(-1));
    // Of a shard that has ended nobody knows when: its children may be older than now.
    const isCaughtUp = MillisBehindLatest === 0 && !isEnd;
    this.isBroken = false;
    if (!isCaughtUp && newestMs === undefined) return;
    this.serverMs = newestMs ?? (this.serverMs && this.serverMs + this.sinceLastMs);
    this.at = momentOf(this.clock);
  }

  private get sinceLastMs(): number {
    const { wallMs, monotonicMs } = momentOf(this.clock);
    return Math.max(wallMs - this.at.wallMs, monotonicMs - this.at.monotonicMs);
  }
}
