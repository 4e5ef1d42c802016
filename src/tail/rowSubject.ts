/** A row of the ring as a query sees it; one object serves for all rows, one after another. */
import type { Decoder } from '../decode/decoder.ts';
import type { ByteRange } from '../query/byteRange.ts';
import { DataSubject } from './dataSubject.ts';
import type { MutableRange, RowStore } from './rowStore.ts';

export class RowSubject extends DataSubject {
  private readonly store: RowStore;
  private readonly keyRange = emptyRange();
  private readonly sequenceRange = emptyRange();
  private readonly dataRange = emptyRange();
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

  get keyBytes(): ByteRange {
    return this.store.keyRange(this.slot, this.keyRange);
  }

  get sequenceBytes(): ByteRange {
    return this.store.sequenceRange(this.slot, this.sequenceRange);
  }

  protected get dataBytes(): ByteRange {
    return this.store.dataRange(this.slot, this.dataRange);
  }
}

const emptyRange = (): MutableRange => ({ memory: new Uint8Array(0), start: 0, end: 0 });
