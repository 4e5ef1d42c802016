/**
 * Large buffers that are used again. A body of hundreds of KiB is written once, read once and dropped:
 * allocating it anew each time costs page faults and makes the collector come for the whole heap.
 */

/** Smaller ones come from Node's own pool or are cheap enough. */
const bytesMin = 64 * 1024;
/** Bytes that lie idle at most. */
const idleBytesMax = 8 * 1024 * 1024;

export class BufferPool {
  /** By size, a power of two; the one given back least recently first. */
  private readonly idle = new Map<number, Buffer[]>();
  private idleBytes = 0;

  /** What a caller borrows until it gives it all back at once. */
  loan(): BufferLoan {
    return new BufferLoan(this);
  }

  /** At least `length` bytes, their content undefined. */
  take(length: number): Buffer {
    const size = 2 ** Math.ceil(Math.log2(length));
    const buffer = this.idle.get(size)?.pop();
    if (!buffer) return Buffer.allocUnsafeSlow(size);
    this.idleBytes -= size;
    return buffer;
  }

  give(buffer: Buffer): void {
    const size = buffer.length;
    if (size > idleBytesMax) return;
    const alike = this.idle.get(size) ?? [];
    alike.push(buffer);
    this.idleBytes += size;
    this.idle.delete(size);
    this.idle.set(size, alike);
    if (this.idleBytes > idleBytesMax) this.dropIdle();
  }

  /** Sizes that nobody asks for any more must not take the place of others. */
  private dropIdle(): void {
    for (const [size, alike] of this.idle) {
      while (this.idleBytes > idleBytesMax && alike.pop()) this.idleBytes -= size;
      if (alike.length > 0) return;
      this.idle.delete(size);
    }
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
