/**
 * Watches a JSON field of the rows of a ring: a row whose value is lower than the highest before it of the same
 * partition key is out of order. Rows are looked at in slices, the oldest first; those that come late are put where they
 * belong, and may bring others out of order. Rows that have gone still count, rows that come before them do not.
 */
import { maskText } from '../decode/mask.ts';
import type * as Protocol from '../protocol/columns.ts';
import type { Step } from '../query/tree.ts';
import { cellText, shownCell } from './fieldCells.ts';
import type { JsonHeads } from './jsonHeads.ts';
import { OrderRun, type RunParts } from './orderRun.ts';
import type { OrderValue } from './orderValue.ts';
import { brokenMark, OrderValues, strangerMark } from './orderValues.ts';
import type { Ring, RingWatcher } from './ring.ts';
import { SlotList } from './slotList.ts';
import type { SliceBudget } from './view.ts';

/** Partition keys that are watched at a time, those of dates and of texts apart. */
export const orderKeysMax = 50_000;

export interface OrderParts {
  readonly path: string;
  readonly steps: readonly Step[];
  readonly heads: JsonHeads;
  /** Milliseconds on a clock that never falls. */
  monotonic(): number;
  readonly keysMax?: number;
}

/** Rows that come are looked at at once so far; the others when their turn comes. */
const atOnce: SliceBudget = { rows: 8192, ms: 10 };

export class OrderCheck implements RingWatcher {
  readonly path: string;
  private readonly ring: Ring;
  private readonly heads: JsonHeads;
  private readonly values: OrderValues;
  private readonly monotonic: () => number;
  private readonly keysMax: number;
  private readonly runParts: RunParts;
  private readonly runs = new Map<string, OrderRun>();
  /** Keys of which no row is held: they give way once there are too many. */
  private readonly idle = new Set<string>();
  private readonly broken: SlotList;
  /** Rows that came late, and wait for their turn. */
  private readonly late = new Set<number>();
  /** So many of the oldest rows have had their turn, or are among the late ones; and the last of them. */
  private seen = 0;
  private lastSeen: number | undefined;
  /** Where the last of the rows that have gone belonged. */
  private goneMs = Number.NEGATIVE_INFINITY;
  private strangers = 0;
  private revisionCount = 0;

  constructor(ring: Ring, { path, steps, heads, monotonic, keysMax = orderKeysMax }: OrderParts) {
    const { compare } = ring.store;
    const values = new OrderValues(heads, steps);
    this.path = path;
    this.ring = ring;
    this.heads = heads;
    this.monotonic = monotonic;
    this.keysMax = keysMax;
    this.values = values;
    this.runParts = { compare, valueOf: (slot) => values.at(slot)!.value };
    this.broken = new SlotList(compare);
    ring.watch(this);
  }

  get isComplete(): boolean {
    return this.waiting === 0;
  }

  get state(): Protocol.OrderState {
    return {
      path: this.path,
      flagged: this.broken.length,
      waiting: this.waiting,
      keys: this.runs.size,
      unwatched: this.strangers,
      revision: this.revisionCount,
    };
  }

  dispose(): void {
    this.ring.unwatch(this);
  }

  /** Looks at rows until the budget is used up; true when none is left. */
  advance(budget: SliceBudget): boolean {
    const { length } = this.broken;
    this.look(budget);
    if (this.broken.length > length) this.revisionCount++;
    return this.isComplete;
  }

  /** What the row came after, as a cell shows it; undefined when it is not out of order. */
  brokenAfter(slot: number): string | undefined {
    const value = this.isBroken(slot) ? this.values.at(slot) : undefined;
    const run = value && this.runs.get(this.keyOf(slot, value));
    if (!run) return undefined;
    const before = run.slotBefore(slot);
    if (before !== undefined) return shownCell(this.heads, this.values.shownAt(before) ?? maskText);
    return this.heads.isMasked ? maskText : goneText(value.kind, run.gone!);
  }

  /** The row out of order next behind `slot`, or next before it; of no slot the first, or the last. */
  next(slot: number | undefined, step: 1 | -1): number | undefined {
    const { broken } = this;
    if (slot === undefined)
      return broken.length > 0 ? broken.at(step > 0 ? 0 : broken.length - 1) : undefined;
    const { compare } = this.ring.store;
    let [low, high] = [0, broken.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = compare(broken.at(middle), slot);
      if (order < 0 || (order === 0 && step > 0)) low = middle + 1;
      else high = middle;
    }
    const at = step > 0 ? low : low - 1;
    return at >= 0 && at < broken.length ? broken.at(at) : undefined;
  }

