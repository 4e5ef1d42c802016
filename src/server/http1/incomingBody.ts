/** The body of one request on its way in: read straight into the buffer that it stays in. */
import {
  type BodyBounds,
  type BodyTooLarge,
  ClientGone,
  droppedBytesMax,
  tooLarge,
} from '../body.ts';
import { firstBuffer, grownBuffer } from '../bodyBuffer.ts';

/** What the connection does for a body. */
export interface BodySource {
  /** Stops and goes on with reading from the client. */
  pause(): void;
  resume(): void;
}

export class IncomingBody {
  /** Resolves to the body; rejects with BodyTooLarge or ClientGone. */
  readonly whole: Promise<Buffer>;
  private readonly length: number;
  private readonly bounds: BodyBounds;
  private readonly source: BodySource;
  /** Undefined for one that is dropped as it comes. */
  private buffer: Buffer | undefined;
  private have = 0;
  /** For room in the server's budget, not for the client. */
  isWaiting = false;
  private resolve!: (body: Buffer) => void;
  private reject!: (reason: Error) => void;

  /** `length`: as announced. */
  constructor(length: number, { bounds, source }: { bounds: BodyBounds; source: BodySource }) {
    this.length = length;
    this.bounds = bounds;
    this.source = source;
    if (length <= bounds.bytesMax) this.buffer = firstBuffer(bounds, length);
    this.whole = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** A body that is not even read to be dropped: the connection has to end after its answer. */
  static refusal(length: number, { bytesMax }: BodyBounds): BodyTooLarge | undefined {
    return length > droppedBytesMax ? tooLarge(bytesMax) : undefined;
  }

  get bytesMissing(): number {
    return this.length - this.have;
  }

  /** Where the next bytes may be read to; undefined when they are dropped. */
  get room(): Buffer | undefined {
    const { buffer, have, length } = this;
    if (!buffer) return undefined;
    if (have === buffer.length) this.grow(buffer);
    return this.buffer!.subarray(have, Math.min(length, this.buffer!.length));
  }

  /** Bytes that were read elsewhere; no more than are missing. */
  copy(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const { room } = this;
      const part = room ? bytes.subarray(at, at + room.length) : bytes.subarray(at);
      room?.set(part);
      at += part.length;
      this.have += part.length;
    }
    this.took(bytes.length);
  }

  /** `count` bytes were read into `room`. */
  fill(count: number): void {
    this.have += count;
    this.took(count);
  }

  /** The client went away. */
  abandon(): void {
    this.reject(new ClientGone());
  }

  private took(count: number): void {
    if (!this.buffer) {
      if (this.bytesMissing === 0) this.reject(tooLarge(this.bounds.bytesMax));
    } else if (this.bounds.lease.take(count, () => this.goOn())) this.settle();
    else {
      this.isWaiting = true;
      this.source.pause();
    }
  }

  private goOn(): void {
    this.isWaiting = false;
    this.source.resume();
    this.settle();
  }

  private settle(): void {
    if (this.bytesMissing > 0 || this.isWaiting) return;
    this.resolve(this.buffer!.subarray(0, this.length));
  }

  private grow(full: Buffer): void {
    const { bounds, length } = this;
    this.buffer = grownBuffer(full, { bounds, bytesMin: full.length, bytesMax: length });
  }
}
