/** Slots in the order in which their rows are shown. Most come at the end and go at the front. */

/** Compares two slots by the order of their rows; below 0: the first one comes first. */
export type CompareSlots = (first: number, second: number) => number;

/** So many slots came to stand at `at` and behind it; those that stood there stand behind them now. */
export interface Insertion {
  readonly at: number;
  readonly count: number;
}

const capacityFirst = 1024;

export class SlotList {
  private readonly compare: CompareSlots;
  private slots = new Int32Array(capacityFirst);
  private start = 0;
  private count = 0;

  constructor(compare: CompareSlots) {
    this.compare = compare;
  }

  get length(): number {
    return this.count;
  }

  /** The slot at `index`, from 0 up to below `length`. */
  at(index: number): number {
    return this.slots[this.start + index]!;
  }

  /** Where the slot stands; undefined when it is not here. */
  indexOf(slot: number): number | undefined {
    const index = this.placeOf(slot) - 1;
    return index >= 0 && this.at(index) === slot ? index : undefined;
  }

  push(slot: number): void {
    if (this.start + this.count === this.slots.length) this.makeRoom(1);
    this.slots[this.start + this.count++] = slot;
  }

  shift(): void {
    this.start++;
    this.count--;
  }

  clear(): void {
    this.slots = new Int32Array(capacityFirst);
    this.start = this.count = 0;
  }

  /** Puts slots, which are in their order, where they belong; returns where that was not the end, in order. */
  merge(more: readonly number[]): Insertion[] {
    const [first] = more;
    if (first === undefined) return [];
    if (this.placeOf(first) < this.count) return this.weave(more);
    for (const slot of more) this.push(slot);
    return [];
  }

  /** Puts slots that come before all others, in their order, at the front. */
  prepend(more: readonly number[]): void {
    if (this.start < more.length) this.makeRoom(0, more.length + this.count);
    this.start -= more.length;
    this.count += more.length;
    this.slots.set(more, this.start);
  }

  /** Where the slot stands or would stand, behind those that are equal; `end`: it stands before that. */
  private placeOf(slot: number, end = this.count): number {
    let [low, high] = [0, end];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(this.at(middle), slot) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** From the end on, so that nothing is moved twice; what stays together is moved together. */
  private weave(more: readonly number[]): Insertion[] {
    const places: number[] = [];
    const old = this.count;
    if (this.start + old + more.length > this.slots.length) this.makeRoom(more.length);
    const { slots, start } = this;
    let [left, to] = [old, old + more.length];
    for (let index = more.length - 1; index >= 0; index--) {
      const slot = more[index]!;
      const place = this.placeOf(slot, left);
      to -= left - place;
      slots.copyWithin(start + to, start + place, start + left);
      left = place;
      slots[start + --to] = slot;
      if (place < old) places.push(to);
    }
    this.count = old + more.length;
    return grouped(places.reverse());
  }

  /** Room for so many more at the end, and before the front; what is half empty in front is moved there. */
  private makeRoom(atEnd: number, inFront = 0): void {
    const { start, count } = this;
    const wanted = inFront + count + atEnd;
    const mayMove = inFront === 0 && start >= count && wanted <= this.slots.length;
    if (mayMove) this.slots.copyWithin(0, start, start + count);
    else {
      const slots = new Int32Array(Math.max(capacityFirst, wanted * 2));
      slots.set(this.slots.subarray(start, start + count), inFront);
      this.slots = slots;
    }
    this.start = inFront;
  }
}

/** Neighbours together. */
function grouped(places: readonly number[]): Insertion[] {
  const groups: { at: number; count: number }[] = [];
  for (const place of places) {
    const last = groups.at(-1);
    if (last && last.at + last.count === place) last.count++;
    else groups.push({ at: place, count: 1 });
  }
  return groups;
}
