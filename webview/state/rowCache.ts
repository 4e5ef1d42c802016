/** Rows fetched from the host, by position. Holds a few screens around the sight, never the stream. */
import {
  type EventRow,
  pageRowsMax,
  type RecordRow,
  type TailMove,
  type TailPage,
  type TailRow,
} from '../../src/protocol/tail.ts';
import { movedEnd, movedPosition, type RowRange } from './viewport.ts';

const rowsKeptMax = 2000;
/** Requests begin and end on multiples of this where they can, so that scrolling asks seldom. */
const blockRows = 50;

/** A row with the paths of its cells. */
export type ShownRecord = RecordRow & { readonly paths?: readonly string[] | undefined };
export type ShownRow = ShownRecord | EventRow;

export class RowCache {
  private rows = new Map<number, ShownRow>();
  /** Rows that show what is not so any more, until they are fetched again. */
  private expired = new Map<number, ShownRow>();
  private current = -1;
  private currentRevision = 0;
  private newest = 0;

  /** Of the positions that are kept; -1 before the first tick. */
  get generation(): number {
    return this.current;
  }

  /** One past the newest row that came. */
  get end(): number {
    return this.newest;
  }

  get size(): number {
    return this.rows.size;
  }

  /** Of the positions that are kept, within the generation. */
  get revision(): number {
    return this.currentRevision;
  }

  /** Forgets everything: positions mean something else from now on. */
  reset(generation: number, revision = 0): void {
    this.rows.clear();
    this.expired.clear();
    this.current = generation;
    this.currentRevision = revision;
    this.newest = 0;
  }

  /** Rows came to stand before others: what is here stands where it belongs now. */
  move(moves: readonly TailMove[], revision: number): void {
    this.currentRevision = revision;
    this.rows = movedRows(this.rows, moves);
    this.expired = movedRows(this.expired, moves);
    this.newest = movedEnd(this.newest, moves);
  }

  get(position: number): ShownRow | undefined {
    return this.rows.get(position) ?? this.expired.get(position);
  }

  /** All rows are to be fetched again; meanwhile they show what they did. */
  expire(): void {
    this.expired = new Map([...this.expired, ...this.rows]);
    this.rows = new Map();
  }

  values(): Iterable<ShownRow> {
    return this.rows.values();
  }

  /** Every row of `range` is here. */
  covers(range: RowRange): boolean {
    return this.firstMissing(range) === undefined;
  }

  /** Takes rows of the current generation and revision; returns how many were new. */
  add(page: TailPage): number {
    if (page.generation !== this.current || page.revision !== this.currentRevision) return 0;
    const before = this.rows.size;
    for (const [index, row] of page.rows.entries()) {
      this.rows.set(page.from + index, shownRow(row, page.paths));
      this.expired.delete(page.from + index);
    }
    this.newest = Math.max(this.newest, page.from + page.rows.length);
    return this.rows.size - before;
  }

  /** Forgets what lies far from `sight` once there is too much. */
  trim(sight: RowRange): void {
    if (this.rows.size + this.expired.size <= rowsKeptMax) return;
    const reach = rowsKeptMax / 4;
    for (const rows of [this.rows, this.expired]) {
      for (const position of rows.keys()) {
        if (position < sight.first - reach || position >= sight.end + reach) rows.delete(position);
      }
    }
  }

  /** The first missing stretch of `sight`, widened to whole blocks inside `held`; at most one page. */
  gap(sight: RowRange, held: RowRange): RowRange | undefined {
    const missing = this.firstMissing(sight);
    if (missing === undefined) return undefined;
    const first = this.back(missing, Math.max(held.first, floorTo(missing)));
    const limit = Math.min(held.end, ceilTo(sight.end), first + pageRowsMax);
    let end = missing + 1;
    while (end < limit && !this.rows.has(end)) end += 1;
    return { first, end };
  }

  private firstMissing({ first, end }: RowRange): number | undefined {
    for (let position = first; position < end; position += 1) {
      if (!this.rows.has(position)) return position;
    }
    return undefined;
  }

  /** The lowest position, not below `limit`, from which all up to `position` are missing. */
  private back(position: number, limit: number): number {
    let first = position;
    while (first > limit && !this.rows.has(first - 1)) first -= 1;
    return first;
  }
}

function movedRows(rows: Map<number, ShownRow>, moves: readonly TailMove[]) {
  const moved = new Map<number, ShownRow>();
  for (const row of rows.values()) {
    const position = movedPosition(row.position, moves);
    moved.set(position, { ...row, position });
  }
  return moved;
}

const shownRow = (row: TailRow, paths: readonly string[] | undefined): ShownRow =>
  paths && row.kind === 'record' ? { ...row, paths } : row;

const floorTo = (position: number): number => Math.floor(position / blockRows) * blockRows;
const ceilTo = (position: number): number => Math.ceil(position / blockRows) * blockRows;
