/** From records to held rows, and from held rows to what a page and a record view show. */
import type { Decoder } from '../decode/decoder.ts';
import { hashKeyOf } from '../kinesis/hashKey.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import type * as Protocol from '../protocol/tail.ts';
import type { Query } from '../query/query.ts';
import type { HeldRecord, HeldRow } from './ring.ts';
import type { ShardEntry } from './shardTable.ts';

/** The protocol's bounds; the compiler keeps the first two equal. */
const previewCharactersMax: typeof Protocol.previewCharactersMax = 512;
export const pageRowsMax: typeof Protocol.pageRowsMax = 200;
export const decodedCharactersMax = 2 * 1024 * 1024;
export const rawBytesMax = 256 * 1024;

export function heldRecord(
  shardId: string,
  { record, decoder }: { record: KinesisRecord; decoder: Decoder },
): HeldRecord {
  const data = owned(record.Data);
  const { text, isCut, format } = decoder.preview(data, previewCharactersMax);
  return {
    kind: 'record',
    shardId,
    // The SDK leaves the member out when there is none.
    partitionKey: record.PartitionKey ?? '',
    sequenceNumber: record.SequenceNumber,
    arrivedMs: record.ApproximateArrivalTimestamp?.getTime() ?? 0,
    data,
    preview: text,
    isCut,
    format,
  };
}

/** A copy when `data` is a small part of a large buffer that it would keep alive. */
function owned(data: Uint8Array): Uint8Array {
  const whole = data.buffer.byteLength;
  return whole > 65_536 && whole > 4 * data.byteLength ? new Uint8Array(data) : data;
}

export function recordRow(
  position: number,
  { row, filter }: { row: HeldRecord; filter: Query },
): Protocol.RecordRow {
  const { data, ...rest } = row;
  return { ...rest, position, size: data.length, matches: filter.spans(row.preview) };
}

export function tailRow(
  position: number,
  { row, filter }: { row: HeldRow; filter: Query },
): Protocol.TailRow {
  return row.kind === 'event' ? { ...row, position } : recordRow(position, { row, filter });
}

/** Everything about one record; `raw` has a buffer of its own, so that only it crosses threads. */
export function fullRecord(
  row: Protocol.RecordRow,
  { data, shard, decoder }: { data: Uint8Array; shard: ShardEntry | undefined; decoder: Decoder },
): Protocol.FullRecord {
  const decoded = decoder.full(data, decodedCharactersMax);
  return {
    row,
    startingHashKey: shard?.startingHashKey ?? '',
    endingHashKey: shard?.endingHashKey ?? '',
    hashKey: row.partitionKey && hashKeyOf(row.partitionKey).toString(),
    decoded: decoded.text,
    decodedIsCut: decoded.isCut,
    steps: decoded.steps,
    raw: new Uint8Array(data.subarray(0, rawBytesMax)),
  };
}
