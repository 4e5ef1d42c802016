/** From held rows to what a page and a record view show. */
import type { Decoder } from '../decode/decoder.ts';
import { deaggregate } from '../decode/kplAggregate.ts';
import { hashKeyOf } from '../kinesis/hashKey.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import type * as Protocol from '../protocol/tail.ts';
import type { ShownText } from '../query/marks.ts';
import type { Span } from '../query/span.ts';
import { type Masking, withheldWords } from './masking.ts';
import type { HeldRecord, HeldRow, RecordContent } from './rowStore.ts';
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

/** How many these are. */
export function rowCountOf({ Data }: KinesisRecord): number {
  const apart = deaggregate(Data);
  return apart.kind === 'aggregate' ? apart.records.length : 1;
}

/** What rows are shown with. */
export interface RowLook {
  readonly decoder: Decoder;
  /** Hides what is not to be seen; absent: nothing is hidden. */
  readonly masking?: Masking | undefined;
  /** Where what is looked for occurs in each of these texts. */
  marksIn(texts: readonly ShownText[]): readonly Span[][];
}

/** Rows as a page shows them, the first one at `position`. Marks are made after masking: they tell of nothing hidden. */
export function tailRows(
  position: number,
  { rows, look }: { rows: readonly HeldRow[]; look: RowLook },
): Protocol.TailRow[] {
  const read = rows.map((row, index) => shownRow(position + index, { row, look }));
  const shown = look.masking?.isOn ? maskedRows(read, look.masking) : read;
  const marks = look.marksIn(shown.flatMap(textsOf));
  let at = 0;
  return shown.map((row) => {
    if (row.kind === 'event') return row;
    return { ...row, matches: marks[at++] ?? [], keyMatches: marks[at++] ?? [] };
  });
}

/** Two of each record. */
function textsOf(row: Protocol.TailRow): ShownText[] {
  if (row.kind === 'event') return [];
  return [
    { text: row.preview, where: 'value' },
    { text: row.partitionKey, where: 'key' },
  ];
}

function shownRow(
  position: number,
  { row, look }: { row: HeldRow; look: RowLook },
): Protocol.TailRow {
  if (row.kind === 'event') return { ...row, position };
  const { data, ...rest } = row;
  const max = previewCharactersMax + (look.masking?.marginCharacters ?? 0);
  const { text: preview, isCut, format } = look.decoder.preview(data, max);
  const marks = { matches: [], keyMatches: [] };
  return { ...rest, position, size: data.length, preview, isCut, format, ...marks };
}

function maskedRows(rows: readonly Protocol.TailRow[], masking: Masking): Protocol.TailRow[] {
  const records = rows.filter((row) => row.kind === 'record');
  const texts = records.map(({ partitionKey, preview: text, format }) => ({
    partitionKey,
    preview: { text, format },
  }));
  const masked = masking.rows(texts, previewCharactersMax);
  let next = 0;
  return rows.map((row) => {
    if (row.kind !== 'record') return row;
    const { partitionKey, preview, isKeyMasked } = masked[next++]!;
    const isCut = row.isCut || row.preview.length > previewCharactersMax;
    const isMasked = isKeyMasked || preview.isMasked;
    return { ...row, partitionKey, preview: preview.text, isCut, ...(isMasked && { isMasked }) };
  });
}

export interface RecordParts {
  readonly record: HeldRecord;
  readonly shard: ShardEntry | undefined;
  readonly look: RowLook;
  /** All of its bytes are wanted, and not the first ones alone. */
  readonly isWhole?: boolean;
}

/** In decoded text, so many marks are told; the rest of it goes without. */
export const decodedMatchesMax = 2000;

/** Everything about one record; `raw` has a buffer of its own, so that only it crosses threads. */
export function fullRecord(
  row: Protocol.RecordRow,
  { record, shard, look, isWhole = false }: RecordParts,
): Protocol.FullRecord {
  const { data, partitionKey } = record;
  const max = decodedCharactersMax;
  const decoded = look.decoder.full(data, max + (look.masking?.marginCharacters ?? 0));
  const { text, isMasked } = look.masking?.page(decoded, max) ?? {
    text: decoded.text,
    isMasked: false,
  };
  const decodedIsCut = decoded.isCut || decoded.text.length > max;
  const isOpen = !isMasked && !row.isMasked && !(look.masking?.isOn && decodedIsCut);
  const [matches = []] = look.marksIn([{ text, where: 'value' }]);
  return {
    row: { ...row, format: decoded.format, ...(isMasked && { isMasked }) },
    startingHashKey: shard?.startingHashKey ?? '',
    endingHashKey: shard?.endingHashKey ?? '',
    hashKey: isOpen && partitionKey !== '' ? hashKeyOf(partitionKey).toString() : '',
    decoded: text,
    decodedIsCut,
    decodedMatches: matches.slice(0, decodedMatchesMax),
    steps: [...aggregateStep(row), ...decoded.steps],
    raw: new Uint8Array(isOpen ? data.subarray(0, isWhole ? data.length : rawBytesMax) : []),
    ...(isOpen ? {} : { withheld: look.masking?.problem ?? withheldWords }),
  };
}

function aggregateStep({ subSequenceNumber }: Protocol.RecordRow): Protocol.DecodeStep[] {
  if (subSequenceNumber === undefined) return [];
  const why = `record ${subSequenceNumber + 1} of an aggregate, whose MD5 matches`;
  return [{ decoder: 'kpl', outcome: 'read', why }];
}
