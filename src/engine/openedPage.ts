/**
 * The records of a page of which some lie sealed in the log, or have no partition key: opened, and objects when
 * asked for.
 */
import type { OutputRecords } from '../kinesis/packedOutput.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import { dataStart, keyLength } from './recordBytes.ts';
import { recordsOf } from './recordPage.ts';
import type { OpenedEntry } from './sealedRecords.ts';
import type { ShardEntry } from './streamEntry.ts';

/** What is asked of a page's records, whether or not they can be written from where they lie. */
export type PageRecords = Omit<OutputRecords, 'shard' | 'visit'>;

export class OpenedPage implements PageRecords {
  readonly count: number;
  readonly dataBytes: number;
  readonly keyBytes: number;
  private readonly entries: readonly OpenedEntry[];
  private readonly shard: ShardEntry;

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

  unpack(): KinesisRecord[] {
    return recordsOf(this.entries, this.shard);
  }

  /** Plain records among them are views of the page's memory, which is not used again. */
  release(): void {}
}
