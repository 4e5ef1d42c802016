/**
 * Records that were seen lately, whatever the filter was: what one types may hide all rows, and what was known before
 * is known still. Bounded.
 */
import type { RecordRow, TailRow } from '../../src/protocol/tail.ts';

export const seenRowsMax = 200;

export class SeenRows {
  private readonly records = new Map<number, RecordRow>();
  private tail: number | undefined;

  /** Takes what is at hand now, of which the last ones are the newest; another tail has other records. */
  look(rows: Iterable<TailRow>, tail: number | undefined): void {
    if (tail !== this.tail) this.records.clear();
    this.tail = tail;
    for (const row of rows) {
      if (row.kind !== 'record') continue;
      this.records.delete(row.id);
      this.records.set(row.id, row);
    }
    for (const id of this.records.keys()) {
      if (this.records.size <= seenRowsMax) break;
      this.records.delete(id);
    }
  }

  /** The newest last. */
  all(): readonly RecordRow[] {
    return [...this.records.values()];
  }
}
