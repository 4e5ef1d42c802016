/** The values that a record shows, one by one: what a query says of each, and what is copied. Pure. */
import { shortShardId } from '../../src/kinesis/shardId.ts';
import type { CellValue } from '../../src/protocol/columns.ts';
import type { FullRecord, RecordRow } from '../../src/protocol/tail.ts';
import {
  type JsonLeaf,
  jsonLeaves,
  type LeafValue,
  leafValueOf,
  replacedNames,
} from '../../src/query/jsonLeaves.ts';
import { type Cell, narrow } from '../../src/query/narrow.ts';
import { isSamePath, leadsTo, pathSteps, pathText } from '../../src/query/path.ts';
import { parseQuery } from '../../src/query/query.ts';
import { everyItem, type Step } from '../../src/query/tree.ts';
import { fieldCellOf } from '../columns/fieldCell.ts';
import { isField } from '../columns/layout.ts';
import { isJsonFormat } from '../grid/tokens.ts';
import type { ShownRecord } from '../state/rowCache.ts';
import { visibleLine } from '../visibleText.ts';
import { isHidden, maskText } from './masked.ts';

export interface ShownValue {
  /** `Key`, `$.order.total`. */
  readonly name: string;
  /** In a menu. */
  readonly shown: string;
  /** What is copied. */
  readonly text: string;
  /** Undefined: no query asks for it. */
  readonly cell?: Cell;
  /** Shown in part, or not exactly as it is: what it is its record has. */
  readonly partOf?: PartOf;
}

