/** Buffers that pages are read into. */
import { IdleBuffers } from '../../base/idleBuffers.ts';

/** Shorter ones are cheap enough, and most pages that are kept are short. */
const bytesMin = 16 * 1024;

export class PageBuffers {
  private readonly idle = new IdleBuffers<Uint8Array>({
    make: (length) => new Uint8Array(length),
    steps: 2,
    lengthMin: bytesMin,
  });

  /** `length` bytes or more, their content undefined. */
  take(length: number): Uint8Array {
    return length < bytesMin ? new Uint8Array(length) : this.idle.take(length);
  }

  /** Nobody looks at `buffer` any more. */
  give(buffer: Uint8Array): void {
    if (buffer.length >= bytesMin) this.idle.give(buffer);
  }
}
