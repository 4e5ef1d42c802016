/**
 * The rows of a ring that match a filter, by position. A position is a row's place in the view, counted on when the
 * oldest go; rows that come late move those behind them, which `Moves` tells.
 */
import type { Decoder } from '../decode/decoder.ts';
import type { Matcher } from '../query/matcher.ts';
import { parseQuery, type Query } from '../query/query.ts';
import type { Span } from '../query/span.ts';
import type { Now } from '../query/values.ts';
import type { Ring, RingWatcher } from './ring.ts';
import { RowSubject } from './rowSubject.ts';
import { type Insertion, SlotList } from './slotList.ts';

/** How much one slice may look at before others get their turn. */
export interface SliceBudget {
  readonly rows: number;
  readonly bytes: number;
}

/** So many insertions are told one by one; of more only the first place and their number. */
const insertionsMax = 32;

/**
 * Runs what may take for ever, for a moment: false when it was cut short, at any point of it. Without expressions
 * of the user's nothing needs it.
 */
export type TimeBox = (task: () => void) => boolean;

export interface ViewParts {
  readonly decoder: Decoder;
  readonly timeBox: TimeBox;
}

const stuckProblem =
  'The expression takes too long on a record, so it chooses nothing. Write it without repetitions inside repetitions.';

export class View implements RingWatcher {
  private readonly ring: Ring;
  private readonly subject: RowSubject;
  private readonly timeBox: TimeBox;
  private readonly list: SlotList;
  private current: Query = parseQuery('');
  private matches: Matcher = () => true;
  /** The expression was cut short, and is not asked any more. */
  private isStuck = false;
  private areMarksStuck = false;
  /** The position of the first row of the list. */
  private firstPosition = 0;
  private matchingRecords = 0;
  private generationCount = 0;
  /** How many of the ring's oldest rows were not compared with the filter: the newest are looked at first. */
  private unseen = 0;
  /** The slot of the oldest row that was compared, while some were not. */
  private oldestSeen: number | undefined;
  private insertions: Insertion[] = [];

  constructor(ring: Ring, { decoder, timeBox }: ViewParts) {
    this.ring = ring;
    this.subject = new RowSubject(ring.store, decoder);
    this.timeBox = timeBox;
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
    return this.current.text;
  }

  /** Why it chooses nothing, in a sentence. */
  get problem(): string | undefined {
    return this.isStuck ? stuckProblem : this.current.problem;
  }

  /** Every row is chosen, without a look at it. */
  get isUnfiltered(): boolean {
    return this.isStuck || this.current.isEmpty;
  }

  /** Where what is looked for occurs in texts that are shown. */
  marksIn(texts: readonly string[]): readonly Span[][] {
    const marks = this.areMarksStuck
      ? undefined
      : this.each(texts, (text) => this.current.spans(text));
    this.areMarksStuck ||= marks === undefined;
    return marks ?? texts.map(() => []);
  }

  /** False while rows wait to be compared with the filter. */
  get isComplete(): boolean {
    return this.unseen === 0;
  }

  /** Starts anew with `text`, ages counted from `now`; `advance` then finds the rows. */
  setFilter(text: string, now: Now): void {
    this.current = parseQuery(text);
    this.matches = this.current.matcher(now);
    this.isStuck = this.areMarksStuck = false;
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
    const slots = this.nextUnseen(budget);
    const found = this.chosenOf(slots);
    if (!found) return false;
    this.unseen -= slots.length;
    this.oldestSeen = slots.at(-1) ?? this.oldestSeen;
    this.list.prepend(found.reverse());
    this.firstPosition -= found.length;
    this.count(found);
    return this.isComplete;
  }

  /** The newest of the rows that were not looked at. */
  private nextUnseen({ rows, bytes }: SliceBudget): number[] {
    const slots: number[] = [];
    let left = bytes;
    while (slots.length < Math.min(rows, this.unseen) && left > 0) {
      const slot = this.ring.at(this.unseen - 1 - slots.length);
      left -= this.ring.store.sizeOf(slot);
      slots.push(slot);
    }
    return slots;
  }

  /** The slot of the row at `position`, or undefined when it was dropped or is not there yet. */
  at(position: number): number | undefined {
    const index = position - this.firstPosition;
    return index >= 0 && index < this.list.length ? this.list.at(index) : undefined;
  }

  came(slots: readonly number[]): void {
    const matching = this.chosenOf(slots);
    if (!matching) return;
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

  /** Those that match; undefined when the expression turned out to be stuck, and all is to be looked at again. */
  private chosenOf(slots: readonly number[]): number[] | undefined {
    if (this.isUnfiltered) return [...slots];
    const results = this.each(slots, (slot) => this.isMatch(slot));
    if (results) return slots.filter((_, index) => results[index]);
    this.isStuck = true;
    this.reset();
    return undefined;
  }

  /** The result of each; undefined when one took too long, and again when it was tried a second time. */
  private each<T, R>(items: readonly T[], find: (item: T) => R): R[] | undefined {
    const results: R[] = [];
    const task = (): void => {
      for (let index = results.length; index < items.length; index++) {
        results.push(find(items[index]!));
      }
    };
    if (!this.current.hasRegex) task();
    // The machine may have stood still, or there is much to do: what goes on is not stuck.
    for (let before = -1; results.length < items.length; before = results.length) {
      if (!this.timeBox(task) && results.length === before) return undefined;
    }
    return results;
  }

  /** Events always show: without them a gap among the records could not be understood. */
  private isMatch(slot: number): boolean {
    return !this.ring.store.isRecord(slot) || this.matches(this.subject.of(slot));
  }
}