  came(slots: readonly number[]): void {
    const { compare } = this.ring.store;
    const { lastSeen } = this;
    for (const slot of slots) {
      if (lastSeen === undefined || compare(slot, lastSeen) > 0) break;
      this.seen++;
      this.late.add(slot);
    }
    const { length } = this.broken;
    const areOthersWaiting = this.waiting > slots.length;
    this.look(atOnce);
    if (areOthersWaiting && this.broken.length > length) this.revisionCount++;
  }

  goes(slot: number): void {
    if (this.seen === 0) this.lookAtNext();
    if (this.late.delete(slot)) this.lookAtLate(slot);
    this.seen--;
    if (this.seen === 0) this.lastSeen = undefined;
    this.goneMs = Math.max(this.goneMs, this.ring.store.orderOf(slot));
    if (this.values.unmark(slot, strangerMark)) this.strangers--;
    const value = this.values.at(slot);
    if (!value) return;
    const key = this.keyOf(slot, value);
    const run = this.runs.get(key)!;
    run.shift(slot);
    if (run.isEmpty) this.idle.add(key);
    this.values.forget(slot);
    if (this.values.unmark(slot, brokenMark)) this.broken.shift();
  }

  cleared(): void {
    this.runs.clear();
    this.idle.clear();
    this.late.clear();
    this.broken.clear();
    this.values.clear();
    this.seen = this.strangers = 0;
    this.lastSeen = undefined;
    this.goneMs = Number.NEGATIVE_INFINITY;
  }

  private get waiting(): number {
    return this.ring.length - this.seen + this.late.size;
  }

  private isBroken(slot: number): boolean {
    return this.values.has(slot, brokenMark);
  }

  private look({ rows, ms }: SliceBudget): void {
    const beganMs = this.monotonic();
    for (let looked = 0; looked < rows && !this.isComplete; looked++) {
      const [late] = this.late;
      if (late === undefined) this.lookAtNext();
      else {
        this.late.delete(late);
        this.lookAtLate(late);
      }
      if (this.monotonic() - beganMs >= ms) return;
    }
  }

  private lookAtNext(): void {
    const slot = this.ring.at(this.seen++);
    this.lastSeen = slot;
    const value = this.take(slot);
    const run = value && this.runOf(slot, value);
    if (run && !run.append(slot, value.value)) this.flag(slot);
  }

  /** Others may be out of order now, and may have come after another value. */
  private lookAtLate(slot: number): void {
    const value = this.take(slot);
    const run = value && this.runOf(slot, value);
    if (!run) return;
    this.revisionCount++;
    for (const broken of run.insert(slot, value.value)) this.flag(broken);
  }

  /** Nobody knows what came before a row that belongs before some that have gone. */
  private take(slot: number): OrderValue | undefined {
    const value = this.values.take(slot);
    if (this.ring.store.orderOf(slot) >= this.goneMs) return value;
    this.values.forget(slot);
    return undefined;
  }

  private flag(slot: number): void {
    this.values.mark(slot, brokenMark);
    this.broken.merge([slot]);
  }

  /** Undefined when too many keys are watched. */
  private runOf(slot: number, value: OrderValue): OrderRun | undefined {
    const key = this.keyOf(slot, value);
    this.idle.delete(key);
    const known = this.runs.get(key);
    if (known) return known;
    if (this.runs.size >= this.keysMax && !this.forgetKey()) {
      this.values.forget(slot);
      this.values.mark(slot, strangerMark);
      this.strangers++;
      return undefined;
    }
    const run = new OrderRun(this.runParts);
    this.runs.set(key, run);
    return run;
  }

  private forgetKey(): boolean {
    const [key] = this.idle;
    if (key === undefined) return false;
    this.idle.delete(key);
    return this.runs.delete(key);
  }

  private keyOf(slot: number, { kind }: OrderValue): string {
    return `${kind} ${this.ring.store.partitionKeyOf(slot)}`;
  }
}

function goneText(kind: OrderValue['kind'], value: OrderValue['value']): string {
  if (kind === 'date') return new Date(Number(value)).toISOString();
  return cellText(kind === 'text' ? JSON.stringify(value) : String(value));
}
