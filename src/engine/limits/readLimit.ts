/** What one shard gives in a second to all who poll it. Decides and takes; counts nothing. */
import {
  readPenaltyMs,
  shardBytesOutPerSecond,
  shardIteratorsPerSecond,
  shardReadsPerSecond,
} from '../../kinesis/limits.ts';
import { TokenBucket } from './tokenBucket.ts';

/** Which limit GetRecords has met; `penalty`: a call of the last second had met one. */
export type ReadRefusal = 'calls' | 'bytes' | 'penalty';

const calls = { perSecond: shardReadsPerSecond, capacity: shardReadsPerSecond };
const bytes = { perSecond: shardBytesOutPerSecond, capacity: shardBytesOutPerSecond };
const iterators = { perSecond: shardIteratorsPerSecond, capacity: shardIteratorsPerSecond };

/**
 * GetRecords: five calls a second and 2 MiB a second. An answer is admitted before its size is known and
 * may overdraw; one of more than 2 MiB is paid in full from then on, so that 10 MiB cost five seconds.
 * After a throttled call all of the next second fail too; they do not prolong it, and neither is there
 * such a second for calls that fail while a large answer is paid.
 * @source documented; guessed: how the rules combine, and that failing does not prolong the penalty.
 */
export class ReadLimit {
  private readonly calls: TokenBucket;
  private readonly bytes: TokenBucket;
  private readonly iterators: TokenBucket;
  private penaltyUntilMs = Number.NEGATIVE_INFINITY;
  private paidAtMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: number) {
    this.calls = new TokenBucket(calls, nowMs);
    this.bytes = new TokenBucket(bytes, nowMs);
    this.iterators = new TokenBucket(iterators, nowMs);
  }

  /** Takes one call of GetRecords, or says why not. */
  admitRead(nowMs: number): ReadRefusal | undefined {
    if (nowMs < this.paidAtMs) return 'bytes';
    if (nowMs < this.penaltyUntilMs) return 'penalty';
    const refusal = this.lacking(nowMs);
    if (refusal) this.penaltyUntilMs = nowMs + readPenaltyMs;
    else this.calls.take(1);
    return refusal;
  }

  /** Charges an answer of `bytes` (data and partition keys) to the shard. */
  charge(byteCount: number, nowMs: number): void {
    this.bytes.refill(nowMs);
    if (byteCount > bytes.capacity) {
      this.bytes.owe(byteCount);
      this.paidAtMs = nowMs + (byteCount * 1000) / bytes.perSecond;
    } else {
      this.bytes.take(byteCount);
    }
  }

  /** Takes one call of GetShardIterator, or returns false. */
  admitIterator(nowMs: number): boolean {
    if (!this.iterators.has(1, nowMs)) return false;
    this.iterators.take(1);
    return true;
  }

  private lacking(nowMs: number): ReadRefusal | undefined {
    if (!this.calls.has(1, nowMs)) return 'calls';
    return this.bytes.has(0, nowMs) ? undefined : 'bytes';
  }
}
