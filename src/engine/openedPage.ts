/** The records of a page of which some lie sealed in the log: opened, and then like those of any other page. */
import type { OutputRecords, PackedRecord } from '../kinesis/packedOutput.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import { dataStart, keyLength } from './recordBytes.ts';
import { recordsOf } from './recordPage.ts';
import type { OpenedEntry } from './sealedRecords.ts';
import type { ShardEntry } from './streamEntry.ts';
import { VisitedRecord } from './visitedRecord.ts';

export class OpenedPage implements OutputRecords {
  readonly shard: ShardEntry;
  readonly count: number;
  readonly dataBytes: number;
  readonly keyBytes: number;
  private readonly entries: readonly OpenedEntry[];

  constructor(entries: readonly OpenedEntry[], shard: ShardEntry) {
    this.entries = entries;
    this.shard = shard;
    this.count = entries.length;
    let [dataBytes, keyBytes] = [0, 0];
    for (const { bytes } of entries) {
      keyBytes += keyLength(bytes);
      dataBytes += bytes.length - dataStart(bytes, 0);
    }
    this.dataBytes = dataBytes;
    this.keyBytes = keyBytes;
  }

  visit(visitor: (record: PackedRecord) => void): void {
    const record = new VisitedRecord(this.shard);
    for (const { key, timeMs, bytes, isSealed = false } of this.entries) {
      record.bytes = bytes;
      record.isEncrypted = isSealed;
      record.standFor({ key, timeMs, start: 0, end: bytes.length });
      visitor(record);
    }
  }

  unpack(): KinesisRecord[] {
    return recordsOf(this.entries, this.shard);
  }

  /** Plain records among them are views of the page's memory, which is not used again. */
  release(): void {}
}
