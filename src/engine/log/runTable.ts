/**
 * The runs of one batch, while it grows, is encoded and enters the index: eight numbers a run in one flat
 * array. With an entry or two in each run, an object for each would cost as much as its entries.
 */
import type { RunEntry } from './runIndex.ts';

/** Numbers a run; the first seven in the order of a RunList. */
export const TABLE_FIELDS = 8;
export const FIRST_KEY = 0;
export const LAST_KEY = 1;
export const FIRST_TIME = 2;
export const LAST_TIME = 3;
export const POSITION = 4;
export const LENGTH = 5;
export const COUNT = 6;
export const LANE = 7;

const RUNS_AT_FIRST = 8;
/** Tables with room for more runs are not used again. */
export const IDLE_RUNS_MAX = 8192;
/** Tables that lie idle at most: 2 MiB. */
export const IDLE_TABLES_MAX = 4;

export class RunTable {
  /** TABLE_FIELDS numbers a run; replaced by a larger one as runs are added. */
  fields = new Float64Array(RUNS_AT_FIRST * TABLE_FIELDS);
  count = 0;

  /** A run without entries; the result is its number. */
  start(lane: number, length: number): number {
    const at = this.count * TABLE_FIELDS;
    if (at === this.fields.length) this.grow();
    const { fields } = this;
    fields[at + LANE] = lane;
    fields[at + LENGTH] = length;
    fields[at + COUNT] = 0;
    return this.count++;
  }

  /** As an object, with the lane. */
  at(run: number): RunEntry & { readonly lane: number } {
    const at = run * TABLE_FIELDS;
    const { fields } = this;
    return {
      lane: fields[at + LANE]!,
      firstKey: fields[at + FIRST_KEY]!,
      lastKey: fields[at + LAST_KEY]!,
      firstTimeMs: fields[at + FIRST_TIME]!,
      lastTimeMs: fields[at + LAST_TIME]!,
      position: fields[at + POSITION]!,
      length: fields[at + LENGTH]!,
      count: fields[at + COUNT]!,
    };
  }

  private grow(): void {
    const larger = new Float64Array(this.fields.length * 2);
    larger.set(this.fields);
    this.fields = larger;
  }
}

const idle: RunTable[] = [];

/** An empty table. */
export const takeTable = (): RunTable => idle.pop() ?? new RunTable();

/** Nobody looks at `table` any more. */
export function giveTable(table: RunTable): void {
  table.count = 0;
  const isSmall = table.fields.length <= IDLE_RUNS_MAX * TABLE_FIELDS;
  if (isSmall && idle.length < IDLE_TABLES_MAX) idle.push(table);
}
