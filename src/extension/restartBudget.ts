/** How often something that dies may be started again by itself: so often in a minute, ever slower. */

const windowMs = 60_000;
const firstDelayMs = 250;

export class RestartBudget {
  private readonly restartsMax: number;
  private timesMs: number[] = [];

  constructor(restartsMax: number) {
    this.restartsMax = restartsMax;
  }

  /** Milliseconds to wait before the restart at `nowMs`; undefined when the minute's are used up. */
  take(nowMs: number): number | undefined {
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
