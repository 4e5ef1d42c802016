/** What tests of imports share: files in memory, an engine to import into, and what it holds afterwards. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { targetIn } from '../../../src/cli/importFile.ts';
import {
  type ImportFile,
  type ImportOptions,
  type ImportOutcome,
  type ImportTarget,
  importKinesisLocal,
} from '../../../src/migrate/importKinesisLocal.ts';
import type { ControlledBench } from '../../engine/support/controlledBench.ts';

const folder = path.join(import.meta.dirname, '../../fixtures/kinesis-local-0.6.2');

/** What kinesis-local 0.6.2 wrote; test/tools/makeKinesisLocalFixture.ts made it. */
export const fixture = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

/** What it answered about the same streams when it had written kinesis-data.json. */
export interface Answers {
  readonly shards: readonly {
    readonly ShardId: string;
    readonly HashKeyRange: object;
    readonly ParentShardId: string | null;
    readonly AdjacentParentShardId: string | null;
    readonly SequenceNumberRange: {
      readonly StartingSequenceNumber: string;
      readonly EndingSequenceNumber: string | null;
    };
  }[];
  readonly records: Readonly<
    Record<
      string,
      readonly {
        readonly ApproximateArrivalTimestamp: number;
        readonly Data: string;
        readonly PartitionKey: string;
        readonly SequenceNumber: string;
        readonly EncryptionType: string;
      }[]
    >
  >;
  readonly summary: { readonly StreamDescriptionSummary: Readonly<Record<string, unknown>> };
  readonly tags: { readonly Tags: readonly object[] };
  readonly consumers: {
    readonly Consumers: readonly { readonly ConsumerName: string; readonly ConsumerARN: string }[];
  };
}

export const expected = JSON.parse(fixture('expected.json')) as {
  readonly endedMs: number;
  readonly orders: Answers;
  readonly clicks: Answers;
};

/** A file in memory that notes the most that was asked for at once. */
export class TestFile implements ImportFile {
  private bytes: Uint8Array;
  /** Bytes of the largest read. */
  largestRead = 0;
  reads = 0;
  isChanged = false;

  constructor(content: string | Uint8Array) {
    this.bytes = typeof content === 'string' ? Buffer.from(content) : content;
  }

  get size(): number {
    return this.bytes.length;
  }

  write(content: string): void {
    this.bytes = Buffer.from(content);
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    const part = this.bytes.subarray(position, position + into.length);
    into.set(part);
    this.largestRead = Math.max(this.largestRead, part.length);
    this.reads += 1;
    return part.length;
  }

  hasChanged(): Promise<boolean> {
    return Promise.resolve(this.isChanged);
  }
}

export const targetOf = ({ controlled }: ControlledBench): ImportTarget =>
  targetIn(controlled.imports);

export const importInto = (
  bench: ControlledBench,
  content: string | TestFile,
  options: ImportOptions = {},
): Promise<ImportOutcome> => {
  const file = typeof content === 'string' ? new TestFile(content) : content;
  return importKinesisLocal(file, { ...options, target: targetOf(bench) });
};

/** Every record of a stream, shard by shard, as GetRecords gives it from TRIM_HORIZON. */
export async function recordsOf(bench: ControlledBench, StreamName: string) {
  const all: Record<string, object[]> = {};
  const { Shards = [] } = await bench.api.listShards({ StreamName });
  for (const { ShardId } of Shards) {
    const from = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
    let { ShardIterator } = await bench.api.getShardIterator(from);
    all[ShardId] = [];
    while (ShardIterator) {
      const page = await bench.api.getRecords({ ShardIterator, Limit: 7 });
      for (const record of page.Records) {
        all[ShardId].push({
          ApproximateArrivalTimestamp: record.ApproximateArrivalTimestamp!.getTime() / 1000,
          Data: Buffer.from(record.Data).toString('base64'),
          EncryptionType: record.EncryptionType ?? 'NONE',
          PartitionKey: record.PartitionKey,
          SequenceNumber: record.SequenceNumber,
        });
      }
      ShardIterator = page.Records.length > 0 ? page.NextShardIterator : undefined;
    }
  }
  return all;
}
