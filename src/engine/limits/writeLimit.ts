/** What one shard takes in a second: bytes and records. Decides, and takes what it admits; counts nothing. */
import {
  largeRecordTankBytes,
  recordBytesDefaultMax,
  shardBytesInPerSecond,
  shardRecordsInPerSecond,
} from '../../kinesis/limits.ts';
import { TokenBucket } from './tokenBucket.ts';

/** Which of a shard's limits a put has met. */
export type PutRefusal = 'bytes' | 'records';

const second = { perSecond: shardBytesInPerSecond, capacity: shardBytesInPerSecond };
const tank = { perSecond: shardBytesInPerSecond, capacity: largeRecordTankBytes };
const records = { perSecond: shardRecordsInPerSecond, capacity: shardRecordsInPerSecond };

/**
 * Records up to 1 MiB see a bucket of one second. Larger ones are served by a tank of 10 MiB that the
 * small ones draw on too, so that no time of t seconds admits more than 10 + t MiB; a large record leaves
 * nothing of the second it came in. @source guessed: how bucket and tank go together.
 */
export class WriteLimit {
  private readonly second: TokenBucket;
  private readonly tank: TokenBucket;
  private readonly records: TokenBucket;

  constructor(nowMs: number) {
    this.second = new TokenBucket(second, nowMs);
    this.tank = new TokenBucket(tank, nowMs);
    this.records = new TokenBucket(records, nowMs);
  }

  /** Takes a record of `bytes` (data and partition key), or says why not and takes nothing. */
  admit(bytes: number, nowMs: number): PutRefusal | undefined {
    const bucket = bytes <= recordBytesDefaultMax ? this.second : this.tank;
    if (!bucket.has(bytes, nowMs)) return 'bytes';
    if (!this.records.has(1, nowMs)) return 'records';
    const other = bucket === this.second ? this.tank : this.second;
    other.has(0, nowMs);
    this.second.drain(bytes);
    this.tank.take(bytes);
    this.records.take(1);
    return undefined;
  }
}
