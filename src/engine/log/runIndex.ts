/** Where the runs of one lane lie in one segment: seven numbers a run in one flat array, searched by halving. */

/** Numbers a run. */
export const RUN_FIELDS = 7;
export const FIRST_KEY = 0;
export const LAST_KEY = 1;
export const FIRST_TIME = 2;
export const LAST_TIME = 3;
export const POSITION = 4;
export const LENGTH = 5;
export const COUNT = 6;

export interface RunEntry {
  readonly firstKey: number;
  readonly lastKey: number;
  readonly firstTimeMs: number;
  readonly lastTimeMs: number;
  /** Byte in the segment where the run's header begins. */
  readonly position: number;
  /** Bytes, header included. */
  readonly length: number;
  /** Entries. */
  readonly count: number;
}

/** The run whose numbers begin at `start`. */
export const runEntryAt = (fields: Float64Array, start: number): RunEntry => ({
  firstKey: fields[start + FIRST_KEY]!,
  lastKey: fields[start + LAST_KEY]!,
  firstTimeMs: fields[start + FIRST_TIME]!,
  lastTimeMs: fields[start + LAST_TIME]!,
  position: fields[start + POSITION]!,
  length: fields[start + LENGTH]!,
  count: fields[start + COUNT]!,
});

/** The runs of a lane, oldest first. Only ever grows at the end. */
export class RunList {
  private fields: Float64Array;
  private size: number;

  constructor(fields: Float64Array = new Float64Array(RUN_FIELDS * 2), count = 0) {
    this.fields = fields;
    this.size = count;
  }

  get count(): number {
    return this.size;
  }

  get memoryBytes(): number {
    return this.fields.byteLength;
  }

  /** The numbers as the index file holds them. */
  get used(): Float64Array {
    return this.fields.subarray(0, this.size * RUN_FIELDS);
  }

  add(run: RunEntry): void {
    const start = this.size * RUN_FIELDS;
    if (start === this.fields.length) this.grow();
    const { fields } = this;
    fields[start + FIRST_KEY] = run.firstKey;
    fields[start + LAST_KEY] = run.lastKey;
    fields[start + FIRST_TIME] = run.firstTimeMs;
    fields[start + LAST_TIME] = run.lastTimeMs;
    fields[start + POSITION] = run.position;
    fields[start + LENGTH] = run.length;
    fields[start + COUNT] = run.count;
    this.size += 1;
  }

  /** As `add`, with the run's numbers where a RunTable has them. */
  addFrom(table: Float64Array, at: number): void {
    const start = this.size * RUN_FIELDS;
    if (start === this.fields.length) this.grow();
    const { fields } = this;
    for (let field = 0; field < RUN_FIELDS; field++) fields[start + field] = table[at + field]!;
    this.size += 1;
  }

  at(run: number): RunEntry {
    return runEntryAt(this.fields, run * RUN_FIELDS);
  }

  /** The first run that has an entry at or above `key` and one at or after `timeMs`; `count` for none. */
  find(key: number, timeMs: number): number {
    return Math.max(this.lowerBound(LAST_KEY, key), this.lowerBound(LAST_TIME, timeMs));
  }

  private lowerBound(field: number, value: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.fields[middle * RUN_FIELDS + field]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private grow(): void {
    const larger = new Float64Array(Math.max(2 * RUN_FIELDS, this.fields.length * 2));
    larger.set(this.fields);
    this.fields = larger;
  }
}

/** Where the runs of a lane lie in a segment's index file. */
export interface StoredRuns {
  readonly position: number;
  readonly count: number;
  readonly crc: number;
}

/** A lane within a segment: its bounds, always known, and its runs when they are in memory. */
export class LaneIndex {
  firstKey: number;
  lastKey: number;
  firstTimeMs: number;
  lastTimeMs: number;
  runs: RunList | undefined;
  /** Undefined while no index file holds them. */
  stored: StoredRuns | undefined;

  constructor(span: Pick<RunEntry, 'firstKey' | 'lastKey' | 'firstTimeMs' | 'lastTimeMs'>) {
    this.firstKey = span.firstKey;
    this.lastKey = span.lastKey;
    this.firstTimeMs = span.firstTimeMs;
    this.lastTimeMs = span.lastTimeMs;
  }
}
