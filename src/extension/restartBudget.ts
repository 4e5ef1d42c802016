/**
 * How often something that dies may be started again by itself: so often in a minute, ever slower
 * while it dies soon after each start. What was killed comes back at once, what cannot live is given up.
 */

const windowMs = 60_000;
const firstDelayMs = 250;
const delayMaxMs = 2_000;
/** Who has lived so long was able to. */
const healthyLifeMs = 1_000;

export class RestartBudget {
  private readonly restartsMax: number;
  private timesMs: number[] = [];
  private startedMs: number | undefined;
  /** Deaths in a row that came soon after a start. */
  private shortLives = 0;

  constructor(restartsMax: number) {
    this.restartsMax = restartsMax;
  }

  /** It runs, since `nowMs`. */
  started(nowMs: number): void {
    this.startedMs = nowMs;
  }

  /** Milliseconds to wait before the restart at `nowMs`; undefined when the minute's are used up. */
  take(nowMs: number): number | undefined {
    this.timesMs = this.timesMs.filter((timeMs) => nowMs - timeMs < windowMs);
    if (this.timesMs.length >= this.restartsMax) return undefined;
    const isHealthy = this.startedMs !== undefined && nowMs - this.startedMs >= healthyLifeMs;
    this.shortLives = isHealthy || this.timesMs.length === 0 ? 0 : this.shortLives + 1;
    this.timesMs.push(nowMs);
    this.startedMs = undefined;
    if (this.shortLives === 0) return 0;
    return Math.min(delayMaxMs, firstDelayMs * 2 ** (this.shortLives - 1));
  }

  /** Forgets what was: the user asked for a new start. */
  reset(): void {
    this.timesMs = [];
    this.shortLives = 0;
  }
}
