/**
 * How often something that dies may be started again by itself: so often in a minute, ever slower. A
 * death after a healthy life does not count: what cannot live is given up, what was killed is not.
 */

const windowMs = 60_000;
const firstDelayMs = 250;
/** Who has lived so long was able to. */
const healthyLifeMs = 1_000;

export class RestartBudget {
  private readonly restartsMax: number;
  private timesMs: number[] = [];
  private startedMs: number | undefined;

  constructor(restartsMax: number) {
    this.restartsMax = restartsMax;
  }

  /** It runs, since `nowMs`. */
  started(nowMs: number): void {
    this.startedMs = nowMs;
  }

  /** Milliseconds to wait before the restart at `nowMs`; undefined when the minute's are used up. */
  take(nowMs: number): number | undefined {
    if (this.startedMs !== undefined && nowMs - this.startedMs >= healthyLifeMs) this.reset();
    this.startedMs = undefined;
    this.timesMs = this.timesMs.filter((timeMs) => nowMs - timeMs < windowMs);
    if (this.timesMs.length >= this.restartsMax) return undefined;
    this.timesMs.push(nowMs);
    return this.timesMs.length === 1 ? 0 : firstDelayMs * 2 ** (this.timesMs.length - 2);
  }

  /** Forgets what was: the user asked for a new start. */
  reset(): void {
    this.timesMs = [];
  }
}
