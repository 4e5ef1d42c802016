/** Where a tail stops by itself, as its user asked: at a time, or after so many records. */
import type { Clock } from '../base/clock.ts';
import type { TailStop } from '../protocol/tail.ts';
import { arrivalMsOf } from './arrival.ts';
import { rowCountOf } from './rows.ts';
import type { ShardPage } from './shardPage.ts';

export class StopRule {
  private readonly stop: TailStop;
  private readonly clock: Clock;
  private left: number;

  constructor(stop: TailStop, clock: Clock) {
    this.stop = stop;
    this.clock = clock;
    this.left = stop.type === 'AFTER_RECORDS' ? stop.count : Number.POSITIVE_INFINITY;
  }

  /** As it stands now: with the records that are still to come. */
  get rest(): TailStop {
    return this.stop.type === 'AFTER_RECORDS'
      ? { ...this.stop, count: Math.max(0, this.left) }
      : this.stop;
  }

  /** So many records came as were asked for. */
  get isReached(): boolean {
    return this.left <= 0;
  }

  /** Nothing that arrives from then on is wanted. */
  isPastAt(atMs: number): boolean {
    return this.stop.type === 'AT_TIMESTAMP' && atMs > this.stop.timestampMs;
  }

  /** Nothing that arrives from now on is wanted. */
  get isPast(): boolean {
    return this.isPastAt(this.clock.now());
  }

  /** Milliseconds until nothing more is wanted, 0 from then on; undefined when no clock tells. */
  get waitMs(): number | undefined {
    if (this.stop.type !== 'AT_TIMESTAMP') return undefined;
    return this.isPast ? 0 : this.stop.timestampMs - this.clock.now() + 1;
  }

  /** How many of the first records of a page are wanted, when its shard is to be held behind them; they count as taken. */
  take({ Records }: ShardPage): number | undefined {
    if (this.stop.type === 'AFTER_RECORDS') {
      return this.isReached ? 0 : this.countDown(Records);
    }
    const { timestampMs } = this.stop;
    const end = Records.findIndex((one) => (arrivalMsOf(one) ?? 0) > timestampMs);
    return end >= 0 ? end : undefined;
  }

  /** Up to the record whose rows reach the number, all of them: of an aggregate there is no position within. */
  private countDown(records: ShardPage['Records']): number | undefined {
    for (const [index, record] of records.entries()) {
      this.left -= rowCountOf(record);
      if (this.isReached) return index + 1;
    }
    return undefined;
  }
}
