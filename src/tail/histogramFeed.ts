/** Tells of a tail's histogram while somebody looks at it, at most twice a second; else nothing is counted for it. */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { TailHistogram } from '../protocol/histogram.ts';
import { Histogram } from './histogram.ts';
import type { Ring } from './ring.ts';
import type { View } from './view.ts';

/** From one telling to the next. */
export const tellEveryMs = 500;
/** Rows counted in one slice; others get their turn between two. */
export const sliceRows = 50_000;

export interface FeedParts {
  readonly ring: Ring;
  readonly view: View;
  readonly clock: Clock;
  /** There is something to tell: a tick is wanted. */
  changed(): void;
  /** There is something new to tell, which can wait for the next tick. */
  mention(): void;
}

export class HistogramFeed implements Disposable {
  private readonly parts: FeedParts;
  private histogram: Histogram | undefined;
  private isWanted = false;
  private isVisible = true;
  private toldMs = Number.NEGATIVE_INFINITY;
  private slicing: Disposable | undefined;
  private waiting: Disposable | undefined;

  constructor(parts: FeedParts) {
    this.parts = parts;
  }

  /** Whether the panel shows it. Asked for again, it is told again. */
  want(isWanted: boolean): void {
    this.isWanted = isWanted;
    this.follow(true);
  }

  /** Whether the panel itself is seen. */
  show(isVisible: boolean): void {
    this.isVisible = isVisible;
    this.follow(false);
  }

  /** What the tick that is sent now has to tell; undefined: nothing new, or it is too early. */
  take(): TailHistogram | undefined {
    const { histogram } = this;
    if (!histogram) return undefined;
    if (histogram.refine() || !histogram.isComplete) this.slice();
    if (!histogram.isChanged) return undefined;
    const nowMs = this.parts.clock.monotonic();
    const waitMs = this.toldMs + tellEveryMs - nowMs;
    if (waitMs > 0) {
      this.waiting ??= this.parts.clock.schedule(waitMs, () => {
        this.waiting = undefined;
        this.parts.mention();
      });
      return undefined;
    }
    this.toldMs = nowMs;
    return histogram.take();
  }

  dispose(): void {
    this.isWanted = false;
    this.follow(false);
  }

  private follow(isAnew: boolean): void {
    const isOn = this.isWanted && this.isVisible;
    if (!isOn || isAnew) this.stop();
    if (!isOn || this.histogram) return;
    this.histogram = new Histogram(this.parts.ring, this.parts.view);
    this.toldMs = Number.NEGATIVE_INFINITY;
    if (!this.histogram.advance(sliceRows)) this.slice();
    this.parts.changed();
  }

  private stop(): void {
    this.histogram?.dispose();
    this.slicing?.dispose();
    this.waiting?.dispose();
    this.histogram = this.slicing = this.waiting = undefined;
  }

  /** One slice in a turn of its own, then the next. */
  private slice(): void {
    this.slicing ??= this.parts.clock.schedule(0, () => {
      this.slicing = undefined;
      if (this.histogram?.advance(sliceRows) === false) this.slice();
      this.parts.changed();
    });
  }
}
