/**
 * How long from one call to the next on a shard: as the pace says, less often while its reads are throttled and while
 * nothing comes. A throttle doubles it at once, calls that pass bring it back slowly; a record ends the quiet at once.
 */
import type { TailPace } from './pace.ts';

/** Empty pages in a row, before a shard counts as quiet. */
const emptyBeforeQuiet = 10;
/** By each further one. */
const quietGrowth = 1.25;
/** By each call that passes after a throttle: from 20 s to 1 s in half a minute of calls. */
const recovery = 0.9;

type RhythmPace = Pick<TailPace, 'callIntervalMs' | 'quietIntervalMsMax' | 'retryMs'>;

export class ReadRhythm {
  private readonly pace: RhythmPace;
  private throttledMs = 0;
  private quietMs = 0;
  private emptyCount = 0;

  constructor(pace: RhythmPace) {
    this.pace = pace;
  }

  /** From the start of one call to the start of the next. */
  get intervalMs(): number {
    return Math.max(this.pace.callIntervalMs, this.throttledMs, this.quietMs);
  }

  /** It was throttled, and the shard is asked less often since. */
  get isHoldingBack(): boolean {
    return this.throttledMs > 0;
  }

  /** Up to `retryMs.longest`. */
  throttled(): void {
    const { callIntervalMs, retryMs } = this.pace;
    const doubled = 2 * Math.max(this.throttledMs, callIntervalMs);
    this.throttledMs = Math.min(retryMs.longest, Math.max(doubled, retryMs.first));
  }

  /** A call passed. `isQuiet`: it brought nothing, and there was nothing. */
  passed(isQuiet: boolean): void {
    const { callIntervalMs, quietIntervalMsMax, retryMs } = this.pace;
    this.throttledMs *= recovery;
    if (this.throttledMs <= Math.max(callIntervalMs, retryMs.first / 2)) this.throttledMs = 0;
    this.emptyCount = isQuiet ? this.emptyCount + 1 : 0;
    const grown = Math.max(this.quietMs, callIntervalMs) * quietGrowth;
    const isLong = this.emptyCount > emptyBeforeQuiet;
    this.quietMs = isLong ? Math.min(quietIntervalMsMax, grown) : 0;
  }
}
