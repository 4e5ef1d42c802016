/** Buffers for bodies and answers of hundreds of KiB: written once, read once and dropped. */
import { IdleBuffers } from '../base/idleBuffers.ts';

/** Smaller ones come from Node's own pool or are cheap enough. */
const bytesMin = 64 * 1024;

export class BufferPool extends IdleBuffers<Buffer> {
  constructor() {
    super({ make: Buffer.allocUnsafeSlow, steps: 1, lengthMin: bytesMin });
  }

  /** What a caller borrows until it gives it all back at once. */
  loan(): BufferLoan {
    return new BufferLoan(this);
  }
}

/** The buffers of one request. */
export class BufferLoan {
  private readonly pool: BufferPool;
  private taken: Buffer[] | undefined;

  constructor(pool: BufferPool) {
    this.pool = pool;
  }

  /** `length` bytes or more, of undefined content, to be used until `end`. */
  take(length: number): Buffer {
    if (length < bytesMin) return Buffer.allocUnsafe(length);
    const buffer = this.pool.take(length);
    this.taken ??= [];
    this.taken.push(buffer);
    return buffer;
  }

  /** Nothing that was taken may be looked at any more. */
  end(): void {
    for (const buffer of this.taken ?? []) this.pool.give(buffer);
    this.taken = undefined;
  }
}
