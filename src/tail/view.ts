/**
 * The rows of a ring that match a filter, by position. A position is a row's place in the view, counted on when the
 * oldest go; rows that come late move those behind them, which `takeMoves` tells.
 */
import type { ShownText } from '../query/marks.ts';
import type { Span } from '../query/span.ts';
import type { Now } from '../query/values.ts';
import type { Ring, RingWatcher } from './ring.ts';
import { type ChooserParts, RowChooser } from './rowChooser.ts';
import { type Insertion, SlotList } from './slotList.ts';

/** How much one slice may look at, and for how long, before others get their turn. */
export interface SliceBudget {
  readonly rows: number;
  readonly ms: number;
}

/** Rows that come are looked at at once so far; the others when their turn comes. */
const atOnce: SliceBudget = { rows: 8192, ms: 10 };
/** More moves than these are not told one by one. */
const insertionsMax = 10_000;

/** Those who look at the rows that match. */
export interface ViewWatcher {
  /** Rows match from now on, in their order; they may stand before others. */
  chose(slots: readonly number[]): void;
  /** The oldest of them goes. */
  drops(slot: number): void;
  /** None is known any more: they are looked for anew. */
  forgot(): void;
}

export class View implements RingWatcher {
  private readonly ring: Ring;
  private readonly chooser: RowChooser;
  private readonly list: SlotList;
  /** The position of the first row of the list. */
  private firstPosition = 0;
  private matchingRecords = 0;
  private generationCount = 0;
  /** How many of the ring's oldest rows were not compared with the filter: the newest are looked at first. */
  private unseen = 0;
  /** The slot of the oldest row that was compared, while some were not. */
  private oldestSeen: number | undefined;
  /** Rows that came since and were not compared, as they came. */
  private readonly fresh = new Set<number>();
  private insertions: Insertion[] = [];
  private hasLostMoves = false;
  /** Of the rows that match; told of every change of them. */
  watcher: ViewWatcher | undefined;

