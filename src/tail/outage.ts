/** One lost connection seen by many readers: said once, tried by one of them, over for all. */
import { type Clock, delay } from '../base/clock.ts';

export interface OutageHost {
  readonly clock: Clock;
  readonly retryMs: { readonly first: number; readonly longest: number };
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
  private current: Current | undefined;

  constructor(host: OutageHost) {
    this.host = host;
  }

  get isActive(): boolean {
    return this.current !== undefined;
  }

  /**
   * Waits until the caller should try again: one caller after a growing delay, the others when it is
   * over. Resolves at once when `signal` aborts.
   */
  async wait(signal: AbortSignal, reason: string): Promise<void> {
    this.current ??= this.begin();
    const { current } = this;
    if (current.isProbed) {
      await aborted(AbortSignal.any([signal, current.over.signal]));
      return;
    }
    current.isProbed = true;
    if (current.attempts > 0 && !current.isAnnounced) {
      current.isAnnounced = true;
      this.host.began(reason);
    }
    const { first, longest } = this.host.retryMs;
    const waitMs = Math.min(longest, first * 2 ** Math.min(current.attempts++, 20));
    await delay(this.host.clock, waitMs, AbortSignal.any([signal, current.over.signal]));
    current.isProbed = false;
  }

  /** Any answer of the other side, an exception included. */
  answered(): void {
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

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
