/**
 * An allowance that refills with time. Whole numbers throughout (thousandths of a token), so that many
 * small steps of a clock add up to exactly one large one. It reads no clock: callers bring the time.
 */

/** Thousandths: a rate per second is then a whole number per millisecond. */
const scale = 1000;

export interface Allowance {
  /** Tokens that come back in a second. */
  readonly perSecond: number;
  /** Tokens at most, and at first. */
  readonly capacity: number;
}

export class TokenBucket {
  private readonly perMs: number;
  private readonly full: number;
  private level: number;
  private atMs: number;

  /** `nowMs`: monotonic, as in every call. */
  constructor({ perSecond, capacity }: Allowance, nowMs: number) {
    this.perMs = perSecond;
    this.full = capacity * scale;
    this.level = this.full;
    this.atMs = nowMs;
  }

  /** Adds what has come back until now. A clock that was set back counts as one that stood still. */
  refill(nowMs: number): void {
    const elapsedMs = nowMs - this.atMs;
    this.atMs = nowMs;
    if (elapsedMs <= 0) return;
    const level = this.level + elapsedMs * this.perMs;
    this.level = level > this.full ? this.full : level;
  }

  /** Whether `amount` tokens are there now. Zero: whether the bucket is not overdrawn. */
  has(amount: number, nowMs: number): boolean {
    this.refill(nowMs);
    return this.level >= amount * scale;
  }

  /** Takes `amount`; the bucket may be overdrawn by it. */
  take(amount: number): void {
    this.level -= amount * scale;
  }

  /** Leaves a debt of `amount`, whatever was saved up; a debt from before stays. */
  owe(amount: number): void {
    this.level = Math.min(this.level, 0) - amount * scale;
  }
}
