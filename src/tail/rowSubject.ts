/** A row of the ring as a query sees it; one object serves for all rows, one after another. */
import type { Decoder } from '../decode/decoder.ts';
import { DataSubject } from './dataSubject.ts';
import type { RowStore } from './rowStore.ts';

export class RowSubject extends DataSubject {
  private readonly store: RowStore;
  private slot = -1;

  constructor(store: RowStore, decoder: Decoder) {
    super(decoder);
    this.store = store;
  }

  /** Itself, for the record in `slot` from now on. */
  of(slot: number): this {
    this.slot = slot;
    this.forget();
    return this;
  }

  get partitionKey(): string {
    return this.store.partitionKeyOf(this.slot);
  }

  get shardId(): string {
    return this.store.shardIdOf(this.slot);
  }

  get sequenceNumber(): string {
    return this.store.sequenceNumberOf(this.slot);
  }

  get sub(): number | undefined {
    return this.store.subSequenceNumberOf(this.slot);
  }

  get arrivedMs(): number {
    return this.store.arrivalOf(this.slot);
  }

  get size(): number {
    return this.store.sizeOf(this.slot);
  }

  protected get data(): Uint8Array {
    return this.store.dataOf(this.slot);
  }
}
