/**
 * Records that were seen lately, whatever the filter was: what one types may hide all rows, and what was known before
 * is known still. Bounded.
 */
import type { PanelLook } from '../../src/protocol/record.ts';
import type { RecordRow, TailRow } from '../../src/protocol/tail.ts';

export const seenRowsMax = 200;

/** Whose rows they are, and what of them is hidden. */
export interface Origin {
  readonly tail: number | undefined;
  readonly mask: PanelLook['mask'];
}

export class SeenRows {
  private readonly records = new Map<number, RecordRow>();
  private origin = '';

  /**
   * Takes what is at hand now, of which the last ones are the newest. Another tail has other records, and what was
   * seen before a mask came into force is not to be offered.
   */
  look(rows: Iterable<TailRow>, { tail, mask }: Origin): void {
    const origin = JSON.stringify([tail, mask]);
    if (origin !== this.origin) this.records.clear();
    this.origin = origin;
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