  constructor(ring: Ring, parts: ChooserParts) {
    this.ring = ring;
    this.chooser = new RowChooser(ring.store, parts);
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

  /** As the user wrote it. */
  get filter(): string {
    return this.chooser.text;
  }

  /** Why the filter chooses nothing, in a sentence. */
  get problem(): string | undefined {
    return this.chooser.problem;
  }

  /** Every row is chosen, without a look at it. */
  get isUnfiltered(): boolean {
    return this.chooser.choosesAll;
  }

  /** False while rows wait to be compared with the filter. */
  get isComplete(): boolean {
    return this.unseen === 0 && this.fresh.size === 0;
  }

  /** Rows that were held when the filter came were not all compared with it. */
  get isLooking(): boolean {
    return this.unseen > 0;
  }

  get hasMoved(): boolean {
    return this.insertions.length > 0 || this.hasLostMoves;
  }

  /** Where what is looked for occurs in texts that are shown. */
  marksIn(texts: readonly ShownText[]): Span[][] {
    return this.chooser.marksIn(texts);
  }

  /** Starts anew with `text`, ages counted from `now`; `advance` then finds the rows. */
  setFilter(text: string, now: Now): void {
    this.chooser.ask(text, now);
    this.reset();
  }

  /**
   * Where rows came to stand before others since this was last asked, one after the other; undefined when there were
   * too many to tell.
   */
  takeMoves(): readonly Insertion[] | undefined {
    const { insertions, hasLostMoves } = this;
    this.insertions = [];
    this.hasLostMoves = false;
    return hasLostMoves ? undefined : insertions;
  }

  dispose(): void {
    this.ring.unwatch(this);
  }

  /**
   * Looks at rows not seen yet until the budget is used up: those that came since, then the others, the newest first.
   * True when none is left.
   */
  advance(budget: SliceBudget): boolean {
    if (this.fresh.size > 0) this.lookAtFresh(budget);
    else this.lookBack(budget);
    return this.isComplete;
  }

  /** The slot of the row at `position`, or undefined when it was dropped or is not there yet. */
  at(position: number): number | undefined {
    const index = position - this.firstPosition;
    return index >= 0 && index < this.list.length ? this.list.at(index) : undefined;
  }

  /** Where the row stands; undefined when it is not shown. */
  positionOf(slot: number): number | undefined {
    const index = this.list.indexOf(slot);
    return index === undefined ? undefined : this.firstPosition + index;
  }

  came(slots: readonly number[]): void {
    const behind = this.unseen > 0 ? slots.filter((slot) => this.isBehindSeen(slot)) : slots;
    this.unseen += slots.length - behind.length;
    if (this.isUnfiltered && this.fresh.size === 0) this.take(behind);
    else {
      for (const slot of behind) this.fresh.add(slot);
      this.lookAtFresh(atOnce);
    }
  }

  goes(slot: number): void {
    if (this.unseen > 0) this.unseen--;
    else if (!this.fresh.delete(slot)) this.drop(slot);
  }

  cleared(): void {
    this.reset();
  }

  /** Rows among those that are still to be looked at are looked at with them. */
  private isBehindSeen(slot: number): boolean {
    const { oldestSeen, ring } = this;
    return oldestSeen !== undefined && ring.store.compare(slot, oldestSeen) > 0;
  }

  private lookAtFresh({ rows, ms }: SliceBudget): void {
    const slots: number[] = [];
    for (const slot of this.fresh) {
      if (slots.length >= rows) break;
      slots.push(slot);
    }
    const chosen = this.chosenOf(slots, ms);
    if (!chosen) return;
    for (const slot of slots.slice(0, chosen.looked)) this.fresh.delete(slot);
    this.take(chosen.slots.sort(this.ring.store.compare));
  }

  private lookBack({ rows, ms }: SliceBudget): void {
    const slots: number[] = [];
    const count = Math.min(rows, this.unseen);
    for (let back = 1; back <= count; back++) slots.push(this.ring.at(this.unseen - back));
    const chosen = this.chosenOf(slots, ms);
    if (!chosen || chosen.looked === 0) return;
    this.unseen -= chosen.looked;
    this.oldestSeen = slots[chosen.looked - 1];
    this.list.prepend(chosen.slots.reverse());
    this.firstPosition -= chosen.slots.length;
    this.count(chosen.slots);
    this.watcher?.chose(chosen.slots);
  }

  /** Of the first of `slots`, as many as there is time for; undefined: all is to be looked at again. */
  private chosenOf(
    slots: readonly number[],
    ms: number,
  ): { readonly slots: number[]; readonly looked: number } | undefined {
    const wasUnfiltered = this.isUnfiltered;
    const results = this.chooser.choose(slots, ms);
    if (this.isUnfiltered !== wasUnfiltered) {
      this.reset();
      return undefined;
    }
    return { slots: slots.filter((_, index) => results[index]), looked: results.length };
  }

  /** Shows rows that match, which are in their order. */
  private take(slots: readonly number[]): void {
    this.count(slots);
    for (const { at, count } of this.list.merge(slots)) {
      this.insertions.push({ at: this.firstPosition + at, count });
    }
    this.watcher?.chose(slots);
    if (this.insertions.length <= insertionsMax) return;
    this.insertions = [];
    this.hasLostMoves = true;
  }

  private drop(slot: number): void {
    if (this.list.length === 0 || this.list.at(0) !== slot) return;
    this.watcher?.drops(slot);
    this.list.shift();
    this.firstPosition++;
    if (this.ring.store.isRecord(slot)) this.matchingRecords--;
  }

  /**
   * Gives all positions up; the rows in the ring get new ones, none of which was used. They are found from the end,
   * so there is room in front, also for those that come late meanwhile.
   */
  private reset(): void {
    this.generationCount++;
    this.firstPosition = this.end + (this.ring.length > 0 ? 2 * this.ring.bounds.rowsMax : 0);
    this.list.clear();
    this.fresh.clear();
    this.matchingRecords = 0;
    this.insertions = [];
    this.hasLostMoves = false;
    this.unseen = this.ring.length;
    this.oldestSeen = undefined;
    this.watcher?.forgot();
  }

  private count(slots: readonly number[]): void {
    for (const slot of slots) if (this.ring.store.isRecord(slot)) this.matchingRecords++;
  }
}
