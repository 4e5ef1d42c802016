/** Announces changes: the first at once, the following at most once an interval, none while hidden. */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';

export class Ticker implements Disposable {
  private readonly clock: Clock;
  private readonly emit: () => void;
  private isVisible = true;
  private lastMs = Number.NEGATIVE_INFINITY;
  private timer: Disposable | undefined;
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
    if (!this.isVisible || this.timer) return;
    const waitMs = this.lastMs + this.intervalMs - this.clock.monotonic();
    if (waitMs <= 0) this.tellNow();
    else this.timer = this.clock.schedule(waitMs, () => this.tellNow());
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
    this.stop();
    this.lastMs = this.clock.monotonic();
    this.emit();
  }

  private stop(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }
}
