/** From held rows to what a page and a record view show. */
import type { Decoder } from '../decode/decoder.ts';
import { deaggregate } from '../decode/kplAggregate.ts';
import { hashKeyOf } from '../kinesis/hashKey.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import type * as Protocol from '../protocol/tail.ts';
import type { Span } from '../query/span.ts';
import type { HeldRow, RecordContent } from './rowStore.ts';
import type { ShardEntry } from './shardTable.ts';

/** The protocol's bounds; the compiler keeps the first two equal. */
export const previewCharactersMax: typeof Protocol.previewCharactersMax = 512;
export const pageRowsMax: typeof Protocol.pageRowsMax = 200;
export const decodedCharactersMax = 2 * 1024 * 1024;
export const rawBytesMax = 256 * 1024;

/** The rows that a record makes: one, or of an aggregate one for each record in it. */
export function recordsIn(record: KinesisRecord): RecordContent[] {
  const { SequenceNumber: sequenceNumber, Data: data } = record;
  const apart = deaggregate(data);
  if (apart.kind === 'aggregate') {
    return apart.records.map((one) => ({ ...one, sequenceNumber }));
  }
  // The SDK leaves the key out when there is none.
  return [{ sequenceNumber, partitionKey: record.PartitionKey ?? '', data }];
}

/** What rows are shown with. */
export interface RowLook {
  readonly decoder: Decoder;
  /** Where what is looked for occurs in each of these texts. */
  marksIn(texts: readonly string[]): readonly Span[][];
}

/** Rows as a page shows them, the first one at `position`. */
export function tailRows(
  position: number,
  { rows, look }: { rows: readonly HeldRow[]; look: RowLook },
): Protocol.TailRow[] {
  const shown = rows.map((row, index) => shownRow(position + index, { row, look }));
  const marks = look.marksIn(shown.map((row) => (row.kind === 'record' ? row.preview : '')));
  return shown.map((row, index) =>
    row.kind === 'record' ? { ...row, matches: marks[index] ?? [] } : row,
  );
}

function shownRow(
  position: number,
  { row, look }: { row: HeldRow; look: RowLook },
): Protocol.TailRow {
  if (row.kind === 'event') return { ...row, position };
  const { data, ...rest } = row;
  const { text: preview, isCut, format } = look.decoder.preview(data, previewCharactersMax);
  return { ...rest, position, size: data.length, preview, isCut, format, matches: [] };
}

/** Everything about one record; `raw` has a buffer of its own, so that only it crosses threads. */
export function fullRecord(
  row: Protocol.RecordRow,
  { data, shard, decoder }: { data: Uint8Array; shard: ShardEntry | undefined; decoder: Decoder },
): Protocol.FullRecord {
  const decoded = decoder.full(data, decodedCharactersMax);
  return {
    row: { ...row, format: decoded.format },
    startingHashKey: shard?.startingHashKey ?? '',
    endingHashKey: shard?.endingHashKey ?? '',
    hashKey: row.partitionKey && hashKeyOf(row.partitionKey).toString(),
    decoded: decoded.text,
    decodedIsCut: decoded.isCut,
    steps: [...aggregateStep(row), ...decoded.steps],
    raw: new Uint8Array(data.subarray(0, rawBytesMax)),
  };
}

function aggregateStep({ subSequenceNumber }: Protocol.RecordRow): Protocol.DecodeStep[] {
  if (subSequenceNumber === undefined) return [];
  const why = `record ${subSequenceNumber + 1} of an aggregate, whose MD5 matches`;
  return [{ decoder: 'kpl', outcome: 'read', why }];
}
