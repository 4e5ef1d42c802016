/**
 * The answer to packed records that were all stored: where they went. Whoever asks for AWS's members has them
 * made; who writes them as text needs no object for each.
 */
import type { PutRecordsResultEntry } from './operations/putRecords.ts';
import { NumberSeries, numberLength } from './recordNumbers.ts';

/** What the numbers and the answers of a shard's records share. */
export interface PlacedShard {
  readonly id: string;
  /** Its characters. */
  readonly idBytes: Uint8Array;
  /** For NumberSeries. */
  readonly numberPart: readonly number[];
  /** The second in the number of a record that arrived at `timeMs`. */
  secondsAt(timeMs: number): number;
}

interface Placed {
  /** Of each record, in their order. */
  readonly shards: readonly PlacedShard[];
  /** Of the first; the others follow it. */
  readonly firstKey: number;
  /** Arrival, milliseconds since 1970. */
  readonly timeMs: number;
}

export class PlacedRecords {
  readonly FailedRecordCount = 0;
  readonly shards: readonly PlacedShard[];
  private readonly firstKey: number;
  private readonly timeMs: number;
  private entries: PutRecordsResultEntry[] | undefined;

  constructor({ shards, firstKey, timeMs }: Placed) {
    this.shards = shards;
    this.firstKey = firstKey;
    this.timeMs = timeMs;
  }

  get EncryptionType(): undefined {
    return undefined;
  }

  get Records(): PutRecordsResultEntry[] {
    this.entries ??= this.made();
    return this.entries;
  }

  /** Writes each record's number, `numberLength` digits, where `placeOf` says. */
  printNumbers(into: Uint8Array, placeOf: (record: number) => number): void {
    const { shards, firstKey, timeMs } = this;
    let seconds = shards[0]!.secondsAt(timeMs);
    let series = new NumberSeries({ key: firstKey, seconds });
    for (let record = 0; record < shards.length; record++) {
      const shard = shards[record]!;
      if (shard.secondsAt(timeMs) !== seconds) {
        seconds = shard.secondsAt(timeMs);
        series = new NumberSeries({ key: firstKey + record, seconds });
      }
      series.print(shard.numberPart, { into, at: placeOf(record) });
      series.next();
    }
  }

  private made(): PutRecordsResultEntry[] {
    const bytes = new Uint8Array(this.shards.length * numberLength);
    this.printNumbers(bytes, (record) => record * numberLength);
    const digits = new TextDecoder().decode(bytes);
    return this.shards.map(({ id }, record) => {
      const at = record * numberLength;
      return { SequenceNumber: digits.slice(at, at + numberLength), ShardId: id };
    });
  }
}
