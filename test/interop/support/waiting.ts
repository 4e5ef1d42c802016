// Waits for a condition of another process, which can only be asked for, and says what was waited for in vain.
import { setTimeout as pause } from 'node:timers/promises';

const askAgainMs = 50;

export interface Awaited {
  /** Ends a sentence that begins with "waited 30 s for". */
  readonly what: string;
  readonly withinMs: number;
}

/** Resolves when `condition` holds. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  { what, withinMs }: Awaited,
): Promise<void> {
  const lastMs = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > lastMs) throw new Error(`waited ${withinMs / 1000} s for ${what}`);
    await pause(askAgainMs);
  }
}

/** Rejects with `what` when the promise has not settled in time. */
export async function within<T>(promise: Promise<T>, { what, withinMs }: Awaited): Promise<T> {
  const giveUp = new AbortController();
  const late = pause(withinMs, undefined, { signal: giveUp.signal }).then(() => {
    throw new Error(`waited ${withinMs / 1000} s for ${what}`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    giveUp.abort();
    late.catch(() => {});
  }
}
