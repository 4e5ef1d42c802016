/** Values of records as the cells of a grid: one line each, bounded, numbers with every digit they have. */
import { maskText } from '../decode/mask.ts';
import { cut, oneLine } from '../decode/text.ts';
import type * as Protocol from '../protocol/columns.ts';
import { FieldReader } from '../query/fieldReader.ts';
import { leafValueOf } from '../query/jsonLeaves.ts';
import { unescaped } from '../query/jsonWalk.ts';
import { pathSteps } from '../query/path.ts';
import type { JsonHeads } from './jsonHeads.ts';

/** The protocol's bounds, which the compiler keeps equal. */
export const fieldColumnsMax: typeof Protocol.fieldColumnsMax = 20;
export const cellCharactersMax: typeof Protocol.cellCharactersMax = 256;
/** Of a list of values so many are shown. */
const valuesMax = 32;
/** A character takes six at most, when it is written by its number; one more shows that there are more. */
const writtenCharactersMax = 6 * (cellCharactersMax + 1);

/** The cells of a row, and what they show. */
export interface RowCells {
  readonly cells: readonly Protocol.FieldCell[];
  readonly cellValues: readonly Protocol.CellValue[];
}

export class FieldCells {
  private readonly heads: JsonHeads;
  private readonly reader: FieldReader;
  private readonly nothing: RowCells;

  /** What is no path has empty cells; those after `fieldColumnsMax` have none. */
  constructor(heads: JsonHeads, paths: readonly string[]) {
    const asked = paths.slice(0, fieldColumnsMax);
    this.heads = heads;
    // No value has a name behind such a step.
    this.reader = new FieldReader(asked.map((path) => pathSteps(path) ?? [Number.NaN]));
    this.nothing = { cells: asked.map(() => ''), cellValues: asked.map(() => null) };
  }

  /** A cell for each path. */
  of(slot: number): RowCells {
    const head = this.heads.shown(slot);
    if (!head) return this.nothing;
    const { text, isWhole } = head;
    const { spans, isOpen } = this.reader.read(text);
    if (isWhole && isOpen) return this.nothing; // begins like JSON and is none
    const cells: Protocol.FieldCell[] = [];
    const cellValues: Protocol.CellValue[] = [];
    for (const found of spans) {
      const values = found.slice(0, valuesMax).map(({ start, end }) => text.slice(start, end));
      const shown = values.map((json) => shownCell(this.heads, json));
      cells.push(shown.length > 0 ? joined(shown) : isOpen ? null : '');
      cellValues.push(shown.length === 1 ? valueIn(this.heads, values[0]!, shown[0]!) : null);
    }
    return { cells, cellValues };
  }
}

/** What the cell shows of the value, which is as it may be shown. */
function valueIn(heads: JsonHeads, json: string, cell: string): Protocol.CellValue {
  if (heads.isMasked && cell.includes(maskText)) return null;
  if (json[0] !== '"') return cell === json && leafValueOf(json) !== undefined ? 'word' : null;
  const text = json.length > writtenCharactersMax ? undefined : leafValueOf(json);
  if (typeof text !== 'string' || oneLine(text, cellCharactersMax).isCut) return null;
  if (text === cell) return 'text';
  return heads.shownText(text) === text ? { text } : null;
}

/** Several values, of a path with `[*]`, stand side by side. */
function joined(cells: readonly string[]): string {
  return cells.length === 1 ? cells[0]! : bounded(cells.join(', '));
}

/** A cell of what is shown of a record: once it is in one line a mask may find what it did not before. */
export function shownCell(heads: JsonHeads, json: string): string {
  const cell = cellText(json);
  const isAsWritten = cell === json || cell === json.slice(1, -1);
  return isAsWritten ? cell : heads.shownText(cell);
}

/** A value as it is written in JSON, as a cell: text without its quotation marks, all else compact. */
export function cellText(json: string): string {
  const first = json[0];
  if (first === '"') return bounded(json === '""' ? '""' : textIn(json));
  return bounded(first === '{' || first === '[' ? compact(json) : json);
}

function bounded(text: string): string {
  const { text: shown, isCut } = oneLine(text, cellCharactersMax);
  return isCut ? `${shown}…` : shown;
}

function textIn(json: string): string {
  if (json.length <= writtenCharactersMax) return unescaped(json.slice(1, -1));
  const written = cut(json.slice(1), writtenCharactersMax);
  // An escape that was cut in two goes.
  return unescaped(written.replace(/(?<=[^\\](?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3})?$/, ''));
}

/** Without the white space between its signs. */
function compact(json: string): string {
  const head = json.slice(0, 4 * cellCharactersMax);
  return head.replace(/("(?:[^"\\]|\\.)*"?)|\s+/g, (_, text: string | undefined) => text ?? '');
}
