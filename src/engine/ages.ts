/**
 * How old things are whose wall time is known, on monotonic time: a clock that is set, however far, makes
 * nothing expire before its time. It remembers where the clock jumped while this engine ran, and no more.
 */
import type { Clock } from '../base/clock.ts';

/** A difference up to this is drift, which is followed; above it the clock was set, or the machine slept. */
export const driftMsMax = 10_000;
/** Jumps remembered; of more the oldest are put together, so that things get older than need be. */
export const jumpsMax = 64;

/** A time without jumps, until the next span. */
interface Span {
  /** On monotonic time. */
  readonly fromMs: number;
  /** Wall minus monotonic time. */
  readonly offsetMs: number;
}

export class Ages {
  private readonly clock: Clock;
  /** By rising time; the first one reaches back to before this engine ran. */
  private readonly earlier: Span[] = [];
  private current: Span;
  private lookedMs: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.lookedMs = clock.monotonic();
    this.current = { fromMs: Number.NEGATIVE_INFINITY, offsetMs: clock.now() - this.lookedMs };
  }

  /**
   * The earliest wall time that the clock showed within the last `elapsedMs`, milliseconds since 1970: what
   * has an earlier one is older than that. Without jumps it is now minus `elapsedMs`. Time in which no engine
   * ran counts as the wall clock says.
   */
  since(elapsedMs: number): number {
    const nowMs = this.clock.monotonic();
    this.look(nowMs);
    const startMs = nowMs - elapsedMs;
    let earliestMs = Number.POSITIVE_INFINITY;
    for (let at = this.earlier.length; at >= 0; at--) {
      const { fromMs, offsetMs } = this.earlier[at] ?? this.current;
      earliestMs = Math.min(earliestMs, Math.max(fromMs, startMs) + offsetMs);
      if (fromMs < startMs) break;
    }
    return Math.round(earliestMs);
  }

  private look(nowMs: number): void {
    const offsetMs = this.clock.now() - nowMs;
    const byMs = offsetMs - this.current.offsetMs;
    if (Math.abs(byMs) <= driftMsMax) this.current = { ...this.current, offsetMs };
    else {
      this.earlier.push(this.current);
      // When it was, since the last look, nobody knows: of both ends the one that makes nothing older.
      this.current = { fromMs: byMs > 0 ? nowMs : this.lookedMs, offsetMs };
      if (this.earlier.length > jumpsMax) this.putTogether();
    }
    this.lookedMs = nowMs;
  }

  private putTogether(): void {
    const [oldest, next] = this.earlier.splice(0, 2);
    const offsetMs = Math.min(oldest!.offsetMs, next!.offsetMs);
    this.earlier.unshift({ fromMs: oldest!.fromMs, offsetMs });
  }
}
