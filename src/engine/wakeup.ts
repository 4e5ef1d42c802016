/** Lets one waiter sleep until something happens. What happens while nobody waits wakes the next one at once. */
import type { Clock } from '../base/clock.ts';

export class Wakeup {
  private readonly clock: Clock;
  private isDue = false;
  private wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Something happened. */
  readonly fire = (): void => {
    this.isDue = true;
    this.wake?.();
  };

  /** Resolves at the next `fire`, at once after one since the last wait, or after `delayMs`. */
  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.isDue) {
        this.isDue = false;
        return resolve();
      }
      const timer = this.clock.schedule(delayMs, () => this.wake?.());
      this.wake = () => {
        this.isDue = false;
        this.wake = undefined;
        timer.dispose();
        resolve();
      };
    });
  }
}
