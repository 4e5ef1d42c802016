/** Time as a parameter. Nothing below the composition roots reads the machine's clock by itself. */
import type { Disposable } from './disposable.ts';

export interface Clock {
  /** Wall time, milliseconds since 1970. May jump when the machine's clock is set. */
  now(): number;
  /** Milliseconds since an arbitrary start; never falls. */
  monotonic(): number;
  /** Calls `task` once after `delayMs` (>= 0) unless disposed before. Never calls it synchronously. */
  schedule(delayMs: number, task: () => void): Disposable;
}

/** Resolves after `delayMs` on `clock`, or at once when `signal` aborts; never rejects. */
export function delay(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      timer.dispose();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.schedule(delayMs, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
