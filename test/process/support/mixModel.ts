// What a mix of calls must have done: the model that every answer of the engine is compared with.
import { createHash } from 'node:crypto';
import { hashKeyOf } from '../../../src/kinesis/hashKey.ts';

/** Bytes that follow from a record's id, so that the model need not keep them. */
export function bytesOf(id: string, size: number): Buffer {
  return Buffer.alloc(size, createHash('sha256').update(id).digest());
}

interface Acknowledged {
  readonly id: string;
  readonly size: number;
  readonly shardId: string;
  readonly sequenceNumber: string;
}

export interface ModelShard {
  readonly id: string;
  readonly start: bigint;
  readonly end: bigint;
}

/** One stream of fixed shape: which records were acknowledged, and where each belongs. */
export class StreamModel {
  readonly name: string;
  readonly shards: readonly ModelShard[];
  private readonly sizes = new Map<string, number>();
  private readonly acknowledged = new Map<string, Acknowledged>();

  constructor(name: string, shards: readonly ModelShard[]) {
    this.name = name;
    this.shards = shards;
  }

  get recordCount(): number {
    return this.acknowledged.size;
  }

  /** The shard that a record with this partition key must land in. */
  shardOf(partitionKey: string): string {
    const key = hashKeyOf(partitionKey);
    return this.shards.find(({ start, end }) => start <= key && key <= end)!.id;
  }

  /** A record is on its way; readers may see it from now on. */
  sent(id: string, size: number): void {
    this.sizes.set(id, size);
  }

  /** Complaints about the answer to a put. */
  put(id: string, answer: { ShardId?: string; SequenceNumber?: string }): string[] {
    const { ShardId: shardId = '', SequenceNumber: sequenceNumber = '' } = answer;
    const wanted = this.shardOf(id);
    this.acknowledged.set(id, { id, size: this.sizes.get(id)!, shardId, sequenceNumber });
    if (shardId !== wanted) return [`${id} went to ${shardId} instead of ${wanted}`];
    return /^\d{50,60}$/.test(sequenceNumber) ? [] : [`${id} got number ${sequenceNumber}`];
  }

  /** Complaints about a page of records of one shard. */
  page(shardId: string, records: readonly ReadRecord[]): string[] {
    const complaints = records.flatMap((record) => this.record(shardId, record));
    for (let i = 1; i < records.length; i++) {
      const [before, after] = [records[i - 1]!, records[i]!];
      if (BigInt(before.SequenceNumber!) >= BigInt(after.SequenceNumber!)) {
        complaints.push(`${after.PartitionKey} is out of order in ${shardId}`);
      }
    }
    return complaints;
  }

  /** Complaints about everything that was read, all shards from their starts to their ends. */
  everything(read: ReadonlyMap<string, readonly ReadRecord[]>): string[] {
    const complaints: string[] = [];
    const seen = new Map<string, ReadRecord>();
    for (const [shardId, records] of read) {
      complaints.push(...this.page(shardId, records));
      for (const record of records) {
        if (seen.has(record.PartitionKey!))
          complaints.push(`${record.PartitionKey} is there twice`);
        seen.set(record.PartitionKey!, record);
      }
    }
    for (const { id, sequenceNumber } of this.acknowledged.values()) {
      const found = seen.get(id);
      if (!found) complaints.push(`${id} is lost`);
      else if (found.SequenceNumber !== sequenceNumber) complaints.push(`${id} changed its number`);
    }
    return complaints;
  }

  private record(shardId: string, { PartitionKey: id = '', Data }: ReadRecord): string[] {
    const size = this.sizes.get(id);
    if (size === undefined) return [`${id} was never sent`];
    const complaints: string[] = [];
    if (this.shardOf(id) !== shardId) complaints.push(`${id} was read from ${shardId}`);
    const isEqual = Data !== undefined && Buffer.compare(Data, bytesOf(id, size)) === 0;
    return isEqual ? complaints : [...complaints, `${id} has other bytes`];
  }
}

export interface ReadRecord {
  readonly PartitionKey?: string | undefined;
  readonly SequenceNumber?: string | undefined;
  readonly Data?: Uint8Array | undefined;
}
