/** A clock that stands still until a test moves it. Timers fire in due order, never by themselves. */
import type { Clock } from '../../src/base/clock.ts';
import type { Disposable } from '../../src/base/disposable.ts';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly task: () => void;
}

/** A round wall time to start at: 2025-01-01T00:00:00Z. */
export const TEST_EPOCH_MS = 1_735_689_600_000;

/** `now()` starts at `startMs`, `monotonic()` at 0; both move by `advance` only. */
export class TestClock implements Clock {
  private wallMs: number;
  private elapsedMs = 0;
  private nextOrder = 0;
  private readonly timers = new Set<Timer>();

  constructor(startMs: number = TEST_EPOCH_MS) {
    this.wallMs = startMs;
  }

  now(): number {
    return this.wallMs;
  }

  monotonic(): number {
    return this.elapsedMs;
  }

  schedule(delayMs: number, task: () => void): Disposable {
    const timer = { dueMs: this.elapsedMs + Math.max(0, delayMs), order: this.nextOrder++, task };
    this.timers.add(timer);
    return { dispose: () => void this.timers.delete(timer) };
  }

  /** Timers that wait. */
  get pendingTimers(): number {
    return this.timers.size;
  }

  /** Milliseconds until the next timer is due; undefined when none waits. */
  get nextTimerMs(): number | undefined {
    const next = this.next();
    return next && next.dueMs - this.elapsedMs;
  }

  /**
   * Moves both clocks by `ms`, calling each timer that falls due with the clock at its due time. After
   * each one the pending promises run, so that a timer set by what the last one started is seen too.
   */
  async advance(ms: number): Promise<void> {
    const untilMs = this.elapsedMs + ms;
    await settle();
    for (let timer = this.next(); timer && timer.dueMs <= untilMs; timer = this.next()) {
      this.moveTo(Math.max(timer.dueMs, this.elapsedMs));
      this.timers.delete(timer);
      timer.task();
      await settle();
    }
    this.moveTo(untilMs);
    await settle();
  }

  /** Moves both clocks by `ms` at once, as a machine that slept; timers that fell due fire afterwards. */
  async jump(ms: number): Promise<void> {
    this.moveTo(this.elapsedMs + ms);
    await this.advance(0);
  }

  /** Sets the wall clock, as a user or NTP does; `monotonic()` and timers do not notice. */
  setWall(ms: number): void {
    this.wallMs = ms;
  }

  private moveTo(elapsedMs: number): void {
    this.wallMs += elapsedMs - this.elapsedMs;
    this.elapsedMs = elapsedMs;
  }

  private next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) {
      if (!first || timer.dueMs < first.dueMs) first = timer;
    }
    return first;
  }
}

/** Lets everything that is ready run: microtasks, and callbacks of I/O that has already finished. */
export async function settle(turns = 5): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}
