/**
 * The rows of a ring that match a filter, by position. A position is a row's place in the view, counted on when the
 * oldest go; rows that come late move those behind them, which `Moves` tells.
 */
import type { Decoder } from '../decode/decoder.ts';
import { parseTextFilter, type TextFilter } from '../query/textFilter.ts';
import type { Ring, RingWatcher } from './ring.ts';
import { type Insertion, SlotList } from './slotList.ts';

/** How much one slice may look at before others get their turn. */
export interface SliceBudget {
  readonly rows: number;
  readonly bytes: number;
}

/** So many insertions are told one by one; of more only the first place and their number. */
const insertionsMax = 32;

export class View implements RingWatcher {
  private readonly ring: Ring;
  private readonly decoder: Decoder;
  private readonly list: SlotList;
  private current: TextFilter = parseTextFilter('');
  /** The position of the first row of the list. */
  private firstPosition = 0;
  private matchingRecords = 0;
  private generationCount = 0;
  /** How many of the ring's oldest rows were not compared with the filter: the newest are looked at first. */
  private unseen = 0;
  /** The slot of the oldest row that was compared, while some were not. */
  private oldestSeen: number | undefined;
  private insertions: Insertion[] = [];

  constructor(ring: Ring, decoder: Decoder) {
    this.ring = ring;
    this.decoder = decoder;
    this.list = new SlotList(ring.store.compare);
    ring.watch(this);
    this.reset();
  }

  get first(): number {
    return this.firstPosition;
  }

  get end(): number {
    return this.firstPosition + this.list.length;
  }

  /** Records that match. */
  get matching(): number {
    return this.matchingRecords;
  }

  /** Raised when positions mean something else. */
  get generation(): number {
    return this.generationCount;
  }

  get filter(): TextFilter {
    return this.current;
  }

  /** False while rows wait to be compared with the filter. */
  get isComplete(): boolean {
    return this.unseen === 0;
  }

  /** Starts anew with `text`; `advance` then finds the rows. */
  setFilter(text: string): void {
    this.current = parseTextFilter(text);
    this.reset();
  }

  get hasMoved(): boolean {
    return this.insertions.length > 0;
  }

  /** Where rows came to stand before others since this was last asked, one after the other. */
  takeInsertions(): Insertion[] {
    const { insertions } = this;
    this.insertions = [];
    return insertions;
  }

  dispose(): void {
    this.ring.unwatch(this);
  }

  /** Looks at rows not seen yet, the newest first, until the budget is used up. True when none is left. */
  advance(budget: SliceBudget): boolean {
    let { rows, bytes } = budget;
    const found: number[] = [];
    while (this.unseen > 0 && rows > 0 && bytes > 0) {
      const slot = this.ring.at(--this.unseen);
      this.oldestSeen = slot;
      if (this.isMatch(slot)) found.push(slot);
      bytes -= this.ring.store.sizeOf(slot);
      rows--;
    }
    this.list.prepend(found.reverse());
    this.firstPosition -= found.length;
    this.count(found);
    return this.isComplete;
  }

  /** The slot of the row at `position`, or undefined when it was dropped or is not there yet. */
  at(position: number): number | undefined {
    const index = position - this.firstPosition;
    return index >= 0 && index < this.list.length ? this.list.at(index) : undefined;
  }

  came(slots: readonly number[]): void {
    const matching = this.current.isEmpty ? slots : slots.filter((slot) => this.isMatch(slot));
    const seen = this.unseen > 0 ? this.takeUnseen(slots, matching) : matching;
    this.count(seen);
    for (const { at, count } of this.list.merge(seen)) {
      this.note({ at: this.firstPosition + at, count });
    }
  }

  goes(slot: number): void {
    if (this.unseen > 0) this.unseen--;
    if (this.list.length === 0 || this.list.at(0) !== slot) return;
    this.list.shift();
    this.firstPosition++;
    if (this.ring.store.isRecord(slot)) this.matchingRecords--;
  }

  cleared(): void {
    this.reset();
  }

  /** Those that came among rows that are still to be looked at are looked at with them. */
  private takeUnseen(slots: readonly number[], matching: readonly number[]): readonly number[] {
    const { oldestSeen, ring } = this;
    const isSeen = (slot: number): boolean =>
      oldestSeen !== undefined && ring.store.compare(slot, oldestSeen) > 0;
    for (const slot of slots) if (!isSeen(slot)) this.unseen++;
    return matching.filter(isSeen);
  }

  /**
   * Gives all positions up; the rows in the ring get new ones, none of which was used. They are found from the end,
   * so there is room in front, also for those that come late meanwhile.
   */
  private reset(): void {
    this.generationCount++;
    this.firstPosition = this.end + (this.ring.length > 0 ? 2 * this.ring.bounds.rowsMax : 0);
    this.list.clear();
    this.matchingRecords = 0;
    this.insertions = [];
    this.unseen = this.ring.length;
    this.oldestSeen = undefined;
  }

  private count(slots: readonly number[]): void {
    for (const slot of slots) if (this.ring.store.isRecord(slot)) this.matchingRecords++;
  }

  private note(insertion: Insertion): void {
    this.insertions.push(insertion);
    if (this.insertions.length <= insertionsMax) return;
    const at = Math.min(...this.insertions.map((one) => one.at));
    const count = this.insertions.reduce((sum, one) => sum + one.count, 0);
    this.insertions = [{ at, count }];
  }

  /** Events always show: without them a gap among the records could not be understood. */
  private isMatch(slot: number): boolean {
    const { store } = this.ring;
    if (this.current.isEmpty || !store.isRecord(slot)) return true;
    const fields = [
      store.partitionKeyOf(slot),
      store.shardIdOf(slot),
      store.sequenceNumberOf(slot),
    ];
    return this.current.matches(fields, () => this.decoder.searchText(store.dataOf(slot)));
  }
}
