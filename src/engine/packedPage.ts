/** The records of a page of the log as they lie there, for who writes them out. */
import type { OutputRecords, PackedRecord } from '../kinesis/packedOutput.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import { visitEntries } from './log/decodeRun.ts';
import type { LogPage } from './log/log.ts';
import { dataStart, keyAt, keyLengthAt } from './recordBytes.ts';
import { recordsOf } from './recordPage.ts';
import { sealedFlag } from './sealedRecords.ts';
import { recordSeconds } from './shardView.ts';
import type { ShardEntry } from './streamEntry.ts';

const nothing = new Uint8Array(0);

export class PackedPage implements OutputRecords {
  readonly shard: ShardEntry;
  readonly count: number;
  readonly dataBytes: number;
  readonly keyBytes: number;
  /** A record of it lies sealed: then nothing of this page is right but its count. */
  readonly hasSealed: boolean;
  /** A record of it has no partition key, which who writes from where records lie does not know. */
  readonly hasKeyless: boolean;
  private readonly page: LogPage;

  constructor(page: LogPage, shard: ShardEntry) {
    this.page = page;
    this.shard = shard;
    this.count = page.count;
    let [dataBytes, keyBytes, flags, keyMin] = [0, 0, 0, 1];
    for (const part of page.parts) {
      const { bytes } = part;
      visitEntries(part, ({ start, end }) => {
        flags |= bytes[start]!;
        const keyLength = keyLengthAt(bytes, start);
        keyBytes += keyLength;
        if (keyLength < keyMin) keyMin = keyLength;
        dataBytes += end - dataStart(bytes, start);
      });
    }
    this.dataBytes = dataBytes;
    this.keyBytes = keyBytes;
    this.hasSealed = (flags & sealedFlag) !== 0;
    this.hasKeyless = keyMin === 0;
  }

  visit(visitor: (record: PackedRecord) => void): void {
    const { shard, page } = this;
    const record = emptyRecord();
    for (const part of page.parts) {
      const { bytes } = part;
      record.bytes = bytes;
      visitEntries(part, ({ key, timeMs, start, end }) => {
        record.keyStart = start + keyAt;
        record.keyEnd = record.keyStart + keyLengthAt(bytes, start);
        record.dataStart = dataStart(bytes, start);
        record.dataEnd = end;
        record.index = key;
        if (timeMs !== record.arrivalMs) {
          record.arrivalMs = timeMs;
          record.seconds = recordSeconds(shard, timeMs);
        }
        visitor(record);
      });
    }
  }

  unpack(): KinesisRecord[] {
    return recordsOf(this.page.entries, this.shard);
  }

  release(): void {
    this.page.release();
  }
}

const emptyRecord = (): PackedRecord => ({
  bytes: nothing,
  keyStart: 0,
  keyEnd: 0,
  dataStart: 0,
  dataEnd: 0,
  arrivalMs: Number.NaN,
  index: 0,
  seconds: 0,
});
