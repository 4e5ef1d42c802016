/**
 * Announces changes: the first at once, the following at most once an interval, none while hidden. What can wait goes
 * along with the next one, or follows after a rest, and holds up nothing.
 */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';

/** Without an announcement for so long, what can wait is announced. */
const restMs = 500;

export class Ticker implements Disposable {
  private readonly clock: Clock;
  private readonly emit: () => void;
  private isVisible = true;
  private lastMs = Number.NEGATIVE_INFINITY;
  /** Of the last one that could not wait. */
  private lastChangeMs = Number.NEGATIVE_INFINITY;
  private hasChanged = false;
  private timer: Disposable | undefined;
  private dueMs = Number.POSITIVE_INFINITY;
  /** Between two announcements. */
  intervalMs = 100;

  constructor(clock: Clock, emit: () => void) {
    this.clock = clock;
    this.emit = emit;
  }

  get visible(): boolean {
    return this.isVisible;
  }

  /** Something has changed since the last announcement. */
  get isOwed(): boolean {
    return this.timer !== undefined;
  }

  changed(): void {
    if (!this.isVisible) return;
    this.hasChanged = true;
    this.announceAt(this.lastChangeMs + this.intervalMs);
  }

  /** Something has changed that can wait. */
  mention(): void {
    if (this.isVisible) this.announceAt(this.lastMs + restMs);
  }

  /** Becoming visible announces at once. */
  show(visible: boolean): void {
    this.isVisible = visible;
    if (visible) this.tellNow();
    else this.stop();
  }

  dispose(): void {
    this.isVisible = false;
    this.stop();
  }

  /** Announces at once, whatever was announced lately. */
  tellNow(): void {
    this.hasChanged = true;
    this.announce();
  }

  private announceAt(dueMs: number): void {
    if (this.timer && this.dueMs <= dueMs) return;
    this.stop();
    const waitMs = dueMs - this.clock.monotonic();
    if (waitMs <= 0) {
      this.announce();
      return;
    }
    this.dueMs = dueMs;
    this.timer = this.clock.schedule(waitMs, () => this.announce());
  }

  private announce(): void {
    this.stop();
    this.lastMs = this.clock.monotonic();
    if (this.hasChanged) this.lastChangeMs = this.lastMs;
    this.hasChanged = false;
    this.emit();
  }

  private stop(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }
}
