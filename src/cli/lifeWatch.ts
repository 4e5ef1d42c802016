/** Reasons for an engine to end by itself: nobody uses it, or whoever it belongs to is gone. */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';

/**
 * Calls `onIdle` once nothing has happened for `limitMs`. `idleSinceMs` answers on the clock's monotonic
 * time, undefined while something is going on.
 */
export function watchIdle(watch: {
  readonly clock: Clock;
  readonly limitMs: number;
  idleSinceMs(): number | undefined;
  onIdle(): void;
}): Disposable {
  const { clock, limitMs } = watch;
  let timer: Disposable;
  const look = (): void => {
    const nowMs = clock.monotonic();
    const idleMs = nowMs - (watch.idleSinceMs() ?? nowMs);
    if (idleMs >= limitMs) watch.onIdle();
    else timer = clock.schedule(limitMs - idleMs, look);
  };
  look();
  return { dispose: () => timer?.dispose() };
}

export const ownerLookMs = 2_000;

/** Calls `onGone` once the process that owns us is no more. */
export function watchOwner(watch: {
  readonly clock: Clock;
  isAlive(): boolean;
  onGone(): void;
}): Disposable {
  let timer: Disposable;
  const look = (): void => {
    if (watch.isAlive()) timer = watch.clock.schedule(ownerLookMs, look);
    else watch.onGone();
  };
  timer = watch.clock.schedule(ownerLookMs, look);
  return { dispose: () => timer.dispose() };
}
