/** Keeps the counts of a list of rows up, which it goes through once, a slice at a time, from the newest row back. */
import type { BucketCounts } from './bucketCounts.ts';
import type { RowStore } from './rowStore.ts';

/** The rows in their order, the oldest at 0. */
export interface Slots {
  readonly length: number;
  at(index: number): number;
}

export class SlotCounter {
  private readonly store: RowStore;
  private readonly counts: BucketCounts;
  private readonly slots: Slots;
  /** How many of the oldest rows were not counted yet. */
  private unseen = 0;
  /** The slot of the oldest row that was counted, while some were not. */
  private oldestSeen: number | undefined;

  constructor(store: RowStore, { counts, slots }: { counts: BucketCounts; slots: Slots }) {
    this.store = store;
    this.counts = counts;
    this.slots = slots;
  }

  get isComplete(): boolean {
    return this.unseen === 0;
  }

  /** Nothing is counted now, and all of the list is to be. */
  begin(): void {
    this.counts.clear();
    this.unseen = this.slots.length;
    this.oldestSeen = undefined;
  }

  /** Counts so many rows more. */
  advance(rows: number): void {
    const count = Math.min(rows, this.unseen);
    for (let back = 1; back <= count; back++) {
      this.oldestSeen = this.slots.at(this.unseen - back);
      this.count(this.oldestSeen, 1);
    }
    this.unseen -= count;
  }

  /** Rows are in the list from now on. */
  came(slots: readonly number[]): void {
    for (const slot of slots) {
      if (this.unseen > 0 && !this.isBehindSeen(slot)) this.unseen++;
      else this.count(slot, 1);
    }
  }

  /** The oldest row goes. */
  goes(slot: number): void {
    if (this.unseen > 0) this.unseen--;
    else this.count(slot, -1);
  }

  /** Rows among those that are still to be counted are counted with them. */
  private isBehindSeen(slot: number): boolean {
    return this.oldestSeen !== undefined && this.store.compare(slot, this.oldestSeen) > 0;
  }

  private count(slot: number, by: 1 | -1): void {
    if (this.store.isRecord(slot)) this.counts.add(slot, by);
  }
}
