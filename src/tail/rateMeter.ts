/** Arrivals a second at one shard, by the records' own arrival times and not by when they were read. */

const bucketMs = 100;
const bucketsPerSecond = 1000 / bucketMs;
const bucketCount = 2 * bucketsPerSecond;

export interface Rate {
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
}

/** Counts the last second seen. Its clock is the shard's: the newest arrival, plus the time since. */
export class RateMeter {
  private readonly numbers = new Float64Array(bucketCount).fill(-1);
  private readonly records = new Float64Array(bucketCount);
  private readonly bytes = new Float64Array(bucketCount);
  private newestMs = Number.NEGATIVE_INFINITY;
  private newestSeenMs = 0;
  private referenceMs = 0;

  add(arrivedMs: number, byteCount: number): void {
    const number = Math.floor(arrivedMs / bucketMs);
    const slot = number % bucketCount;
    if (this.numbers[slot]! > number) return;
    if (this.numbers[slot]! < number) {
      this.numbers[slot] = number;
      this.records[slot] = 0;
      this.bytes[slot] = 0;
    }
    this.records[slot]! += 1;
    this.bytes[slot]! += byteCount;
    this.newestMs = Math.max(this.newestMs, arrivedMs);
  }

  /** A call has returned at `atMs` of a clock that never falls. Caught up, the shard's time goes on without records. */
  polled(atMs: number, { hadRecords, isCaughtUp }: { hadRecords: boolean; isCaughtUp: boolean }) {
    if (hadRecords || !isCaughtUp) this.newestSeenMs = atMs;
    this.referenceMs = this.newestMs + (atMs - this.newestSeenMs);
  }

  /** Nothing arrives any more: the shard is closed, or nobody reads it. */
  stop(): void {
    this.referenceMs = Number.POSITIVE_INFINITY;
  }

  get rate(): Rate {
    const last = Math.floor(this.referenceMs / bucketMs);
    let recordsPerSecond = 0;
    let bytesPerSecond = 0;
    for (let slot = 0; slot < bucketCount; slot++) {
      const number = this.numbers[slot]!;
      if (number <= last - bucketsPerSecond || number > last) continue;
      recordsPerSecond += this.records[slot]!;
      bytesPerSecond += this.bytes[slot]!;
    }
    return { recordsPerSecond, bytesPerSecond };
  }
}
