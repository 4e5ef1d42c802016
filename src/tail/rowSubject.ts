/** A row of the ring as a query sees it; one object serves for all rows, one after another. */
import type { Decoder } from '../decode/decoder.ts';
import { LazySubject } from '../query/subject.ts';
import type { HeldRecord } from './ring.ts';

export class RowSubject extends LazySubject {
  private readonly decoder: Decoder;
  private row: HeldRecord | undefined;

  constructor(decoder: Decoder) {
    super();
    this.decoder = decoder;
  }

  /** Itself, for `row` from now on. */
  of(row: HeldRecord): this {
    this.row = row;
    this.forget();
    return this;
  }

  get partitionKey(): string {
    return this.row!.partitionKey;
  }

  get shardId(): string {
    return this.row!.shardId;
  }

  get sequenceNumber(): string {
    return this.row!.sequenceNumber;
  }

  get arrivedMs(): number {
    return this.row!.arrivedMs;
  }

  get size(): number {
    return this.row!.data.length;
  }

  get format(): string {
    return this.row!.format;
  }

  /** Of what is packed or binary, the bytes are not the text. */
  get bytes(): Uint8Array | undefined {
    const { format, data } = this.row!;
    return format === 'json' || format === 'text' ? data : undefined;
  }

  /** Of binary data, what is shown of it. */
  protected readText(): string {
    return this.decoder.searchText(this.row!.data) || this.row!.preview;
  }

  /** A preview with one character for each byte differs from the data in white space between tokens only. */
  protected override jsonText(): string {
    const { format, isCut, preview, data } = this.row!;
    const isWhole = format === 'json' && !isCut && preview.length === data.length;
    return isWhole ? preview : this.text();
  }
}
