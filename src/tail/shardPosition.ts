/** Where reading of a shard goes on: behind its last record, or where it was to begin. */
import type { Clock } from '../base/clock.ts';
import type { StartingPosition } from '../kinesis/operations/subscribeToShard.ts';
import type { TailStart } from '../protocol/tail.ts';

/** By more a clock was set back. */
const clocksDifferMs = 60_000;

export class ShardPosition {
  private readonly start: TailStart;
  private readonly clock: Clock;
  /** When reading was to begin first. */
  private beganMs: number | undefined;
  /** It could not be asked for, or that was broken off: the end of the shard may have moved on since. */
  private isLate = false;
  /** When it was first taken: where to go on when it is lost before any record came. */
  private sinceMs: number | undefined;
  private lastSequence: string | undefined;
  /** Behind the last record, as a subscription told. */
  private continuation: string | undefined;
  /** The time asked for lies ahead of the other side's clock: nothing of it is there yet. */
  isAhead = false;
  /**
   * By how much the time to begin at lay ahead of the stream's clock when the place was taken, milliseconds: 0 where
   * only the other side knows. Undefined where it did not.
   */
  aheadMs: number | undefined;

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

  /** It is to be taken now; called again, it could not be before. */
  begin(nowMs: number): void {
    if (this.isTaken) return;
    this.isLate ||= this.beganMs !== undefined;
    this.beganMs ??= nowMs;
  }

  /** It was taken by a call that began at `beforeMs`; true the first time. */
  take(beforeMs: number): boolean {
    const isFirst = this.sinceMs === undefined;
    if (isFirst) this.aheadMs = this.aheadAt(beforeMs);
    this.isAhead = false;
    this.sinceMs ??= this.lateMs ?? beforeMs;
    return isFirst;
  }

  private aheadAt(nowMs: number): number | undefined {
    const { start } = this;
    if (start.type !== 'AT_TIMESTAMP') return undefined;
    const aheadMs = start.timestampMs - nowMs;
    // What a tail that goes on had read was not ahead of the other side's clock, which may differ from ours.
    if (start.isResumed) return aheadMs > clocksDifferMs ? aheadMs : undefined;
    return aheadMs > 0 || this.isAhead ? Math.max(0, aheadMs) : undefined;
  }

  /** What was wanted before is not any more: it begins now, unless it was taken. */
  beginAnew(): void {
    this.beganMs = undefined;
    this.isLate = false;
  }

  private get lateMs(): number | undefined {
    return this.isLate ? this.beganMs : undefined;
  }

  /** All up to there was read. A `continuation` of before holds while no record came. */
  moveTo(lastSequence: string | undefined, continuation: string | undefined): void {
    if (continuation !== undefined || lastSequence !== this.lastSequence) {
      this.continuation = continuation;
    }
    this.lastSequence = lastSequence;
  }

  /** Records that arrived from then on are wanted; undefined where that is not told by a time. */
  get wantedFromMs(): number | undefined {
    const { start, sinceMs } = this;
    if (start.type === 'AT_TIMESTAMP') return start.timestampMs;
    return start.type === 'LATEST' ? (sinceMs ?? this.lateMs) : undefined;
  }

  /** A number outlives every iterator, also one that an engine's restart made invalid. */
  get next(): StartingPosition {
    const { start } = this;
    const SequenceNumber = this.continuation ?? this.lastSequence;
    if (SequenceNumber !== undefined) return { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber };
    if (this.isAhead) return { Type: 'LATEST' };
    if (start.type === 'AT_SEQUENCE_NUMBER') {
      return { Type: start.type, SequenceNumber: start.sequenceNumber };
    }
    // LATEST asked for again would skip what came since it was wanted first.
    const { wantedFromMs } = this;
    if (wantedFromMs === undefined) return { Type: start.type };
    const Timestamp = new Date(Math.min(wantedFromMs, this.clock.now()));
    return { Type: 'AT_TIMESTAMP', Timestamp };
  }
}
