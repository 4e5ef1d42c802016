/**
 * Buffers that batches are encoded into, used again when nothing needs their bytes any more. Fresh memory
 * costs ten times as much as writing to it, and makes the collector come for the whole heap.
 */

const LENGTH_MIN = 256;
/** Bytes that lie idle at most. */
const IDLE_BYTES_MAX = 8 * 1024 * 1024;

export class BatchBuffers {
  /** By length. */
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
    if (this.idleBytes + buffer.length > IDLE_BYTES_MAX) return;
    this.idleBytes += buffer.length;
    const idle = this.idle.get(buffer.length);
    if (idle) idle.push(buffer);
    else this.idle.set(buffer.length, [buffer]);
  }
}

/** The next of four steps between one power of two and the next, so that few lengths serve all. */
function classOf(length: number): number {
  if (length <= LENGTH_MIN) return LENGTH_MIN;
  const step = 2 ** (Math.floor(Math.log2(length)) - 2);
  return Math.ceil(length / step) * step;
}
