/**
 * The runs of one batch, while it grows, is encoded and enters the index: eight numbers a run in one flat
 * array. With an entry or two in each run, an object for each would cost as much as its entries.
 */
import { COUNT, LENGTH, RUN_FIELDS, type RunEntry, runEntryAt } from './runIndex.ts';

/** Numbers a run; the first are those of a RunList, in its order. */
export const TABLE_FIELDS = RUN_FIELDS + 1;
export const LANE = RUN_FIELDS;

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
    return { lane: this.fields[at + LANE]!, ...runEntryAt(this.fields, at) };
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
