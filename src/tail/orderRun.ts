/**
 * The rows of one partition key that do not break the order of a field, in the order of the list: the value of each
 * is at least that of the one before it. So the last of them before a row is what the row has to be compared with.
 */
import type { OrderValue } from './orderValue.ts';

/** Gone rows are cut off once there are so many of them. */
const goneMax = 64;

export interface RunParts {
  compare(first: number, second: number): number;
  valueOf(slot: number): OrderValue['value'];
}

export class OrderRun {
  private readonly parts: RunParts;
  private readonly slots: number[] = [];
  /** Slots before this one have gone. */
  private head = 0;
  /** The highest value of rows that have gone, the highest of all. */
  private base: OrderValue['value'] | undefined;
  private top: OrderValue['value'] | undefined;
  /** Rows that are out of order and still there. */
  flagged = 0;

  constructor(parts: RunParts) {
    this.parts = parts;
  }

  get isEmpty(): boolean {
    return this.slots.length === this.head && this.flagged === 0;
  }

  /** A row behind all others; false when it is out of order. */
  append(slot: number, value: OrderValue['value']): boolean {
    if (this.top !== undefined && value < this.top) {
      this.flagged++;
      return false;
    }
    this.slots.push(slot);
    this.top = value;
    return true;
  }

  /** A row anywhere among the others: those that are out of order from now on, the row itself perhaps. */
  insert(slot: number, value: OrderValue['value']): number[] {
    const at = this.placeOf(slot);
    const before = this.valueBefore(at);
    if (before !== undefined && value < before) {
      this.flagged++;
      return [slot];
    }
    const { slots, parts } = this;
    let end = at;
    while (end < slots.length && parts.valueOf(slots[end]!) < value) end++;
    const broken = slots.splice(at, end - at, slot);
    if (at === slots.length - 1) this.top = value;
    this.flagged += broken.length;
    return broken;
  }

  /** The oldest row goes. */
  shift(slot: number): void {
    if (this.slots[this.head] !== slot) {
      this.flagged--;
      return;
    }
    this.base = this.parts.valueOf(slot);
    this.head++;
    if (this.head < goneMax || this.head * 2 < this.slots.length) return;
    this.slots.splice(0, this.head);
    this.head = 0;
  }

  /** The row that a row which is out of order has to be compared with; undefined once it has gone. */
  slotBefore(slot: number): number | undefined {
    const at = this.placeOf(slot);
    return at > this.head ? this.slots[at - 1] : undefined;
  }

  /** The highest value of rows that have gone. */
  get gone(): OrderValue['value'] | undefined {
    return this.base;
  }

  private valueBefore(at: number): OrderValue['value'] | undefined {
    return at > this.head ? this.parts.valueOf(this.slots[at - 1]!) : this.base;
  }

  /** Where the row stands or would stand. */
  private placeOf(slot: number): number {
    const { slots, parts } = this;
    let [low, high] = [this.head, slots.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (parts.compare(slots[middle]!, slot) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
