/** The rows a tail holds, bounded by their number and their bytes. The oldest go first. */

export interface HeldRecord {
  readonly kind: 'record';
  readonly shardId: string;
  readonly partitionKey: string;
  readonly sequenceNumber: string;
  readonly arrivedMs: number;
  readonly data: Uint8Array;
  readonly preview: string;
  readonly isCut: boolean;
  readonly format: string;
}

export interface HeldEvent {
  readonly kind: 'event';
  readonly atMs: number;
  readonly tone: 'info' | 'warning' | 'error';
  readonly text: string;
}

export type HeldRow = HeldRecord | HeldEvent;

export interface RingBounds {
  readonly rowsMax: number;
  readonly bytesMax: number;
}

/** Objects, hidden fields and the sequence number of one row, measured roughly. */
const rowOverheadBytes = 320;

function bytesOf(row: HeldRow): number {
  if (row.kind === 'event') return rowOverheadBytes + 2 * row.text.length;
  return rowOverheadBytes + row.data.length + 2 * (row.preview.length + row.partitionKey.length);
}

/** A row is known by its index, counted since the ring was made and never reused. */
export class Ring {
  readonly bounds: RingBounds;
  private readonly dropped: (index: number, row: HeldRow) => void;
  private rows: (HeldRow | undefined)[] = [];
  /** Index of `rows[0]`. */
  private base = 0;
  private firstIndex = 0;
  private byteCount = 0;
  private records = 0;

  /** `dropped` is called for every row that leaves, oldest first. */
  constructor(bounds: RingBounds, dropped: (index: number, row: HeldRow) => void) {
    this.bounds = bounds;
    this.dropped = dropped;
  }

  get first(): number {
    return this.firstIndex;
  }

  /** One past the newest. */
  get end(): number {
    return this.base + this.rows.length;
  }

  get bytes(): number {
    return this.byteCount;
  }

  get recordCount(): number {
    return this.records;
  }

  get(index: number): HeldRow | undefined {
    return this.rows[index - this.base];
  }

  /** Adds a row and drops old ones until the bounds hold; the newest row always stays. */
  push(row: HeldRow): void {
    this.rows.push(row);
    this.byteCount += bytesOf(row);
    if (row.kind === 'record') this.records++;
    while (this.isOver() && this.end - this.firstIndex > 1) this.drop();
  }

  clear(): void {
    while (this.firstIndex < this.end) this.drop();
  }

  private isOver(): boolean {
    const { rowsMax, bytesMax } = this.bounds;
    return this.end - this.firstIndex > rowsMax || this.byteCount > bytesMax;
  }

  private drop(): void {
    const index = this.firstIndex++;
    const row = this.rows[index - this.base]!;
    this.rows[index - this.base] = undefined;
    this.byteCount -= bytesOf(row);
    if (row.kind === 'record') this.records--;
    this.dropped(index, row);
    this.compact();
  }

  /** Gives the emptied front back once it is half of the array: constant work a row. */
  private compact(): void {
    const empty = this.firstIndex - this.base;
    if (empty < 1024 || empty * 2 < this.rows.length) return;
    this.rows = this.rows.slice(empty);
    this.base = this.firstIndex;
  }
}
