/**
 * The answer to packed records that were all stored: where they went. Whoever asks for AWS's members has them
 * made; who writes them as text needs no object for each.
 */

import { NumberSeries, numberLength, printShardDigits } from './numberSeries.ts';
import type { PutRecordsResultEntry } from './operations/putRecords.ts';

/** What the numbers and the answers of a shard's records share. */
export interface PlacedShard {
  readonly id: string;
  /** The number in the id. */
  readonly index: number;
  /** For NumberSeries. */
  readonly seriesPart: Int32Array;
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

  /**
   * Writes the digits of each record's number and, unless it is undefined, of its shard's id; the first
   * record's begin at `number` and `id`, every other one's `stride` bytes behind those of the one before.
   */
  print(bytes: Uint8Array, at: { number: number; id: number | undefined; stride: number }): void {
    const { shards, firstKey, timeMs } = this;
    const { id, stride } = at;
    const into = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let seconds = shards[0]!.secondsAt(timeMs);
    let series = new NumberSeries({ key: firstKey, seconds });
    for (let record = 0; record < shards.length; record++) {
      const shard = shards[record]!;
      if (shard.secondsAt(timeMs) !== seconds) {
        seconds = shard.secondsAt(timeMs);
        series = new NumberSeries({ key: firstKey + record, seconds });
      }
      const behind = record * stride;
      series.print(shard.seriesPart, { into, at: at.number + behind });
      if (id !== undefined) printShardDigits(shard.index, { into, at: id + behind });
      series.next();
    }
  }

  private made(): PutRecordsResultEntry[] {
    const bytes = new Uint8Array(this.shards.length * numberLength);
    this.print(bytes, { number: 0, id: undefined, stride: numberLength });
    const digits = new TextDecoder().decode(bytes);
    return this.shards.map(({ id }, record) => {
      const at = record * numberLength;
      return { SequenceNumber: digits.slice(at, at + numberLength), ShardId: id };
    });
  }
}
