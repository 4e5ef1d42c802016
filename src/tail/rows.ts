/** From held rows to what a page and a record view show. */
import type { Decoder } from '../decode/decoder.ts';
import { deaggregate } from '../decode/kplAggregate.ts';
import { hashKeyOf } from '../kinesis/hashKey.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import type * as Protocol from '../protocol/tail.ts';
import type { TextFilter } from '../query/textFilter.ts';
import type { HeldRecord, HeldRow, RecordContent } from './rowStore.ts';
import type { ShardEntry } from './shardTable.ts';

/** The protocol's bounds; the compiler keeps the first two equal. */
const previewCharactersMax: typeof Protocol.previewCharactersMax = 512;
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
  readonly filter: TextFilter;
  readonly decoder: Decoder;
}

export function recordRow(
  position: number,
  { row, look }: { row: HeldRecord; look: RowLook },
): Protocol.RecordRow {
  const { data, ...rest } = row;
  const { text: preview, isCut, format } = look.decoder.preview(data, previewCharactersMax);
  const matches = look.filter.spans(preview);
  return { ...rest, position, size: data.length, preview, isCut, format, matches };
}

export function tailRow(
  position: number,
  { row, look }: { row: HeldRow; look: RowLook },
): Protocol.TailRow {
  return row.kind === 'event' ? { ...row, position } : recordRow(position, { row, look });
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
