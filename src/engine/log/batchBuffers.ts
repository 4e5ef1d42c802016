/**
 * Buffers that batches are encoded into, used again when nothing needs their bytes any more. Fresh memory
 * costs ten times as much as writing to it, and makes the collector come for the whole heap.
 */

const LENGTH_MIN = 256;
/** Bytes that lie idle at most. */
const IDLE_BYTES_MAX = 8 * 1024 * 1024;

export class BatchBuffers {
  /** By length, the one given back least recently first. */
  private readonly idle = new Map<number, Uint8Array[]>();
  private idleBytes = 0;

  /** At least `length` bytes, their content undefined. */
  take(length: number): Uint8Array {
    const size = classOf(length);
    const buffer = this.idle.get(size)?.pop();
    if (!buffer) return new Uint8Array(size);
    this.idleBytes -= size;
    return buffer;
  }

  /** Nobody looks at `buffer` any more. */
  give(buffer: Uint8Array): void {
    const { length } = buffer;
    if (length > IDLE_BYTES_MAX) return;
    const alike = this.idle.get(length) ?? [];
    alike.push(buffer);
    this.idleBytes += length;
    this.idle.delete(length);
    this.idle.set(length, alike);
    if (this.idleBytes > IDLE_BYTES_MAX) this.dropIdle();
  }

  /** Lengths that nobody asks for any more must not take the place of others. */
  private dropIdle(): void {
    for (const [length, alike] of this.idle) {
      while (this.idleBytes > IDLE_BYTES_MAX && alike.pop()) this.idleBytes -= length;
      if (alike.length > 0) return;
      this.idle.delete(length);
    }
  }
}

/** The next of four steps between one power of two and the next, so that few lengths serve all. */
function classOf(length: number): number {
  if (length <= LENGTH_MIN) return LENGTH_MIN;
  const step = 2 ** (Math.floor(Math.log2(length)) - 2);
  return Math.ceil(length / step) * step;
}
