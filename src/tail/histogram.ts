/**
 * How many of the records held arrived when, and how many of them match. The counts follow the rows as they come and
 * go; only at the beginning, and once most rows have gone, are those held gone through, a slice at a time.
 */
import type { TailHistogram } from '../protocol/histogram.ts';
import { BucketScale, barMsMin, barsMax } from './bucketCounts.ts';
import type { Ring, RingWatcher } from './ring.ts';
import { SlotCounter } from './slotCounter.ts';
import type { View, ViewWatcher } from './view.ts';

/** When no more than this part of the bars is used, shorter ones are looked for. */
const sparsePart = 4;

export class Histogram implements RingWatcher, ViewWatcher {
  private readonly ring: Ring;
  private readonly view: View;
  private readonly scale: BucketScale;
  private readonly parts;
  private readonly all: SlotCounter;
  private readonly matching: SlotCounter;
  /** The rows held are counted anew for shorter bars; what was told last holds meanwhile. */
  private isRefining = false;
  private hasChanged = true;

  /** Looks at rows until it is disposed; `advance` then counts those that are held. */
  constructor(ring: Ring, view: View) {
    this.ring = ring;
    this.view = view;
    this.scale = new BucketScale(ring.store);
    this.parts = { all: this.scale.newCounts(), matching: this.scale.newCounts() };
    this.all = new SlotCounter(ring.store, { counts: this.parts.all, slots: ring });
    const slots = {
      get length() {
        return view.end - view.first;
      },
      at: (index: number) => view.at(view.first + index)!,
    };
    this.matching = new SlotCounter(ring.store, { counts: this.parts.matching, slots });
    ring.watch(this);
    view.watcher = this;
    this.begin();
  }

  /** False while rows that are held wait to be counted. */
  get isComplete(): boolean {
    return this.all.isComplete && (this.view.isUnfiltered || this.matching.isComplete);
  }

  /** The counts are others than those taken last. */
  get isChanged(): boolean {
    return this.hasChanged && !this.isRefining;
  }

  /** Counts so many rows of those that wait; true when none is left. */
  advance(rows: number): boolean {
    this.hasChanged = true;
    this.all.advance(rows);
    if (!this.view.isUnfiltered) this.matching.advance(rows);
    if (this.isComplete) this.isRefining = false;
    return this.isComplete;
  }

  /** What is counted, which is told of then. */
  take(): TailHistogram {
    this.hasChanged = false;
    const { scale, parts } = this;
    const used = scale.used() ?? { first: 0, end: 0 };
    const { shards } = scale;
    const columns = shards.length > 0 ? shards.map(({ column }) => column) : [0];
    const told = {
      startMs: scale.startMs + used.first * scale.barMs,
      barMs: scale.barMs,
      shards: shards.map(({ id }) => id),
      all: parts.all.list(used, columns),
    };
    if (this.view.isUnfiltered) return told;
    return { ...told, matching: parts.matching.list(used, columns) };
  }

  dispose(): void {
    this.ring.unwatch(this);
    this.view.watcher = undefined;
  }

  came(slots: readonly number[]): void {
    this.hasChanged = true;
    this.all.came(slots);
  }

  goes(slot: number): void {
    this.hasChanged = true;
    this.all.goes(slot);
  }

  cleared(): void {
    this.begin();
  }

  chose(slots: readonly number[]): void {
    if (this.view.isUnfiltered) return;
    this.hasChanged = true;
    this.matching.came(slots);
  }

  drops(slot: number): void {
    if (!this.view.isUnfiltered) this.matching.goes(slot);
  }

  forgot(): void {
    this.hasChanged = true;
    this.matching.begin();
  }

  /** Most has gone, and what is left is in few long bars: it is to be counted anew, in shorter ones. */
  refine(): boolean {
    const { scale } = this;
    if (!this.isComplete || scale.barMs === barMsMin) return false;
    const used = scale.used();
    if (!used || (used.end - used.first) * sparsePart > barsMax) return false;
    this.begin();
    this.isRefining = true;
    return true;
  }

  private begin(): void {
    this.isRefining = false;
    this.hasChanged = true;
    this.scale.clear();
    this.all.begin();
    this.matching.begin();
  }
}
