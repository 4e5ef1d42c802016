/** What one shard takes in a second: bytes and records. Decides, and takes what it admits; counts nothing. */
import {
  largeRecordTankBytes,
  recordBytesDefaultMax,
  shardBytesInPerSecond,
  shardRecordsInPerSecond,
} from '../../kinesis/limits.ts';

/** Which of a shard's limits a put has met. */
export type PutRefusal = 'bytes' | 'records';

/** Thousandths, as in a TokenBucket: a rate per second is a whole number per millisecond. */
const scale = 1000;
const secondFull = shardBytesInPerSecond * scale;
const tankFull = largeRecordTankBytes * scale;
const recordsFull = shardRecordsInPerSecond * scale;

/** Places in the levels. */
const second = 0;
const tank = 1;
const records = 2;
const at = 3;

/**
 * Records up to 1 MiB see a bucket of one second. Larger ones are served by a tank of 10 MiB that the
 * small ones draw on too, so that no time of t seconds admits more than 10 + t MiB; a large record leaves
 * nothing of the second it came in. @source guessed: how bucket and tank go together.
 *
 * Three token buckets with their time in one piece of memory: it runs for every record, and with a
 * thousand shards each object more is a miss of the cache. A property test holds it equal to plain ones.
 */
export class WriteLimit {
  private readonly levels = new Float64Array(4);

  /** `nowMs`: monotonic, as in every call. */
  constructor(nowMs: number) {
    this.levels.set([secondFull, tankFull, recordsFull, nowMs]);
  }

  /** Takes a record of `bytes` (data and partition key), or says why not and takes nothing. */
  admit(bytes: number, nowMs: number): PutRefusal | undefined {
    const { levels } = this;
    if (nowMs !== levels[at]!) this.refill(nowMs);
    const cost = bytes * scale;
    if (cost > levels[bytes <= recordBytesDefaultMax ? second : tank]!) return 'bytes';
    if (levels[records]! < scale) return 'records';
    levels[second] = Math.max(0, levels[second]! - cost);
    levels[tank] = levels[tank]! - cost;
    levels[records] = levels[records]! - scale;
    return undefined;
  }

  /** A clock that was set back counts as one that stood still. */
  private refill(nowMs: number): void {
    const { levels } = this;
    const elapsedMs = Math.max(0, nowMs - levels[at]!);
    const bytes = elapsedMs * shardBytesInPerSecond;
    levels[second] = Math.min(secondFull, levels[second]! + bytes);
    levels[tank] = Math.min(tankFull, levels[tank]! + bytes);
    levels[records] = Math.min(recordsFull, levels[records]! + elapsedMs * shardRecordsInPerSecond);
    levels[at] = nowMs;
  }
}
