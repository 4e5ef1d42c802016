/** The values that a record shows, one by one: what a query says of each, and what is copied. Pure. */
import { shortShardId } from '../../src/kinesis/shardId.ts';
import type { RecordRow } from '../../src/protocol/tail.ts';
import { type JsonLeaf, jsonLeaves } from '../../src/query/jsonLeaves.ts';
import type { Cell } from '../../src/query/narrow.ts';
import { pathText } from '../../src/query/path.ts';
import { isJsonFormat } from '../grid/tokens.ts';
import { visibleLine } from '../visibleText.ts';
import { isHidden } from './masked.ts';

export interface ShownValue {
  /** `Key`, `$.order.total`. */
  readonly name: string;
  /** In a menu. */
  readonly shown: string;
  /** What is copied. */
  readonly text: string;
  /** Undefined: no query asks for it. */
  readonly cell?: Cell;
}

/** So many values of JSON are offered in a list. */
export const leavesOfferedMax = 100;
/** So far JSON is looked through for the value at a place. */
const leavesLookedAtMax = 10_000;
const shownCharactersMax = 40;

/** What the cells of a row, and the facts of a record, are. */
export type FieldName = 'arrived' | 'shard' | 'key' | 'sequence' | 'size' | 'format';

type FieldMaker = (row: RecordRow) => ShownValue;

const fields: Readonly<Record<FieldName, FieldMaker>> = {
  shard: ({ shardId }) => ({
    name: 'Shard',
    shown: shortShardId(shardId),
    text: shardId,
    cell: { field: 'shard', value: shardId },
  }),
  key: ({ partitionKey }) => ({
    name: 'Key',
    shown: short(partitionKey),
    text: partitionKey,
    cell: { field: 'key', value: partitionKey },
  }),
  sequence: ({ sequenceNumber }) => ({
    name: 'Sequence',
    shown: short(sequenceNumber),
    text: sequenceNumber,
    cell: { field: 'seq', value: sequenceNumber },
  }),
  arrived: ({ arrivedMs }) => {
    const date = new Date(arrivedMs);
    // An endpoint may say any number.
    if (Number.isNaN(date.getTime())) return { name: 'Arrived', shown: '?', text: `${arrivedMs}` };
    const text = date.toISOString();
    return { name: 'Arrived', shown: text, text, cell: { field: 'arrived', value: text } };
  },
  size: ({ size }) => ({
    name: 'Size',
    shown: `${size} B`,
    text: `${size}`,
    cell: { field: 'size', value: `${size}` },
  }),
  format: ({ format }) => ({
    name: 'Format',
    shown: format,
    text: format,
    cell: { field: 'format', value: format },
  }),
};

const short = (text: string): string =>
  visibleLine(text.slice(0, shownCharactersMax)) + (text.length > shownCharactersMax ? '…' : '');

/** One cell of a row: its column, and in the value the place in the preview if one is meant. */
export interface CellPlace {
  /** A field, `value`, or the path of a column of its own, like `$.delay`. */
  readonly column: string;
  readonly offset?: number | undefined;
}

/** The values of a cell, or without one of the whole row: several are to be chosen from. */
export function valuesOf(row: RecordRow, place?: CellPlace): ShownValue[] {
  return unlessHidden(row, asked(row, place));
}

/** Of what a mask hides no query asks. */
export function unlessHidden(row: RecordRow, values: readonly ShownValue[]): ShownValue[] {
  return values.map((value) => {
    const { cell: _, ...rest } = value;
    return isHidden(row, value.text) ? rest : value;
  });
}

function asked(row: RecordRow, place: CellPlace | undefined): ShownValue[] {
  if (!place) return [...Object.values(fields).map((make) => make(row)), ...previewValues(row)];
  const { column, offset } = place;
  const make = fields[column as FieldName];
  if (make) return [make(row)];
  const whole = { name: 'Value', shown: short(row.preview), text: row.preview };
  if (!isJsonFormat(row.format)) return [whole];
  const found = jsonValues(row.preview, column.startsWith('$') ? { path: column } : { offset });
  if (column.startsWith('$')) return found;
  return offset === undefined || found.length === 0 ? [whole, ...previewValues(row)] : found;
}

const previewValues = ({ preview, format }: RecordRow): ShownValue[] =>
  isJsonFormat(format) ? jsonValues(preview, {}) : [];

/** Which values of a JSON text: the one at a path or at a place, its name counted in; else the first ones. */
export interface LeafAsked {
  readonly path?: string;
  readonly offset?: number | undefined;
}

export function jsonValues(text: string, { path, offset }: LeafAsked): ShownValue[] {
  const isAsked = (leaf: JsonLeaf): boolean =>
    path === undefined
      ? offset === undefined || (leaf.nameStart <= offset && offset < leaf.end)
      : pathText(leaf.steps) === path;
  const isOne = path !== undefined || offset !== undefined;
  const looked = jsonLeaves(text, isOne ? leavesLookedAtMax : leavesOfferedMax);
  const found: ShownValue[] = [];
  for (const leaf of looked) {
    if (!isAsked(leaf)) continue;
    found.push(leafValue(text, leaf));
    if (isOne) break;
  }
  return found;
}

function leafValue(text: string, { steps, value, start, end }: JsonLeaf): ShownValue {
  return {
    name: visibleLine(pathText(steps)),
    shown: short(text.slice(start, end)),
    text: typeof value === 'string' ? value : text.slice(start, end),
    cell: { field: steps, value },
  };
}
