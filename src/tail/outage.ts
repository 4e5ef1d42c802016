/** One lost connection seen by many readers: said once, tried by one of them, over for all. */
import { type Clock, delay } from '../base/clock.ts';
import { retryWaitMs, type TailPace } from './pace.ts';

export interface OutageHost {
  readonly clock: Clock;
  readonly retryMs: TailPace['retryMs'];
  /** Called once, when the first try after the failure has failed too: a single lost call is no news. */
  began(reason: string): void;
  /** Called once when an answer came again after `began`. */
  ended(lastedMs: number): void;
}

interface Current {
  readonly sinceMs: number;
  attempts: number;
  isAnnounced: boolean;
  isProbed: boolean;
  readonly over: AbortController;
}

export class Outage {
  private readonly host: OutageHost;
  /** Calls that were answered, in all. */
  private answers = 0;
  private current: Current | undefined;

  constructor(host: OutageHost) {
    this.host = host;
  }

  /** Rises with each answer. */
  get answerCount(): number {
    return this.answers;
  }

  get isActive(): boolean {
    return this.current !== undefined;
  }

  /**
   * Waits until the caller should try again: one caller after a growing delay, the others when it is
   * over, or after the longest delay: what fails for the one may not for them. Resolves at once when
   * `signal` aborts.
   */
  async wait(signal: AbortSignal, reason: string): Promise<void> {
    this.current ??= this.begin();
    const { current } = this;
    const { clock, retryMs } = this.host;
    const ends = AbortSignal.any([signal, current.over.signal]);
    if (current.isProbed) return await delay(clock, retryMs.longest, ends);
    current.isProbed = true;
    if (current.attempts > 0 && !current.isAnnounced) {
      current.isAnnounced = true;
      this.host.began(reason);
    }
    await delay(clock, retryWaitMs(retryMs, current.attempts++), ends);
    current.isProbed = false;
  }

  /** Any answer of the other side, an exception included. */
  answered(): void {
    this.answers++;
    const current = this.current;
    if (!current) return;
    this.current = undefined;
    if (current.isAnnounced) this.host.ended(this.host.clock.monotonic() - current.sinceMs);
    current.over.abort();
  }

  private begin(): Current {
    const sinceMs = this.host.clock.monotonic();
    const over = new AbortController();
    return { sinceMs, attempts: 0, isAnnounced: false, isProbed: false, over };
  }
}
