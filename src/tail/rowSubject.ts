/** A row of the ring as a query sees it; one object serves for all rows, one after another. */
import type { Decoder } from '../decode/decoder.ts';
import { LazySubject } from '../query/subject.ts';
import type { RowStore } from './rowStore.ts';
import { previewCharactersMax } from './rows.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

export class RowSubject extends LazySubject {
  private readonly store: RowStore;
  private readonly decoder: Decoder;
  private slot = -1;

  constructor(store: RowStore, decoder: Decoder) {
    super();
    this.store = store;
    this.decoder = decoder;
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

  get format(): string {
    return this.preview.format;
  }

  /** Nothing packed begins as JSON does: there the bytes are the text. Of others they may not be. */
  get bytes(): Uint8Array | undefined {
    const data = this.store.dataOf(this.slot);
    return beginsAsJson(data) ? data : undefined;
  }

  /** Of binary data, what is shown of it. */
  protected readText(): string {
    const data = this.store.dataOf(this.slot);
    const text = beginsAsJson(data) ? textOf(data) : undefined;
    return text ?? (this.decoder.searchText(data) || this.preview.text);
  }

  private get preview() {
    return this.decoder.preview(this.store.dataOf(this.slot), previewCharactersMax);
  }
}

const beginsAsJson = ({ 0: first }: Uint8Array): boolean => first === 0x7b || first === 0x5b;

function textOf(data: Uint8Array): string | undefined {
  try {
    return utf8.decode(data);
  } catch {
    return undefined;
  }
}
