/** The rows a tail shows, in their order, bounded by their number and their bytes. The oldest go first. */
import { type NewEvent, type NewRecord, RowStore } from './rowStore.ts';
import { type Insertion, SlotList } from './slotList.ts';

export interface RingBounds {
  readonly rowsMax: number;
  /** At least one row is held, however long it is. */
  readonly bytesMax: number;
}

/** Those who look at the rows. */
export interface RingWatcher {
  /** Rows came, in their order; most belong at the end. */
  came(slots: readonly number[]): void;
  /** The oldest row goes; its slot is another's next. */
  goes(slot: number): void;
  /** All rows went. */
  cleared(): void;
}

export class Ring {
  private limits: RingBounds;
  readonly store: RowStore;
  private readonly order: SlotList;
  private readonly watchers = new Set<RingWatcher>();
  private droppedCount = 0;
  private recordCount = 0;
  /** What the last move of rows left wasted. */
  private wastedMax = 0;

  constructor(bounds: RingBounds) {
    this.limits = bounds;
    this.store = new RowStore(bounds.bytesMax);
    this.order = new SlotList(this.store.compare);
  }

  get bounds(): RingBounds {
    return this.limits;
  }

  /** True when they are others than before; the oldest rows beyond them are dropped. */
  setBounds(bounds: RingBounds): boolean {
    const { rowsMax, bytesMax } = this.limits;
    if (bounds.rowsMax === rowsMax && bounds.bytesMax === bytesMax) return false;
    this.limits = bounds;
    this.trim();
    return true;
  }

  get length(): number {
    return this.order.length;
  }

  get bytes(): number {
    return this.store.bytes;
  }

  /** Of the rows shown. */
  get records(): number {
    return this.recordCount;
  }

  /** Rows that were dropped since the ring was made or cleared. */
  get dropped(): number {
    return this.droppedCount;
  }

  /** The slot of the row at `index`, the oldest at 0. */
  at(index: number): number {
    return this.order.at(index);
  }

  watch(watcher: RingWatcher): void {
    this.watchers.add(watcher);
  }

  unwatch(watcher: RingWatcher): void {
    this.watchers.delete(watcher);
  }

  /** Keeps a record that is not shown yet; returns its slot. */
  keepRecord(record: NewRecord): number {
    return this.store.addRecord(record);
  }

  /** Keeps an event that is not shown yet; returns its slot. */
  keepEvent(event: NewEvent): number {
    return this.store.addEvent(event);
  }

  /**
   * Shows rows that were kept, in their order, and drops the oldest until the bounds hold. Returns where rows came
   * to stand before others.
   */
  show(slots: readonly number[]): Insertion[] {
    const insertions = this.order.merge(slots);
    for (const slot of slots) if (this.store.isRecord(slot)) this.recordCount++;
    for (const watcher of this.watchers) watcher.came(slots);
    this.trim();
    return insertions;
  }

  /** All that is kept goes. */
  clear(): void {
    this.order.clear();
    this.store.clear();
    this.recordCount = this.droppedCount = this.wastedMax = 0;
    for (const watcher of this.watchers) watcher.cleared();
  }

  /** Drops the oldest rows shown while what is kept is over the bounds. */
  trim(): void {
    if (this.store.bytes > this.bounds.bytesMax) this.compact();
    while (this.isOver() && this.order.length > 1) {
      const slot = this.order.at(0);
      for (const watcher of this.watchers) watcher.goes(slot);
      this.order.shift();
      if (this.store.isRecord(slot)) this.recordCount--;
      this.store.remove(slot);
      this.droppedCount++;
    }
  }

  /** Where the oldest row shown belongs. */
  get oldestMs(): number {
    return this.order.length > 0 ? this.store.orderOf(this.order.at(0)) : Number.NEGATIVE_INFINITY;
  }

  /** Rows do not go in the order in which they came: much of a block may be held for a few of them. */
  private compact(): void {
    const part = this.bounds.bytesMax / 8;
    if (this.store.wasted < this.wastedMax + part) return;
    this.store.compact();
    this.wastedMax = this.store.wasted;
  }

  private isOver(): boolean {
    return this.order.length > this.bounds.rowsMax || this.store.bytes > this.bounds.bytesMax;
  }
}
