/**
 * A shard that gets no answer. While no other gets one either, that is an outage of the connection, which all wait for
 * together. While others do, it is the shard's own: it is tried less and less often, and said of that shard.
 */
import { type Clock, delay } from '../base/clock.ts';
import type { Outage } from './outage.ts';
import { retryWaitMs, type TailPace } from './pace.ts';

export interface ShardOutageHost {
  readonly clock: Clock;
  readonly retryMs: TailPace['retryMs'];
  readonly outage: Outage;
  /** Called once, when it is not answered for the third time in a row while others are. */
  silent(reason: string): void;
  /** Called once when it is answered again after `silent`. */
  audible(lastedMs: number): void;
}

/** One is no news; the second may have been lost with the others. */
const failuresUntold = 2;

export class ShardOutage {
  private readonly host: ShardOutageHost;
  private failures = 0;
  private isTold = false;
  /** Of the first failure. */
  private sinceMs = 0;
  private answersBefore = 0;

  constructor(host: ShardOutageHost) {
    this.host = host;
  }

  /** Its last call got no answer. */
  get isFailing(): boolean {
    return this.failures > 0;
  }

  /** Waits until the shard should be tried again. Resolves at once when `signal` aborts. */
  async wait(signal: AbortSignal, reason: string): Promise<void> {
    const { clock, outage, retryMs } = this.host;
    if (this.failures++ === 0) {
      this.sinceMs = clock.monotonic();
      this.answersBefore = outage.answerCount;
    }
    if (outage.answerCount === this.answersBefore) return await outage.wait(signal, reason);
    if (!this.isTold && this.failures > failuresUntold) {
      this.isTold = true;
      this.host.silent(reason);
    }
    await delay(clock, retryWaitMs(retryMs, this.failures - 1), signal);
  }

  /** The shard was read, or refused with an exception: it is there. */
  answered(): void {
    this.host.outage.answered();
    this.failures = 0;
    if (!this.isTold) return;
    this.isTold = false;
    this.host.audible(this.host.clock.monotonic() - this.sinceMs);
  }
}
