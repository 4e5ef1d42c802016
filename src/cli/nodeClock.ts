/** The machine's own time. */
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';

/** What setTimeout takes at most; longer waits are made of several. */
const timerMsMax = 2 ** 31 - 1;

export const nodeClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule: (delayMs, task) => schedule(delayMs, task),
};

function schedule(delayMs: number, task: () => void): Disposable {
  let timer: NodeJS.Timeout;
  const wait = (leftMs: number): void => {
    if (leftMs <= timerMsMax) timer = setTimeout(task, leftMs);
    else timer = setTimeout(() => wait(leftMs - timerMsMax), timerMsMax);
  };
  wait(Math.max(0, delayMs));
  return { dispose: () => clearTimeout(timer) };
}
