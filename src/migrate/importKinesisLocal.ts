/**
 * Brings the streams of a file of kinesis-local into an engine: all of them, or none. The file is looked
 * through first, and read a second time for its records; both times a piece is in memory.
 */
import {
  type ImportedCount,
  type ImportedRecord,
  type ImportPlan,
  importedIndexMax,
  importedRecordsMax,
  type RecordBatch,
} from '../admin/streamImport.ts';
import { recordNumber } from '../kinesis/recordNumbers.ts';
import { parseSequenceNumber } from '../kinesis/sequenceNumber.ts';
import { FileMistake } from './fileMistake.ts';
import type { FileBytes } from './jsonCursor.ts';
import { type KeptStream, surveyKinesisLocal } from './kinesisLocalFile.ts';
import { mergedRecords, type PlacedRecord } from './recordMerge.ts';

/** An engine, here or behind its admin routes; the data of records are base64. */
export interface ImportTarget {
  beginImport(plan: ImportPlan): Promise<{ readonly id: string }>;
  addRecords(batch: RecordBatch<string>): Promise<void>;
  finishImport(id: string): Promise<{ readonly imported: readonly ImportedCount[] }>;
  cancelImport(id: string): Promise<void>;
}

export interface ImportOptions {
  /** Of every stream, instead of its own. */
  readonly retentionHours?: number | undefined;
  /** Records past the retention are left out; otherwise they prevent the import. */
  readonly skipExpired?: boolean | undefined;
  /** Ends the import, as long as it is not finished; nothing is left of it then. */
  readonly signal?: AbortSignal | undefined;
  onProgress?(progress: ImportProgress): void;
}

export interface ImportProgress {
  /** Bytes of the file that were looked at, or records that were stored. */
  readonly what: 'bytes' | 'records';
  readonly done: number;
  readonly of: number;
}

export interface ImportedResult extends ImportedCount {
  /** Records whose sequence numbers are others than in the file. */
  readonly renumbered: number;
}

export interface ImportOutcome {
  readonly imported: readonly ImportedResult[];
  /** Streams of the file that were being deleted, and were left out. */
  readonly deleting: readonly string[];
}

/** Records of one request: as many as these bytes of the file hold, and one at least. */
const batchBytesMax = 1024 ** 2;
/** A sequence number with a higher index is not kept: the numbers to come need room above it. */
const indexMax = importedIndexMax / 2;

/** A file that can be looked at for whether it is still what it was. */
export interface ImportFile extends FileBytes {
  hasChanged(): Promise<boolean>;
}

/** Rejects with FileMistake, or with what the engine refuses; then nothing has changed. */
export async function importKinesisLocal(
  file: ImportFile,
  { target, ...options }: ImportOptions & { target: ImportTarget },
): Promise<ImportOutcome> {
  const { signal, onProgress, retentionHours, skipExpired } = options;
  const onBytes = (done: number) => onProgress?.({ what: 'bytes', done, of: file.size });
  const { streams, deleting } = await surveyKinesisLocal(file, { signal, onBytes });
  if (streams.length === 0) return { imported: [], deleting };
  const specs = streams.map(({ spec }) =>
    retentionHours === undefined ? spec : { ...spec, retentionHours },
  );
  const { id } = await target.beginImport({ streams: specs, skipExpired });
  try {
    const renumbered = await new Transfer(file, { target, id, options }).run(streams);
    if (await file.hasChanged()) throw new FileMistake(changed);
    const { imported } = await target.finishImport(id);
    return {
      imported: imported.map((count, place) => ({ ...count, renumbered: renumbered[place]! })),
      deleting,
    };
  } catch (thrown) {
    await target.cancelImport(id).catch(() => undefined); // it may be the engine that is gone
    // What was right in the first reading and is wrong in the second one.
    throw thrown instanceof FileMistake ? new FileMistake(changed) : thrown;
  }
}

const changed =
  'it was changed while it was being read. End kinesis-local first, or copy the file.';

class Transfer {
  private readonly file: FileBytes;
  private readonly target: ImportTarget;
  private readonly id: string;
  private readonly options: ImportOptions;
  private done = 0;
  private of = 0;

  constructor(
    file: FileBytes,
    parts: { target: ImportTarget; id: string; options: ImportOptions },
  ) {
    this.file = file;
    this.target = parts.target;
    this.id = parts.id;
    this.options = parts.options;
  }

  /** Resolves to how many records of each stream have other numbers than in the file. */
  async run(streams: readonly KeptStream[]): Promise<number[]> {
    this.of = streams.reduce((sum, { recordCount }) => sum + recordCount, 0);
    const renumbered: number[] = [];
    for (const [place, stream] of streams.entries()) {
      renumbered.push(await this.stream(place, stream));
    }
    return renumbered;
  }

  private async stream(place: number, { records: lists }: KeptStream): Promise<number> {
    const numbering = new Numbering();
    let records: ImportedRecord<string>[] = [];
    let bytes = 0;
    for await (const placed of mergedRecords(this.file, lists)) {
      const isFull = bytes + placed.length > batchBytesMax || records.length === importedRecordsMax;
      if (isFull && records.length > 0) {
        await this.send(place, records);
        records = [];
        bytes = 0;
      }
      records.push(numbering.next(placed));
      bytes += placed.length;
    }
    if (records.length > 0) await this.send(place, records);
    return numbering.renumbered;
  }

  private async send(stream: number, records: readonly ImportedRecord<string>[]): Promise<void> {
    this.options.signal?.throwIfAborted();
    await this.target.addRecords({ id: this.id, stream, records });
    this.done += records.length;
    this.options.onProgress?.({ what: 'records', done: this.done, of: this.of });
  }
}

/** Gives each record of a stream the number it has, or the next one where it cannot keep it. */
class Numbering {
  renumbered = 0;
  private readonly lastIndexes = new Map<number, number>();
  private lastMs = 0;

  next({ shard, record }: PlacedRecord): ImportedRecord<string> {
    const { sequenceNumber, partitionKey, data, encrypted } = record;
    const last = this.lastIndexes.get(shard.index) ?? 0;
    const told = Number(parseSequenceNumber(sequenceNumber)?.index ?? 0n);
    const index = told > last && told <= indexMax ? told : last + 1;
    this.lastIndexes.set(shard.index, index);
    // A clock that was set back: a stream's time never falls.
    this.lastMs = Math.max(this.lastMs, record.timeMs);
    const number = recordNumber(shard, { key: index, timeMs: this.lastMs });
    if (number !== sequenceNumber) this.renumbered += 1;
    const place = { shard: shard.index, index, timeMs: this.lastMs };
    return { ...place, partitionKey, data, ...(encrypted && { encrypted }) };
  }
}
