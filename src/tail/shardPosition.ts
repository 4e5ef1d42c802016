/** Where reading of a shard goes on: behind its last record, or where it was to begin. */
import type { Clock } from '../base/clock.ts';
import type { StartingPosition } from '../kinesis/operations/subscribeToShard.ts';
import type { TailStart } from '../protocol/tail.ts';

export class ShardPosition {
  private readonly start: TailStart;
  private readonly clock: Clock;
  /** When it was first taken: where to go on when it is lost before any record came. */
  private sinceMs: number | undefined;
  private lastSequence: string | undefined;
  /** Behind the last record, as a subscription told. */
  private continuation: string | undefined;
  /** The time asked for lies ahead of the other side's clock: nothing of it is there yet. */
  isAhead = false;

  constructor(start: TailStart, clock: Clock) {
    this.start = start;
    this.clock = clock;
  }

  /** The reader stands in its shard: what is put from now on will be read. */
  get isTaken(): boolean {
    return this.sinceMs !== undefined;
  }

  /** The last record that was read. */
  get lastSequenceNumber(): string | undefined {
    return this.lastSequence;
  }

  /** It was taken by a call that began at `beforeMs`; true the first time. */
  take(beforeMs: number): boolean {
    const isFirst = this.sinceMs === undefined;
    this.sinceMs ??= beforeMs;
    return isFirst;
  }

  /** All up to there was read. A `continuation` of before holds while no record came. */
  moveTo(lastSequence: string | undefined, continuation: string | undefined): void {
    if (continuation !== undefined || lastSequence !== this.lastSequence) {
      this.continuation = continuation;
    }
    this.lastSequence = lastSequence;
  }

  /** A number outlives every iterator, also one that an engine's restart made invalid. */
  get next(): StartingPosition {
    const { start, sinceMs } = this;
    const SequenceNumber = this.continuation ?? this.lastSequence;
    if (SequenceNumber !== undefined) return { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber };
    if (this.isAhead) return { Type: 'LATEST' };
    if (start.type === 'AT_SEQUENCE_NUMBER') {
      return { Type: start.type, SequenceNumber: start.sequenceNumber };
    }
    // LATEST asked again would skip what came since the first time.
    const timestampMs =
      start.type === 'AT_TIMESTAMP' ? start.timestampMs : start.type === 'LATEST' && sinceMs;
    if (typeof timestampMs !== 'number') return { Type: start.type };
    const Timestamp = new Date(Math.min(timestampMs, this.clock.now()));
    return { Type: 'AT_TIMESTAMP', Timestamp };
  }
}
