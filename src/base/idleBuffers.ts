/**
 * Large buffers that are used again when nobody needs their bytes any more. Fresh memory costs ten times as
 * much as writing to it, and makes the collector come for the whole heap.
 */

/** Bytes that lie idle at most. */
const idleBytesMax = 8 * 1024 * 1024;

export interface BufferKind<B extends Uint8Array> {
  /** A new buffer of that many bytes. */
  readonly make: (length: number) => B;
  /** Lengths from one power of two to the next: more waste less, fewer fit more often. A power of two. */
  readonly steps: number;
  /** Shorter ones are made this long. */
  readonly lengthMin: number;
}

export class IdleBuffers<B extends Uint8Array> {
  private readonly kind: BufferKind<B>;
  /** By length, the one given back least recently first. */
  private readonly idle = new Map<number, B[]>();
  private idleBytes = 0;

  constructor(kind: BufferKind<B>) {
    this.kind = kind;
  }

  /** At least `length` bytes, their content undefined. */
  take(length: number): B {
    const size = this.sizeFor(length);
    const buffer = this.idle.get(size)?.pop();
    if (!buffer) return this.kind.make(size);
    this.idleBytes -= size;
    return buffer;
  }

  /** Nobody looks at `buffer` any more. */
  give(buffer: B): void {
    const { length } = buffer;
    if (length > idleBytesMax) return;
    const alike = this.idle.get(length) ?? [];
    alike.push(buffer);
    this.idleBytes += length;
    this.idle.delete(length);
    this.idle.set(length, alike);
    if (this.idleBytes > idleBytesMax) this.dropIdle();
  }

  /** Lengths that nobody asks for any more must not take the place of others. */
  private dropIdle(): void {
    for (const [length, alike] of this.idle) {
      while (this.idleBytes > idleBytesMax && alike.pop()) this.idleBytes -= length;
      if (alike.length > 0) return;
      this.idle.delete(length);
    }
  }

  private sizeFor(length: number): number {
    const { steps, lengthMin } = this.kind;
    if (length <= lengthMin) return lengthMin;
    const step = 2 ** Math.floor(Math.log2(length)) / steps;
    return Math.ceil(length / step) * step;
  }
}
