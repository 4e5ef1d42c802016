/** A stream as plain lists: what was acknowledged, shard by shard in order. It knows no engine and no files. */

export interface ModelRecord {
  readonly key: string;
  readonly data: string;
  readonly number: string;
  /** Arrival. */
  readonly timeMs: number;
}

/** Where a reader begins in a shard. */
export type Start =
  | { readonly type: 'TRIM_HORIZON' | 'LATEST' }
  | { readonly type: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER'; readonly number: string }
  | { readonly type: 'AT_TIMESTAMP'; readonly timeMs: number };

export const RETENTION_MS = 24 * 3_600_000;

export class StreamModel {
  /** In the order of the acknowledgements, over all shards. */
  readonly acknowledged: ModelRecord[] = [];
  private readonly shards = new Map<string, ModelRecord[]>();

  add(shard: string, record: ModelRecord): void {
    this.acknowledged.push(record);
    this.recordsOf(shard).push(record);
  }

  recordsOf(shard: string): ModelRecord[] {
    let records = this.shards.get(shard);
    if (!records) {
      records = [];
      this.shards.set(shard, records);
    }
    return records;
  }

  /** How many records of the shard lie before a reader that begins there. */
  from(shard: string, start: Start): number {
    const records = this.recordsOf(shard);
    const first = records.findIndex((record) => isAtOrAfter(record, start));
    return first < 0 ? records.length : first;
  }

  /** The records of a shard from its `position`th on that have not expired. */
  readable(shard: string, { position, nowMs }: { position: number; nowMs: number }): ModelRecord[] {
    return this.recordsOf(shard)
      .slice(position)
      .filter(({ timeMs }) => timeMs >= nowMs - RETENTION_MS);
  }
}

function isAtOrAfter(record: ModelRecord, start: Start): boolean {
  switch (start.type) {
    case 'TRIM_HORIZON':
      return true;
    case 'LATEST':
      return false;
    case 'AT_SEQUENCE_NUMBER':
      return BigInt(record.number) >= BigInt(start.number);
    case 'AFTER_SEQUENCE_NUMBER':
      return BigInt(record.number) > BigInt(start.number);
    case 'AT_TIMESTAMP':
      return record.timeMs >= start.timeMs;
    default:
      return start satisfies never;
  }
}
