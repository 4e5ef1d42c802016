/** Has the newest state of something saved: seldom where it changes all the time, soon where that matters. */
import type { Clock } from '../../src/base/clock.ts';
import type { Disposable } from '../../src/base/disposable.ts';

export interface SaverParts {
  readonly clock: Pick<Clock, 'schedule'>;
  /** After each saving. */
  readonly restMs: number;
  /** False: it is what was saved last, or there is nothing yet. */
  save(): boolean;
}

export class Saver {
  private readonly parts: SaverParts;
  private isOwed = false;
  private timer: Disposable | undefined;
  /** How long the timer was to run. */
  private waitMs = 0;

  constructor(parts: SaverParts) {
    this.parts = parts;
  }

  /** Saves at once, or when it has rested since it last did, but within `withinMs`; nothing is lost between. */
  ask(withinMs = this.parts.restMs): void {
    this.isOwed = true;
    if (!this.timer) this.save();
    else if (withinMs < this.waitMs) this.wait(withinMs);
  }

  private save(): void {
    this.isOwed = false;
    if (this.parts.save()) this.wait(this.parts.restMs);
  }

  private wait(waitMs: number): void {
    this.timer?.dispose();
    this.waitMs = waitMs;
    this.timer = this.parts.clock.schedule(waitMs, () => {
      this.timer = undefined;
      if (this.isOwed) this.save();
    });
  }
}
