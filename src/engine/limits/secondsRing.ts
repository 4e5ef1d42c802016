/**
 * Numbers by the second, for seconds in which something happened: a ring of rows that grows to the window
 * and no further. It knows neither shards nor limits.
 */

/** What one row counts. A row's first column is its second. */
export const columns = {
  recordsIn: 1,
  bytesIn: 2,
  recordsOut: 3,
  bytesOut: 4,
  reads: 5,
  putsThrottled: 6,
  putsOverLimit: 7,
  readsThrottled: 8,
  readsOverLimit: 9,
  /** Highest age of an answer's last record, milliseconds, plus 1; 0 when nobody read. */
  iteratorAge: 10,
} as const;

const width = 11;
/** Rows that a ring begins with. */
const rowsAtFirst = 8;

/** Seconds that counters look back. */
export const counterWindowSeconds = 300;
/** Rows of all rings together: 22 MiB. When they are used up, rings stop growing and look back less. */
export const counterRowsMax = 256 * 1024;

/** Shared by all rings of an engine. */
export class RowBudget {
  private free: number;

  constructor(rows: number = counterRowsMax) {
    this.free = rows;
  }

  /** Rows that may be had for `wanted`: as many, or the `least` one has to have. */
  take(wanted: number, least: number): number {
    const taken = wanted <= this.free ? wanted : least;
    this.free -= taken;
    return taken;
  }

  give(rows: number): void {
    this.free += rows;
  }
}

export class SecondsRing {
  private readonly budget: RowBudget;
  private rows: Float64Array = new Float64Array(0);
  private capacity = 0;
  private count = 0;
  /** Row of the newest second. */
  private newest = 0;
  private newestSecond = -1;

  constructor(budget: RowBudget) {
    this.budget = budget;
  }

  /** Second of the last count; -1 for none. */
  get lastSecond(): number {
    return this.newestSecond;
  }

  /** Adds to a column of the row of `second`, which never falls. */
  add(second: number, column: number, amount = 1): void {
    const at = this.rowOf(second) * width + column;
    this.rows[at] = this.rows[at]! + amount;
  }

  /** Adds a record that came in, in one look at the row: this runs for every record. */
  addRecord(second: number, bytes: number): void {
    const at = this.rowOf(second) * width;
    const { rows } = this;
    rows[at + columns.recordsIn] = rows[at + columns.recordsIn]! + 1;
    rows[at + columns.bytesIn] = rows[at + columns.bytesIn]! + bytes;
  }

  /** Raises a column of the row of `second` to `value`. */
  raise(second: number, column: number, value: number): void {
    const at = this.rowOf(second) * width + column;
    if (this.rows[at]! < value) this.rows[at] = value;
  }

  /** The rows of seconds after `since`, oldest first: their second and how to read a column. */
  *since(since: number): Generator<{ second: number; value: (column: number) => number }> {
    for (let back = this.count - 1; back >= 0; back--) {
      const row = (this.newest - back + this.capacity) % this.capacity;
      const second = this.rows[row * width]!;
      if (second <= since) continue;
      yield { second, value: (column) => this.rows[row * width + column]! };
    }
  }

  /** Gives its rows back; it is not used afterwards. */
  dispose(): void {
    this.budget.give(this.capacity);
    this.capacity = 0;
  }

  private rowOf(second: number): number {
    return second <= this.newestSecond ? this.newest : this.start(second);
  }

  private start(second: number): number {
    if (this.count === this.capacity) this.grow(second);
    this.newest = (this.newest + 1) % this.capacity;
    this.count = Math.min(this.count + 1, this.capacity);
    this.newestSecond = second;
    this.rows.fill(0, this.newest * width, (this.newest + 1) * width);
    this.rows[this.newest * width] = second;
    return this.newest;
  }

  /** Twice as long, unless the oldest row has left the window or all rows of the engine are taken. */
  private grow(second: number): void {
    const { capacity } = this;
    if (capacity > 0 && this.rows[this.oldestRow * width]! <= second - counterWindowSeconds) return;
    const wanted = Math.min(counterWindowSeconds, Math.max(rowsAtFirst, 2 * capacity));
    const more = this.budget.take(wanted - capacity, capacity === 0 ? 1 : 0);
    if (more > 0) this.become(capacity + more);
  }

  private get oldestRow(): number {
    return (this.newest + 1) % this.capacity;
  }

  private become(capacity: number): void {
    const grown = new Float64Array(capacity * width);
    for (let row = 0; row < this.count; row++) {
      const from = ((this.oldestRow + row) % this.capacity) * width;
      grown.set(this.rows.subarray(from, from + width), row * width);
    }
    this.rows = grown;
    this.newest = this.count - 1;
    this.capacity = capacity;
  }
}
