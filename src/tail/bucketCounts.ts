/** Records counted by the time at which they arrived and by shard, in buckets that become twice as long when needed. */
import type * as Protocol from '../protocol/histogram.ts';
import type { RowStore } from './rowStore.ts';

/** The protocol's bounds; the compiler keeps them equal. */
export const barsMax: typeof Protocol.histogramBarsMax = 96;
export const shardsMax: typeof Protocol.histogramShardsMax = 6;
/** A bucket at first. */
export const barMsMin = 100;

export interface ShardColumn {
  readonly id: string;
  readonly column: number;
}

/** Which buckets there are and whose columns: one for all counts that are shown together. */
export class BucketScale {
  private readonly store: RowStore;
  private readonly counts: BucketCounts[] = [];
  private widthMs = barMsMin;
  /** The number of the bucket in the first place: a moment's is that moment by the width. */
  private firstNumber = 0;
  private isEmpty = true;
  /** The column of each of the store's shards. */
  private readonly columns: number[] = [];
  private columnNames: string[] = [];
  private isApart = true;

  constructor(store: RowStore) {
    this.store = store;
  }

  /** Of a bucket. */
  get barMs(): number {
    return this.widthMs;
  }

  get startMs(): number {
    return this.firstNumber * this.widthMs;
  }

  /** The shards that have a column of their own, by their ids; none: all are counted in the first one. */
  get shards(): readonly ShardColumn[] {
    if (!this.isApart) return [];
    const shards = this.columnNames.map((id, column) => ({ id, column }));
    return shards.sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  /** Counts on this scale, none yet. */
  newCounts(): BucketCounts {
    const counts = new BucketCounts(this);
    this.counts.push(counts);
    return counts;
  }

  /** The finest scale again, with nothing counted. */
  clear(): void {
    this.widthMs = barMsMin;
    this.isEmpty = true;
    this.columns.length = 0;
    this.columnNames = [];
    this.isApart = true;
    for (const counts of this.counts) counts.clear();
  }

  /** Where the record in `slot` is counted; -1: nobody knows when it arrived. */
  cellOf(slot: number): number {
    const arrivedMs = this.store.arrivalOf(slot);
    if (!(arrivedMs > 0)) return -1;
    const column = this.columnOf(slot);
    let place = Math.floor(arrivedMs / this.widthMs) - this.firstNumber;
    if (this.isEmpty || place < 0 || place >= barsMax) {
      this.makeRoom(arrivedMs);
      place = Math.floor(arrivedMs / this.widthMs) - this.firstNumber;
    }
    return place * shardsMax + column;
  }

  /** The first place with a count and the one behind the last; undefined: nothing is counted. */
  used(): { readonly first: number; readonly end: number } | undefined {
    const isUsed = (place: number): boolean => this.counts.some((one) => one.sumAt(place) > 0);
    let [first, end] = [0, barsMax];
    while (first < end && !isUsed(first)) first++;
    while (end > first && !isUsed(end - 1)) end--;
    return first < end ? { first, end } : undefined;
  }

  private columnOf(slot: number): number {
    if (!this.isApart) return 0;
    const shard = this.store.shardNumberOf(slot);
    const known = this.columns[shard];
    if (known !== undefined) return known;
    if (this.columnNames.length === shardsMax) {
      this.isApart = false;
      for (const counts of this.counts) counts.join();
      return 0;
    }
    const column = this.columnNames.push(this.store.shardIdOf(slot)) - 1;
    this.columns[shard] = column;
    return column;
  }

  /** Moves the buckets, or doubles them until the moment is in one too. */
  private makeRoom(arrivedMs: number): void {
    const used = this.isEmpty ? undefined : this.used();
    this.isEmpty = false;
    if (!used) {
      this.widthMs = barMsMin;
      this.firstNumber = Math.floor(arrivedMs / this.widthMs);
      return;
    }
    let low = this.firstNumber + used.first;
    let high = this.firstNumber + used.end - 1;
    let number = Math.floor(arrivedMs / this.widthMs);
    while (Math.max(high, number) - Math.min(low, number) >= barsMax) {
      this.double();
      [low, high, number] = [low, high, number].map((of) => Math.floor(of / 2)) as [
        number,
        number,
        number,
      ];
    }
    this.moveTo(Math.min(low, number));
  }

  /** Two neighbours become one. */
  private double(): void {
    const odd = this.firstNumber % 2;
    for (const counts of this.counts) counts.halve(odd);
    this.firstNumber = (this.firstNumber - odd) / 2;
    this.widthMs *= 2;
  }

  private moveTo(firstNumber: number): void {
    for (const counts of this.counts) counts.shift(firstNumber - this.firstNumber);
    this.firstNumber = firstNumber;
  }
}

/** Made by the scale, which moves the counts when its buckets change. */
export class BucketCounts {
  private readonly scale: BucketScale;
  private cells = new Uint32Array(barsMax * shardsMax);
  private sums = new Uint32Array(barsMax);

  constructor(scale: BucketScale) {
    this.scale = scale;
  }

  /** One record more (1) or less (-1). */
  add(slot: number, by: 1 | -1): void {
    const cell = this.scale.cellOf(slot);
    if (cell < 0) return;
    this.cells[cell]! += by;
    this.sums[Math.floor(cell / shardsMax)]! += by;
  }

  sumAt(place: number): number {
    return this.sums[place]!;
  }

  /** The counts of these columns from the place `first` up to before `end`, place by place. */
  list({ first, end }: { first: number; end: number }, columns: readonly number[]): number[] {
    const list: number[] = [];
    for (let place = first; place < end; place++) {
      for (const column of columns) list.push(this.cells[place * shardsMax + column]!);
    }
    return list;
  }

  clear(): void {
    this.cells.fill(0);
    this.sums.fill(0);
  }

  /** All columns become the first one. */
  join(): void {
    this.cells.fill(0);
    for (let place = 0; place < barsMax; place++) {
      this.cells[place * shardsMax] = this.sums[place]!;
    }
  }

  /** Neighbours become one; with `odd` 1 the first place is the second of its pair. */
  halve(odd: number): void {
    const { cells, sums } = this;
    this.cells = new Uint32Array(cells.length);
    this.sums = new Uint32Array(sums.length);
    for (let cell = 0; cell < cells.length; cell++) {
      const place = Math.floor(cell / shardsMax);
      const to = (place + odd) >> 1;
      this.cells[to * shardsMax + (cell % shardsMax)]! += cells[cell]!;
    }
    for (let place = 0; place < barsMax; place++) this.sums[(place + odd) >> 1]! += sums[place]!;
  }

  /** So many places towards the front, or with less than 0 towards the end; what goes off is empty. */
  shift(places: number): void {
    const { cells, sums } = this;
    this.cells = shifted(cells, places * shardsMax);
    this.sums = shifted(sums, places);
  }
}

function shifted(from: Uint32Array, by: number): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(from.length);
  if (Math.abs(by) >= from.length) return to;
  if (by >= 0) to.set(from.subarray(by));
  else to.set(from.subarray(0, from.length + by), -by);
  return to;
}
