/** From held rows to what a page and a record view show. */
import { deaggregate } from '../decode/kplAggregate.ts';
import { hashKeyOf } from '../kinesis/hashKey.ts';
import type { KinesisRecord } from '../kinesis/shapes.ts';
import type * as Protocol from '../protocol/tail.ts';
import type { ShownText } from '../query/marks.ts';
import type { Span } from '../query/span.ts';
import { type Masking, withheldWords } from './masking.ts';
import { type RecordLook, readRecord } from './readRecord.ts';
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
export interface RowLook extends RecordLook {
  /** Where what is looked for occurs in each of these texts. */
  marksIn(texts: readonly ShownText[]): readonly Span[][];
}

/** Rows as a page shows them, the first one at `position`. Marks are made after masking: they tell of nothing hidden. */
export function tailRows(
  position: number,
  { rows, look }: { rows: readonly HeldRow[]; look: RowLook },
): Protocol.TailRow[] {
  const read = rows.map((row, index) => shownRow(position + index, { row, look }));
  const shown = look.masking?.isOn ? maskedRows(read, { rows, look, masking: look.masking }) : read;
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
  const { data, explicitHashKey: _, ...rest } = row;
  const max = previewCharactersMax + (look.masking?.marginCharacters ?? 0);
  const { text: preview, isCut, format } = look.decoder.preview(data, max);
  const marks = { matches: [], keyMatches: [] };
  return { ...rest, position, size: data.length, preview, isCut, format, ...marks };
}

interface Masked {
  /** Of which those that are shown were made. */
  readonly rows: readonly HeldRow[];
  readonly look: RowLook;
  readonly masking: Masking;
}

function maskedRows(
  read: readonly Protocol.TailRow[],
  { rows, look, masking }: Masked,
): Protocol.TailRow[] {
  const characters = previewCharactersMax + masking.marginCharacters;
  const texts = read.flatMap((row, index) => {
    const held = rows[index]!;
    if (row.kind === 'event' || held.kind === 'event') return [];
    const { partitionKey, preview: text, format } = row;
    const source = look.decoder.source(held.data, characters);
    return [{ partitionKey, preview: { text, format, source } }];
  });
  const masked = masking.rows(texts, previewCharactersMax);
  let next = 0;
  return read.map((row) => {
    if (row.kind !== 'record') return row;
    const { partitionKey, preview, isKeyMasked } = masked[next++]!;
    const isShort = preview.isCut ?? row.preview.length > previewCharactersMax;
    const isMasked = isKeyMasked || preview.isMasked;
    return {
      ...row,
      partitionKey,
      preview: preview.text,
      isCut: row.isCut || isShort,
      ...(isMasked && { isMasked }),
    };
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
  const { data } = record;
  const bytes = data.subarray(0, isWhole ? data.length : rawBytesMax);
  const { decoded, text, isCut, isMasked } = readRecord(data, look, decodedCharactersMax);
  const isOpen = !isMasked && !row.isMasked && isOpenInBytes(look, { data, bytes, isCut });
  const [matches = []] = look.marksIn([{ text, where: 'value' }]);
  return {
    row: { ...row, format: decoded.format, ...(isMasked && { isMasked }) },
    ...(decoded.format !== row.format && { formatInRows: row.format }),
    startingHashKey: shard?.startingHashKey ?? '',
    endingHashKey: shard?.endingHashKey ?? '',
    ...(isOpen ? hashKeysOf(record, shard) : { hashKey: '' }),
    decoded: text,
    decodedIsCut: isCut,
    decodedMatches: matches.slice(0, decodedMatchesMax),
    steps: [...aggregateStep(row), ...(isOpen ? decoded.steps : decoded.steps.map(untold))],
    raw: new Uint8Array(isOpen ? bytes : []),
    ...(isOpen ? {} : { withheld: look.masking?.problem ?? withheldWords }),
  };
}

type HashKeys = Pick<Protocol.FullRecord, 'hashKey' | 'explicitHashKey' | 'isHashKeyUntold'>;

/** No record tells the explicit hash key that it was put with; that it had one its shard may prove. */
function hashKeysOf(record: HeldRecord, shard: ShardEntry | undefined): HashKeys {
  const { partitionKey, explicitHashKey, subSequenceNumber } = record;
  if (explicitHashKey !== undefined) return { hashKey: explicitHashKey, explicitHashKey };
  if (partitionKey === '') return { hashKey: '' };
  const hashKey = hashKeyOf(partitionKey);
  const isElsewhere = subSequenceNumber === undefined && shard && !isIn(shard, hashKey);
  return isElsewhere ? { hashKey: '', isHashKeyUntold: true } : { hashKey: hashKey.toString() };
}

const isIn = ({ startingHashKey, endingHashKey }: ShardEntry, hashKey: bigint): boolean =>
  BigInt(startingHashKey) <= hashKey && hashKey <= BigInt(endingHashKey);

interface Bytes {
  readonly data: Uint8Array;
  /** Of it, what would be shown. */
  readonly bytes: Uint8Array;
  /** The record was not looked through to its end. */
  readonly isCut: boolean;
}

/** A little more is looked through than is shown: no half of what a mask finds is. */
function isOpenInBytes({ masking }: RowLook, { data, bytes, isCut }: Bytes): boolean {
  if (!masking?.isOn) return true;
  const margin = 2 * masking.marginCharacters;
  return !isCut && !masking.hidesBytes(data.subarray(0, bytes.length + margin));
}

/** Why a decoder does not fit tells of the first bytes. */
function untold(step: Protocol.DecodeStep): Protocol.DecodeStep {
  return step.outcome === 'read' ? step : { ...step, why: 'a mask hides why' };
}

function aggregateStep({ subSequenceNumber }: Protocol.RecordRow): Protocol.DecodeStep[] {
  if (subSequenceNumber === undefined) return [];
  const why = `record ${subSequenceNumber + 1} of an aggregate, whose MD5 matches`;
  return [{ decoder: 'kpl', outcome: 'read', why }];
}
