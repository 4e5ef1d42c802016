/** The records of a page of the log as they lie there, for who writes them out. */
import type { OutputRecords, PackedRecord } from '../kinesis/packedOutput.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import { visitEntries } from './log/decodeRun.ts';
import type { LogPage } from './log/log.ts';
import { dataStart, keyLengthAt } from './recordBytes.ts';
import { recordsOf } from './recordPage.ts';
import { sealedFlag } from './sealedRecords.ts';
import type { ShardEntry } from './streamEntry.ts';
import { VisitedRecord } from './visitedRecord.ts';

export class PackedPage implements OutputRecords {
  readonly shard: ShardEntry;
  readonly count: number;
  readonly dataBytes: number;
  readonly keyBytes: number;
  /** A record of it lies sealed: then nothing of this page is right but its count. */
  readonly hasSealed: boolean;
  private readonly page: LogPage;

  constructor(page: LogPage, shard: ShardEntry) {
    this.page = page;
    this.shard = shard;
    this.count = page.count;
    let [dataBytes, keyBytes, flags] = [0, 0, 0];
    for (const part of page.parts) {
      const { bytes } = part;
      visitEntries(part, ({ start, end }) => {
        flags |= bytes[start]!;
        keyBytes += keyLengthAt(bytes, start);
        dataBytes += end - dataStart(bytes, start);
      });
    }
    this.dataBytes = dataBytes;
    this.keyBytes = keyBytes;
    this.hasSealed = (flags & sealedFlag) !== 0;
  }

  visit(visitor: (record: PackedRecord) => void): void {
    const { shard, page } = this;
    const record = new VisitedRecord(shard);
    for (const part of page.parts) {
      record.bytes = part.bytes;
      visitEntries(part, (entry) => {
        record.standFor(entry);
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
