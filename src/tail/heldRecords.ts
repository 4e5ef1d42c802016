/** The records that a tab showed at one moment, handed out piece by piece; meanwhile the tail may drop some of them. */
import type { RecordContent, RowStore } from './rowStore.ts';
import type { View } from './view.ts';

/** Of one piece. */
export const pieceRowsMax = 1000;
/** Likewise, but for a single record that is larger. */
export const pieceBytesMax = 1024 * 1024;

/** A copy: the store may use its memory again. */
export interface HeldCopy extends RecordContent {
  readonly shardId: string;
  readonly arrivedMs: number;
}

export class HeldRecords {
  private readonly store: RowStore;
  /** A number for each, nothing else. */
  private readonly ids: Float64Array;
  private at = 0;
  private droppedCount = 0;

  constructor(store: RowStore, ids: Float64Array) {
    this.store = store;
    this.ids = ids;
  }

  /** Those that the view shows now. */
  static of(view: View, store: RowStore): HeldRecords {
    const ids = new Float64Array(view.matching);
    let count = 0;
    for (let position = view.first; position < view.end; position++) {
      const slot = view.at(position)!;
      if (store.isRecord(slot)) ids[count++] = store.idOf(slot);
    }
    return new HeldRecords(store, ids);
  }

  get total(): number {
    return this.ids.length;
  }

  /** Those that were gone before their turn came. */
  get dropped(): number {
    return this.droppedCount;
  }

  /** The next ones, in their order; undefined when none is left. */
  next(): HeldCopy[] | undefined {
    const copies: HeldCopy[] = [];
    let bytes = 0;
    while (this.at < this.ids.length && copies.length < pieceRowsMax && bytes < pieceBytesMax) {
      const slot = this.store.slotOf(this.ids[this.at]!);
      const size = slot === undefined ? 0 : this.store.sizeOf(slot);
      if (copies.length > 0 && bytes + size > pieceBytesMax) break;
      this.at++;
      bytes += size;
      if (slot === undefined) this.droppedCount++;
      else copies.push(this.copyOf(slot));
    }
    return copies.length > 0 ? copies : undefined;
  }

  private copyOf(slot: number): HeldCopy {
    const { store } = this;
    return {
      shardId: store.shardIdOf(slot),
      sequenceNumber: store.sequenceNumberOf(slot),
      subSequenceNumber: store.subSequenceNumberOf(slot),
      arrivedMs: store.arrivalOf(slot),
      partitionKey: store.partitionKeyOf(slot),
      explicitHashKey: store.explicitHashKeyOf(slot),
      data: store.dataOf(slot).slice(),
    };
  }
}
