/** The `Date` header: made once a second. */
import type { Clock } from '../../base/clock.ts';

export class HttpDate {
  private readonly clock: Clock;
  private second = Number.NaN;
  private text = '';

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** `Sat, 28 Nov 2026 13:19:45 GMT` */
  now(): string {
    const second = Math.floor(this.clock.now() / 1000);
    if (second !== this.second) {
      this.second = second;
      this.text = new Date(second * 1000).toUTCString();
    }
    return this.text;
  }
}
