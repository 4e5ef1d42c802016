/**
 * What a window takes of the shards of a stream that others read, too. All that read a shard, tails and exports, share
 * one budget: together they keep its interval and its part of the data, and each has its turn.
 */
import { type Clock, delay } from '../base/clock.ts';
import { Gate } from './gate.ts';
import type { TailPace } from './pace.ts';
import { ReadMeter, type ReadRate } from './readMeter.ts';

/** What of a pace is kept over all readers. */
export interface BudgetPace {
  /** From the start of one call to the start of the next on a shard, in milliseconds. */
  readonly callIntervalMs: number;
  /** Of a shard, at most. */
  readonly bytesPerSecond: number;
}

/** Undefined where reads take from nobody. */
export const budgetPaceOf = ({ callIntervalMs, shared }: TailPace): BudgetPace | undefined =>
  shared && { callIntervalMs, bytesPerSecond: shared.ourBytesPerSecond };

/** Of one stream. */
export class ReadBudget {
  /** Holds for all calls from now on. */
  pace: BudgetPace;
  private readonly clock: Clock;
  private readonly shards = new Map<string, ShardBudget>();

  constructor(clock: Clock, pace: BudgetPace) {
    this.clock = clock;
    this.pace = pace;
  }

  /** The same one for all that read the shard. */
  shard(id: string): ShardBudget {
    const known = this.shards.get(id);
    if (known) return known;
    const made = new ShardBudget(this.clock, () => this.pace);
    this.shards.set(id, made);
    return made;
  }
}

export class ShardBudget {
  private readonly clock: Clock;
  private readonly pace: () => BudgetPace;
  private readonly turns = new Gate(1);
  private readonly meter = new ReadMeter();
  /** When the next call is due, at the earliest. */
  private dueMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, pace: () => BudgetPace) {
    this.clock = clock;
    this.pace = pace;
  }

  /** Resolves when a call may go out, to all in the order in which they came; at once when `signal` aborts. */
  async turn(signal: AbortSignal): Promise<void> {
    await this.turns.run(signal, () => this.untilDue(signal));
  }

  /** A call goes out. */
  asked(): void {
    this.meter.add(this.clock.monotonic(), { calls: 1 });
  }

  /** Its answer came: where it was more than the part of its time, the next call waits longer. */
  came(bytes: number): void {
    const { callIntervalMs, bytesPerSecond } = this.pace();
    this.meter.add(this.clock.monotonic(), { bytes });
    this.dueMs += Math.max(0, (bytes * 1000) / bytesPerSecond - callIntervalMs);
  }

  /** What all take of the shard together. */
  get rate(): ReadRate {
    return this.meter.rate(this.clock.monotonic());
  }

  private async untilDue(signal: AbortSignal): Promise<void> {
    const { clock } = this;
    while (!signal.aborted && clock.monotonic() < this.dueMs) {
      await delay(clock, this.dueMs - clock.monotonic(), signal);
    }
    if (!signal.aborted) this.dueMs = clock.monotonic() + this.pace().callIntervalMs;
  }
}
