/** What a tab's columns ask of a tail: cells of JSON fields, the fields there are, and the order of one of them. */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Decoder } from '../decode/decoder.ts';
import type * as Columns from '../protocol/columns.ts';
import type { TailRow } from '../protocol/tail.ts';
import { pathSteps } from '../query/path.ts';
import { FieldCells } from './fieldCells.ts';
import { foundFields } from './foundFields.ts';
import { JsonHeads } from './jsonHeads.ts';
import type { Masking } from './masking.ts';
import { OrderCheck } from './orderCheck.ts';
import type { Ring } from './ring.ts';
import type { SliceBudget, View } from './view.ts';

export interface TabColumnsParts {
  readonly ring: Ring;
  readonly clock: Clock;
  readonly decoder: Decoder;
  /** Hides what is not to be seen; absent: nothing is hidden. */
  readonly masking?: Masking | undefined;
  readonly view: View;
  /** False while nobody looks: then no timer runs. */
  isVisible(): boolean;
  /** Something that a tick tells has changed. */
  changed(): void;
}

/** One slice of the order check; others get their turn between two. */
const slice: SliceBudget = { rows: 50_000, ms: 10 };
/** Records that are looked at for their fields. */
const fieldRowsMax = 200;

export class TabColumns implements Disposable {
  private readonly parts: TabColumnsParts;
  private readonly heads: JsonHeads;
  private check: OrderCheck | undefined;
  private slicing: Disposable | undefined;

  constructor(parts: TabColumnsParts) {
    this.parts = parts;
    this.heads = new JsonHeads(parts.ring.store, parts.decoder, parts.masking);
  }

  /** How the order check fares, while there is one. */
  get order(): Columns.OrderState | undefined {
    return this.check?.state;
  }

  /** Rows of a page with a cell for each of `paths`, and with what they came after when they are out of order. */
  dress(rows: readonly TailRow[], paths: readonly string[] = []): TailRow[] {
    const cells = paths.length > 0 ? new FieldCells(this.heads, paths) : undefined;
    const { store } = this.parts.ring;
    return rows.map((row) => {
      const slot = row.kind === 'record' ? store.slotOf(row.id) : undefined;
      if (slot === undefined || row.kind === 'event') return row;
      const brokenAfter = this.check?.brokenAfter(slot);
      return {
        ...row,
        ...cells?.of(slot),
        ...(brokenAfter === undefined ? {} : { brokenAfter }),
      };
    });
  }

  /** The fields of the records at `from` up to `from + count`, of 200 at most. */
  fields({ from, count }: { from: number; count: number }): Columns.FieldsFound {
    const { view, ring } = this.parts;
    const end = Math.min(view.end, Math.trunc(from) + Math.min(Math.trunc(count), fieldRowsMax));
    const slots: number[] = [];
    for (let position = Math.max(view.first, Math.trunc(from)); position < end; position++) {
      const slot = view.at(position)!;
      if (ring.store.isRecord(slot)) slots.push(slot);
    }
    return foundFields(this.heads, slots);
  }

  /** Watches the field from now on, or none; a path that leads to several values is none. */
  watchOrder(path: string | undefined): void {
    if (path === this.check?.path) return;
    this.check?.dispose();
    this.check = undefined;
    const steps = path === undefined ? undefined : pathSteps(path);
    if (path !== undefined && steps && !path.includes('[*]')) {
      const { ring, clock } = this.parts;
      const monotonic = (): number => clock.monotonic();
      this.check = new OrderCheck(ring, { path, steps, heads: this.heads, monotonic });
    }
    this.changed();
    this.parts.changed();
  }

  /** Records are decoded otherwise now. */
  readAnew(): void {
    const path = this.check?.path;
    this.watchOrder(undefined);
    this.watchOrder(path);
  }

  /** Where the next row out of order stands behind `from`, or before it, of those that are shown. */
  nextBroken({ from, step }: Columns.BrokenAsked): number | undefined {
    const { view } = this.parts;
    let slot = this.check?.next(from === undefined ? undefined : view.at(from), step);
    while (slot !== undefined) {
      const position = view.positionOf(slot);
      if (position !== undefined) return position;
      slot = this.check?.next(slot, step);
    }
    return undefined;
  }

  /** Rows may wait for the order check. */
  changed(): void {
    if (this.slicing || !this.parts.isVisible() || (this.check?.isComplete ?? true)) return;
    this.slicing = this.parts.clock.schedule(0, () => {
      this.slicing = undefined;
      this.check?.advance(slice);
      this.changed();
      this.parts.changed();
    });
  }

  /** Until `changed`. */
  stop(): void {
    this.slicing?.dispose();
    this.slicing = undefined;
  }

  dispose(): void {
    this.stop();
    this.check?.dispose();
    this.check = undefined;
  }
}
