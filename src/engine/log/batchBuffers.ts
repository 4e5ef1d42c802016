/** Buffers that batches are encoded into. */
import { IdleBuffers } from '../../base/idleBuffers.ts';

export class BatchBuffers extends IdleBuffers<Uint8Array> {
  constructor() {
    super({ make: (length) => new Uint8Array(length), steps: 4, lengthMin: 256 });
  }
}
