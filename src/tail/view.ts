/**
 * The rows of a ring that match a filter, by position. Positions are counted since the tail began and
 * never reused, not even by the next filter: an old position finds nothing rather than another row.
 */
import type { Decoder } from '../decode/decoder.ts';
import type { Matcher } from '../query/matcher.ts';
import { parseQuery, type Query } from '../query/query.ts';
import type { HeldRow, Ring } from './ring.ts';
import { RowSubject } from './rowSubject.ts';

/** How much one slice may look at before others get their turn. */
export interface SliceBudget {
  readonly rows: number;
  readonly bytes: number;
}

export class View {
  private readonly ring: Ring;
  private readonly subject: RowSubject;
  private current: Query = parseQuery('');
  private matches: Matcher = () => true;
  /** Ring indexes of the matching rows; `indexes[0]` is at position `base`. */
  private indexes: number[] = [];
  private base = 0;
  private firstPosition = 0;
  private matchingRecords = 0;
  private generationCount = 0;
  /** The next ring index to look at. */
  private next = 0;

  constructor(ring: Ring, decoder: Decoder) {
    this.ring = ring;
    this.subject = new RowSubject(decoder);
  }

  get first(): number {
    return this.firstPosition;
  }

  get end(): number {
    return this.base + this.indexes.length;
  }

  get matching(): number {
    return this.matchingRecords;
  }

  get generation(): number {
    return this.generationCount;
  }

  get filter(): Query {
    return this.current;
  }

  /** False while rows wait to be compared with the filter. */
  get isComplete(): boolean {
    return this.next >= this.ring.end;
  }

  /** Starts anew with `text`; `advance` then finds the rows. Ages count from `nowMs`, also of later rows. */
  setFilter(text: string, nowMs: number): void {
    this.current = parseQuery(text);
    this.matches = this.current.matcher({ nowMs });
    this.reset();
  }

  /** Gives all positions up; the rows still in the ring get new ones. */
  reset(): void {
    this.generationCount++;
    this.base = this.end;
    this.firstPosition = this.base;
    this.indexes = [];
    this.matchingRecords = 0;
    this.next = this.ring.first;
  }

  /** Looks at rows not seen yet, in order, until the budget is used up. True when none is left. */
  advance(budget: SliceBudget): boolean {
    let { rows, bytes } = budget;
    while (!this.isComplete && rows > 0 && bytes > 0) {
      const row = this.ring.get(this.next);
      if (row) {
        if (this.isMatch(row)) this.take(this.next, row);
        if (row.kind === 'record') bytes -= row.data.length;
      }
      this.next++;
      rows--;
    }
    return this.isComplete;
  }

  /** A row left the ring. */
  dropped(index: number, row: HeldRow): void {
    if (this.next <= index) this.next = index + 1;
    if (this.indexes[this.firstPosition - this.base] !== index) return;
    this.firstPosition++;
    if (row.kind === 'record') this.matchingRecords--;
    const empty = this.firstPosition - this.base;
    if (empty < 1024 || empty * 2 < this.indexes.length) return;
    this.indexes = this.indexes.slice(empty);
    this.base = this.firstPosition;
  }

  /** The row at `position`, or undefined when it was dropped or is not there yet. */
  at(position: number): HeldRow | undefined {
    if (position < this.firstPosition) return undefined;
    const index = this.indexes[position - this.base];
    return index === undefined ? undefined : this.ring.get(index);
  }

  private take(index: number, row: HeldRow): void {
    this.indexes.push(index);
    if (row.kind === 'record') this.matchingRecords++;
  }

  /** Events always show: without them a gap among the records could not be understood. */
  private isMatch(row: HeldRow): boolean {
    if (this.current.isEmpty || row.kind === 'event') return true;
    return this.matches(this.subject.of(row));
  }
}
