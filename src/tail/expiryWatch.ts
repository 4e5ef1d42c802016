/**
 * Tells of a page of a shard whether retention may have taken records before it: Kinesis does not say so, it goes on
 * with what it still keeps. Only then it is worth a call to ask for the oldest record.
 */
import type { Clock } from '../base/clock.ts';
import type { GetRecordsOutput } from '../kinesis/operations/getRecords.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';

/** Nothing younger ever expires: the shortest retention, less what clocks and trimming may be off. */
const youngMs = 23 * 3_600_000;

/** Everything up to `serverMs` of the other side's clock was read, which was at `atMs` of ours. */
interface Read {
  readonly serverMs: number;
  readonly atMs: number;
}

export interface WatchSince {
  /** When reading was asked for, by our clock that never falls. */
  readonly atMs: number;
  /** All that arrived after it is to be read, by the other side's clock. */
  readonly serverMs?: number | undefined;
}

export class ExpiryWatch {
  private readonly clock: Clock;
  private readonly askedMs: number;
  private last: Read | undefined;

  constructor(clock: Clock, { atMs, serverMs }: WatchSince) {
    this.clock = clock;
    this.askedMs = atMs;
    if (serverMs !== undefined) this.last = { serverMs, atMs: clock.monotonic() };
  }

  /** Up to when everything was read, on the other side's clock. */
  get readUntilMs(): number | undefined {
    return this.last?.serverMs;
  }

  /** Reading begins with what comes from now on. */
  begin(): void {
    const { clock } = this;
    this.last ??= { serverMs: clock.now(), atMs: clock.monotonic() };
  }

  /** Whether so much lies between this page and what was read before it that records may have expired there. */
  isDoubtful({ Records, MillisBehindLatest = 0 }: GetRecordsOutput): boolean {
    const { last } = this;
    if (!last) return this.clock.monotonic() - this.askedMs >= youngMs;
    const newestMs = arrivalOf(Records.at(-1)) ?? 0;
    const nowMs = Math.max(newestMs + MillisBehindLatest, this.nowMs(last));
    return nowMs - last.serverMs >= youngMs;
  }

  /** The page was read, in its turn. */
  read({ Records, MillisBehindLatest = 0, NextShardIterator }: GetRecordsOutput): void {
    const newestMs = arrivalOf(Records.at(-1));
    // Of a shard that has ended nobody knows when: its children may be older than now.
    const isCaughtUp = MillisBehindLatest === 0 && NextShardIterator !== undefined;
    if (!isCaughtUp && newestMs === undefined) return;
    const serverMs = newestMs ?? (this.last ? this.nowMs(this.last) : this.clock.now());
    this.last = { serverMs, atMs: this.clock.monotonic() };
  }

  /** The other side's time goes on as ours does. */
  private nowMs({ serverMs, atMs }: Read): number {
    return serverMs + this.clock.monotonic() - atMs;
  }
}

const arrivalOf = (record: KinesisRecord | undefined): number | undefined =>
  record?.ApproximateArrivalTimestamp?.getTime();
