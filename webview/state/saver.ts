/** Saves the newest of many values, at most once in an interval; the last one is never lost. */
import type { Clock } from '../../src/base/clock.ts';
import type { Disposable } from '../../src/base/disposable.ts';

export class Saver<T> {
  private readonly clock: Pick<Clock, 'schedule'>;
  private readonly save: (value: T) => void;
  private waiting: { value: T } | undefined;
  private timer: Disposable | undefined;

  constructor(clock: Pick<Clock, 'schedule'>, save: (value: T) => void) {
    this.clock = clock;
    this.save = save;
  }

  /** Saves at once when nothing was saved in the last `intervalMs`, else when that is over. */
  put(value: T, intervalMs: number): void {
    if (this.timer) {
      this.waiting = { value };
      return;
    }
    this.save(value);
    this.timer = this.clock.schedule(intervalMs, () => {
      this.timer = undefined;
      const { waiting } = this;
      this.waiting = undefined;
      if (waiting) this.put(waiting.value, intervalMs);
    });
  }
}