/** Of a row: all of its value, or what a path leads to. */
export interface PartOf {
  readonly position: number;
  readonly id: number;
  readonly steps?: readonly Step[];
  /** A single value, shown whole but for its white space: the record may have another one there. */
  readonly isSingle?: boolean;
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

/** The values of a cell, or without one, as of an empty cell, of the whole row: several are to be chosen from. */
export function valuesOf(row: ShownRecord, place?: CellPlace): ShownValue[] {
  return unlessHidden(row, asked(row, place));
}

/** Of what a mask hides no query asks, and what it left of a single value is all that there is to be had. */
export function unlessHidden(row: RecordRow, values: readonly ShownValue[]): ShownValue[] {
  return values.map((value) => {
    if (!isHidden(row, value.text)) return value;
    const { cell: _, partOf, ...rest } = value;
    return partOf && !partOf.isSingle ? { ...rest, partOf } : rest;
  });
}

function asked(row: ShownRecord, place: CellPlace | undefined): ShownValue[] {
  if (!place) return ofRow(row);
  const { column, offset } = place;
  if (isField(column)) return fieldValues(row, column) ?? ofRow(row);
  const make = fields[column as FieldName];
  if (make) return [make(row)];
  const whole = {
    name: 'Value',
    shown: short(row.preview),
    text: row.preview,
    partOf: partOf(row),
  };
  if (!isJsonFormat(row.format)) return [whole];
  const found = previewValues(row, { offset });
  return offset === undefined || found.length === 0 ? [whole, ...previewValues(row)] : found;
}

const ofRow = (row: RecordRow): ShownValue[] => [
  ...Object.values(fields).map((make) => make(row)),
  ...previewValues(row),
];

const partOf = ({ position, id }: RecordRow, of: Omit<PartOf, 'position' | 'id'> = {}): PartOf => ({
  position,
  id,
  ...of,
});

/** What the cell of a field shows; undefined where it shows nothing. */
function fieldValues(row: ShownRecord, path: string): ShownValue[] | undefined {
  const { cell, value } = fieldCellOf(row, path);
  const steps = pathSteps(path);
  if (!steps || !cell) return undefined;
  const field = { name: visibleLine(path), shown: short(cell) };
  if (value !== null) {
    const leaf = leafOf(cell, value);
    const text = typeof leaf === 'string' ? leaf : cell;
    const asked = cellOf(steps, leaf);
    return [
      {
        ...field,
        text,
        ...asked,
        ...(row.isCut && { partOf: partOf(row, { steps, isSingle: true }) }),
      },
    ];
  }
  // What a mask has left of it is all that there is to be had.
  if (cell.includes(maskText)) return [{ ...field, text: cell }];
  // A cell is cut before the preview is.
  const [found] = jsonValues(row.preview, { steps });
  const isSingle = found !== undefined;
  const all = { ...field, text: cell, ...found, partOf: partOf(row, { steps, isSingle }) };
  return steps.includes(everyItem) ? [all, ...itemValues(row, steps)] : [all];
}

/** Each of the several values that a path leads to, once. Where the row is cut they may not be all, nor be the last of their name. */
function itemValues(row: RecordRow, path: readonly Step[]): ShownValue[] {
  if (row.isCut || !isJsonFormat(row.format)) return [];
  const { preview } = row;
  const isReplaced = replacedIn(preview);
  const items = new Map<string, ShownValue>();
  for (const leaf of jsonLeaves(preview, leavesLookedAtMax)) {
    if (items.size >= leavesOfferedMax) break;
    if (!leadsTo(path, leaf.steps) || isReplaced(leaf)) continue;
    const { cell: _, ...value } = sure(row, leafValue(preview, leaf));
    items.set(preview.slice(leaf.start, leaf.end), { ...value, ...cellOf(path, leaf.value) });
  }
  return [...items.values()];
}

function leafOf(cell: string, value: NonNullable<CellValue>): LeafValue {
  if (value === 'text') return cell;
  return value === 'word' ? (leafValueOf(cell) as LeafValue) : value.text;
}

function previewValues(row: RecordRow, asked: LeafAsked = {}): ShownValue[] {
  if (!isJsonFormat(row.format)) return [];
  const values = jsonValues(row.preview, asked);
  return values.map((value) => sure(row, value));
}

/** White space that a preview has may be less than the record's; a name that it cuts off may come again. */
function sure(row: RecordRow, value: JsonValue): JsonValue {
  const { steps, text, name } = value;
  const isSure = !row.isCut && !/\s/.test(name + text);
  return isSure ? value : { ...value, partOf: partOf(row, { steps, isSingle: true }) };
}

/** Those of an open record. Of one of which only the beginning is here no query is sure to find it. */
export function recordValues(record: FullRecord, asked: LeafAsked): ShownValue[] {
  const { row, decoded, decodedIsCut } = record;
  const values = unlessHidden(row, jsonValues(decoded, asked));
  return decodedIsCut ? values.map(({ cell: _, ...rest }) => rest) : values;
}

/** What an open record shows of a field. A query asks for the format that its row has, so that the row stays. */
export function factValues({ row, formatInRows }: FullRecord, field: FieldName): ShownValue[] {
  const values = valuesOf(row, { column: field });
  if (field !== 'format' || formatInRows === undefined) return values;
  return values.map((value) => ({ ...value, cell: { field, value: formatInRows } }));
}

/** Which values of a JSON text: the one at a path or at a place, its name counted in; else the first ones. */
export interface LeafAsked {
  readonly steps?: readonly Step[];
  readonly offset?: number | undefined;
}

/** A value at a place in JSON. */
interface JsonValue extends ShownValue {
  readonly steps: readonly Step[];
}

export function jsonValues(text: string, { steps, offset }: LeafAsked): JsonValue[] {
  const isReplaced = replacedIn(text);
  const isAsked = (leaf: JsonLeaf): boolean =>
    steps === undefined
      ? offset === undefined || (leaf.nameStart <= offset && offset < leaf.end)
      : isSamePath(leaf.steps, steps) && !isReplaced(leaf);
  const isOne = steps !== undefined || offset !== undefined;
  const looked = jsonLeaves(text, isOne ? leavesLookedAtMax : leavesOfferedMax);
  const found: JsonValue[] = [];
  for (const leaf of looked) {
    if (!isAsked(leaf)) continue;
    const { cell, ...value } = leafValue(text, leaf);
    found.push(isReplaced(leaf) || !cell ? value : { ...value, cell });
    if (isOne) break;
  }
  return found;
}

/** Whether the same name comes again behind a value's, or behind that of what holds it: the last one counts. */
function replacedIn(text: string): (leaf: JsonLeaf) => boolean {
  const replaced = replacedNames(text);
  return ({ nameStarts }) => nameStarts.some((start) => replaced.has(start));
}

function leafValue(text: string, { steps, value, start, end }: JsonLeaf): JsonValue {
  return {
    name: visibleLine(pathText(steps)),
    shown: short(text.slice(start, end)),
    text: typeof value === 'string' ? value : text.slice(start, end),
    ...cellOf(steps, value),
    steps,
  };
}

/** Nothing where the query would be too long. */
export function cellOf(field: readonly Step[], value: LeafValue): Pick<ShownValue, 'cell'> {
  const cell = { field, value };
  return parseQuery(narrow('', cell, 'filter')).problems.length > 0 ? {} : { cell };
}
