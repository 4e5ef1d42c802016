/** The body of one request of HTTP/2 on its way in. */
import { type BodyBounds, ClientGone, droppedBytesMax, tooLarge } from '../body.ts';
import { firstBuffer, grownBuffer } from '../bodyBuffer.ts';

export interface StreamBodyParts {
  /** As announced, if it was. */
  readonly length: number | undefined;
  readonly bounds: BodyBounds;
  /** So many bytes are dealt with: the client may send as many more. */
  credit(bytes: number): void;
}

export class StreamBody {
  /** Resolves to the body; rejects with BodyTooLarge or ClientGone. */
  readonly whole: Promise<Buffer>;
  private readonly parts: StreamBodyParts;
  /** Undefined for one that is dropped as it comes. */
  private buffer: Buffer | undefined;
  private have = 0;
  private isWhole = false;
  /** Bytes that are here and not in the server's budget, beside those that it is asked for. */
  private unasked = 0;
  private isWaiting = false;
  private resolve!: (body: Buffer) => void;
  private reject!: (reason: Error) => void;

  constructor(parts: StreamBodyParts) {
    this.parts = parts;
    const { length = 0, bounds } = parts;
    if (length <= bounds.bytesMax) this.buffer = firstBuffer(bounds, parts.length);
    this.whole = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    if (length > droppedBytesMax) this.refuse();
  }

  add(bytes: Buffer): void {
    this.have += bytes.length;
    if (this.have > this.parts.bounds.bytesMax) this.buffer = undefined;
    if (!this.buffer) {
      if (this.have > droppedBytesMax) this.refuse();
      this.parts.credit(bytes.length);
      return;
    }
    if (this.have > this.buffer.length) this.grow(this.buffer);
    this.buffer.set(bytes, this.have - bytes.length);
    this.unasked += bytes.length;
    this.ask();
  }

  /** Nothing follows. */
  end(): void {
    this.isWhole = true;
    this.settle();
  }

  /** The client went away. */
  abandon(): void {
    this.reject(new ClientGone());
  }

  private grow(full: Buffer): void {
    const { length, bounds } = this.parts;
    const bytesMax = length ?? bounds.bytesMax;
    this.buffer = grownBuffer(full, { bounds, bytesMin: this.have, bytesMax });
  }

  /** Counts what came in; what finds no room holds the client back, and waits. */
  private ask(): void {
    if (this.isWaiting || this.unasked === 0) return;
    const bytes = this.unasked;
    this.unasked = 0;
    const goOn = (): void => {
      this.isWaiting = false;
      this.parts.credit(bytes);
      this.ask();
      this.settle();
    };
    if (this.parts.bounds.lease.take(bytes, goOn)) this.parts.credit(bytes);
    else this.isWaiting = true;
  }

  private settle(): void {
    if (!this.isWhole || this.isWaiting) return;
    if (this.buffer) this.resolve(this.buffer.subarray(0, this.have));
    else this.refuse();
  }

  private refuse(): void {
    this.reject(tooLarge(this.parts.bounds.bytesMax));
  }
}
