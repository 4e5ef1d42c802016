/** Which columns are shown, in which order and how wide, and every change of it. Pure. */
import {
  type FixedColumn,
  fieldColumnsMax,
  fixedColumns,
  type GridColumn,
  type GridColumns,
  pathCharactersMax,
  widthMaxPx,
  widthMinPx,
} from '../../src/protocol/columns.ts';
import { isPathAt, isSamePath, pathSteps, scanPath } from '../../src/query/path.ts';
import { visibleLine } from '../visibleText.ts';

export const defaultColumns: GridColumns = { shown: fixedColumns.map((id) => ({ id })) };

/** The column that is always there. */
export const stayingColumn = 'arrived';

export const isField = (id: string): boolean => id.startsWith('$');

/** A path with `[*]` leads to several values of a record. */
export const hasOrder = (id: string): boolean => isField(id) && !id.includes('[*]');

export function fieldsIn({ shown }: GridColumns): string[] {
  return shown.map(({ id }) => id).filter(isField);
}

export function isShown({ shown }: GridColumns, id: string): boolean {
  return shown.some((column) => column.id === id || isSameField(column.id, id));
}

/** `$.a` is `$['a']`. */
function isSameField(one: string, other: string): boolean {
  const [steps, otherSteps] = [pathSteps(one), pathSteps(other)];
  return steps !== undefined && otherSteps !== undefined && isSamePath(steps, otherSteps);
}

export function placeOf({ shown }: GridColumns, id: string): number {
  return shown.findIndex((column) => column.id === id);
}

/** True when they are those that a panel has by default. */
export function isDefault({ shown, order }: GridColumns): boolean {
  const isAsEver = ({ id, widthPx }: GridColumn, at: number): boolean =>
    id === fixedColumns[at] && widthPx === undefined;
  return order === undefined && shown.length === fixedColumns.length && shown.every(isAsEver);
}

/** Why there can be no column of this path, as a sentence; undefined when there can. */
export function pathProblem(columns: GridColumns, path: string): string | undefined {
  if (path.length > pathCharactersMax) return `A path has at most ${pathCharactersMax} characters.`;
  if (pathSteps(path) === undefined) return wordingProblem(path);
  if (isShown(columns, path)) return `${path} is a column already.`;
  const isFull = fieldsIn(columns).length >= fieldColumnsMax;
  return isFull ? `There are ${fieldColumnsMax} fields already, the most there can be.` : undefined;
}

function wordingProblem(path: string): string {
  if (!isPathAt(path, 0)) return 'A path begins with $. or $[, such as $.order.total.';
  const scanned = scanPath(path, 0);
  return 'message' in scanned
    ? scanned.message
    : `The path ends after ${path.slice(0, scanned.end)}; leave out the rest.`;
}

/** With one more column: a field before the value, the others where they are by default. */
export function withColumn(columns: GridColumns, id: string): GridColumns {
  if (isShown(columns, id)) return columns;
  if (isField(id) && pathProblem(columns, id) !== undefined) return columns;
  const shown = [...columns.shown];
  shown.splice(isField(id) ? fieldPlace(columns) : fixedPlace(columns, id), 0, { id });
  return { ...columns, shown };
}

function fieldPlace(columns: GridColumns): number {
  const value = placeOf(columns, 'value');
  return value < 0 ? columns.shown.length : value;
}

/** Behind the nearest of those that come before it by default. */
function fixedPlace(columns: GridColumns, id: string): number {
  const place = fixedColumns.indexOf(id as FixedColumn);
  const before = fixedColumns.slice(0, place);
  return Math.max(-1, ...before.map((fixed) => placeOf(columns, fixed))) + 1;
}

/** Without a column, and without the check of its order. */
export function withoutColumn({ shown, order }: GridColumns, id: string): GridColumns {
  const rest = shown.filter((column) => column.id !== id || id === stayingColumn);
  return { shown: rest, ...(order === undefined || order === id ? {} : { order }) };
}

/** The column stands at `to` afterwards, or at the end that is nearer. */
export function movedTo(columns: GridColumns, id: string, to: number): GridColumns {
  const from = placeOf(columns, id);
  const shown = [...columns.shown];
  const [column] = from < 0 ? [] : shown.splice(from, 1);
  if (!column) return columns;
  const place = Math.min(Math.max(to, 0), shown.length);
  if (place === from) return columns;
  shown.splice(place, 0, column);
  return { ...columns, shown };
}

export function movedBy(columns: GridColumns, id: string, step: 1 | -1): GridColumns {
  return movedTo(columns, id, placeOf(columns, id) + step);
}

export function bounded(widthPx: number): number {
  return Math.min(Math.max(Math.round(widthPx), widthMinPx), widthMaxPx);
}

export function withWidth(columns: GridColumns, id: string, widthPx: number): GridColumns {
  const width = bounded(widthPx);
  const shown = columns.shown.map((column) =>
    column.id === id ? { ...column, widthPx: width } : column,
  );
  return { ...columns, shown };
}

/** Checks the order of a field that is shown, or of none. */
export function withOrder({ shown }: GridColumns, path: string | undefined): GridColumns {
  const isThere = path !== undefined && hasOrder(path) && isShown({ shown }, path);
  return isThere ? { shown, order: path } : { shown };
}

/** A path without what all have, as it is shown. */
export const fieldName = (path: string): string => visibleLine(path.replace(/^\$\.?/, ''));
