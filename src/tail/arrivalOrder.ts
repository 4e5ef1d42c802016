/**
 * Brings the rows of all shards into one order: by the time up to which their shard had come, which never falls
 * within a shard, though arrival times do. While a shard is behind, rows later than what was read of it wait, for two
 * seconds at most; what comes later still is put where it belongs.
 */
import type { Ring } from './ring.ts';
import { type Insertion, SlotList } from './slotList.ts';

/** How long a row waits for shards that are behind. */
export const waitMsMax = 2_000;
/** Rows that wait, and their data; of more the oldest go on. */
const rowsWaitingMax = 32_768;
const bytesWaitingMax = 16 * 1024 * 1024;
/** Of a small ring's bytes, this part may wait. */
const waitingPart = 4;

/** Rows that were read together: where the last one of them belongs, and until when it waits. */
interface Due {
  readonly orderMs: number;
  readonly atMs: number;
}

export class ArrivalOrder {
  private readonly ring: Ring;
  private readonly waiting: SlotList;
  private readonly bytesMax: number;
  private dues: Due[] = [];
  private bytesWaiting = 0;
  private lateCount = 0;
  private newestMs = Number.NEGATIVE_INFINITY;

  constructor(ring: Ring) {
    this.ring = ring;
    this.waiting = new SlotList(ring.store.compare);
    this.bytesMax = Math.min(bytesWaitingMax, ring.bounds.bytesMax / waitingPart);
  }

  /** Rows that came to stand before others. */
  get late(): number {
    return this.lateCount;
  }

  /** Rows that wait. */
  get length(): number {
    return this.waiting.length;
  }

  /** Where something belongs that comes behind all that was read. */
  get endMs(): number {
    return this.newestMs;
  }

  /** On the clock that `add` was given: when the row that waits longest has waited enough. */
  get dueMs(): number | undefined {
    return this.dues[0]?.atMs;
  }

  /** Takes rows that the ring keeps, in their order. */
  add(slots: readonly number[], nowMs: number): void {
    const last = slots.at(-1);
    if (last === undefined) return;
    const { store } = this.ring;
    this.waiting.merge(slots);
    for (const slot of slots) this.bytesWaiting += store.bytesOfRow(slot);
    const orderMs = store.orderOf(last);
    this.newestMs = Math.max(this.newestMs, orderMs);
    this.dues.push({ orderMs, atMs: nowMs + waitMsMax });
    this.ring.trim();
  }

  /** Shows the rows up to `reachedMs`, to which every shard has come, and those that waited enough. */
  release(reachedMs: number, nowMs: number): void {
    const { store } = this.ring;
    let limitMs = reachedMs;
    while (this.dues.length > 0 && this.dues[0]!.atMs <= nowMs) {
      limitMs = Math.max(limitMs, this.dues.shift()!.orderMs);
    }
    this.show((slot) => store.orderOf(slot) <= limitMs || this.isOver());
    if (this.waiting.length === 0) this.dues = [];
  }

  /** Shows all of them. */
  flush(): void {
    this.dues = [];
    this.show(() => true);
  }

  /** Counts anew; what waits goes with all that the ring keeps. */
  clear(): void {
    this.waiting.clear();
    this.dues = [];
    this.bytesWaiting = 0;
    this.lateCount = 0;
    this.newestMs = Number.NEGATIVE_INFINITY;
  }

  private isOver(): boolean {
    return this.waiting.length > rowsWaitingMax || this.bytesWaiting > this.bytesMax;
  }

  private show(mayGo: (slot: number) => boolean): void {
    const slots: number[] = [];
    while (this.waiting.length > 0 && mayGo(this.waiting.at(0))) {
      const slot = this.waiting.at(0);
      this.bytesWaiting -= this.ring.store.bytesOfRow(slot);
      this.waiting.shift();
      slots.push(slot);
    }
    if (slots.length === 0) return;
    this.lateCount += countOf(this.ring.show(slots));
  }
}

const countOf = (insertions: readonly Insertion[]): number =>
  insertions.reduce((sum, { count }) => sum + count, 0);
