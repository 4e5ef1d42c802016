/** The one object that stands for each record of a page in turn, for who writes them out. */
import type { PackedRecord } from '../kinesis/packedOutput.ts';
import { recordSeconds } from '../kinesis/recordNumbers.ts';
import { dataStart, keyAt, keyLengthAt } from './recordBytes.ts';
import type { ShardEntry } from './streamEntry.ts';

export class VisitedRecord implements PackedRecord {
  bytes: Uint8Array = new Uint8Array(0);
  keyStart = 0;
  keyEnd = 0;
  dataStart = 0;
  dataEnd = 0;
  arrivalMs = Number.NaN;
  index = 0;
  seconds = 0;
  isEncrypted = false;
  private readonly shard: ShardEntry;

  constructor(shard: ShardEntry) {
    this.shard = shard;
  }

  /** Stands for the record from `start` to `end` in `bytes`. */
  standFor(of: { key: number; timeMs: number; start: number; end: number }): void {
    const { bytes } = this;
    const { key, timeMs, start, end } = of;
    this.keyStart = start + keyAt;
    this.keyEnd = this.keyStart + keyLengthAt(bytes, start);
    this.dataStart = dataStart(bytes, start);
    this.dataEnd = end;
    this.index = key;
    if (timeMs === this.arrivalMs) return;
    this.arrivalMs = timeMs;
    this.seconds = recordSeconds(this.shard, timeMs);
  }
}
