/** One shard's limits and counters. It says what a limit says; whether that is enforced the caller decides. */
import type { Moment } from './moment.ts';
import { ReadLimit, type ReadRefusal } from './readLimit.ts';
import { columns, type RowBudget, SecondsRing } from './secondsRing.ts';
import { TopCallers } from './topCallers.ts';
import { type PutRefusal, WriteLimit } from './writeLimit.ts';

/** The size of an answer of GetRecords. */
export interface ReadAnswer {
  readonly records: number;
  /** Data and partition keys. */
  readonly bytes: number;
  /** What it costs of the shard's 2 MiB a second; 0 for an answer that AWS would have refused. */
  readonly chargedBytes: number;
  /** Age of the last record, milliseconds; undefined for an answer without records. */
  readonly iteratorAgeMs: number | undefined;
}

export class ShardMeter {
  readonly ring: SecondsRing;
  readonly callers = new TopCallers();
  private readonly writes: WriteLimit;
  private readonly reads: ReadLimit;
  private demandBytes = 0;
  private demandRecords = 0;

  constructor(nowMs: number, budget: RowBudget) {
    this.ring = new SecondsRing(budget);
    this.writes = new WriteLimit(nowMs);
    this.reads = new ReadLimit(nowMs);
  }

  /** A record of `bytes` that is to be stored; the answer is the limit AWS refuses it for. */
  put(bytes: number, moment: Moment): PutRefusal | undefined {
    const { second, limits } = moment;
    const refusal = limits === 'off' ? undefined : this.writes.admit(bytes, moment.nowMs);
    if (refusal === undefined) {
      this.demandBytes += bytes;
      this.demandRecords += 1;
    } else {
      this.ring.add(second, limits === 'aws' ? columns.putsThrottled : columns.putsOverLimit);
      if (limits === 'aws') return refusal;
    }
    this.ring.addRecord(second, bytes);
    this.callers.noteIn(moment, bytes);
    return refusal;
  }

  /** A call of GetRecords; the answer is the limit AWS refuses it for. */
  read(moment: Moment): ReadRefusal | undefined {
    const { nowMs, second, limits } = moment;
    const refusal = limits === 'off' ? undefined : this.reads.admitRead(nowMs);
    this.ring.add(second, columns.reads);
    if (refusal !== undefined) this.noteRefusedRead(moment);
    return refusal;
  }

  /** A call of GetShardIterator; false: AWS refuses it. */
  iterator(moment: Moment): boolean {
    // A row without a count: the shard is in use.
    this.ring.add(moment.second, columns.reads, 0);
    if (moment.limits === 'off' || this.reads.admitIterator(moment.nowMs)) return true;
    this.noteRefusedRead(moment);
    return false;
  }

  /** What a call of GetRecords was given. */
  answered(answer: ReadAnswer, moment: Moment): void {
    const { second, nowMs } = moment;
    this.reads.charge(answer.chargedBytes, nowMs);
    this.ring.add(second, columns.recordsOut, answer.records);
    this.ring.add(second, columns.bytesOut, answer.bytes);
    const { iteratorAgeMs } = answer;
    if (iteratorAgeMs !== undefined)
      this.ring.raise(second, columns.iteratorAge, iteratorAgeMs + 1);
    this.callers.noteOut(moment, answer.bytes);
  }

  /** Bytes and records within the limits since this was last asked. */
  takeDemand(): { bytes: number; records: number } {
    const demand = { bytes: this.demandBytes, records: this.demandRecords };
    this.demandBytes = 0;
    this.demandRecords = 0;
    return demand;
  }

  private noteRefusedRead({ second, limits }: Moment): void {
    this.ring.add(second, limits === 'aws' ? columns.readsThrottled : columns.readsOverLimit);
  }
}
