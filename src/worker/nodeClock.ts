/** The machine's clock and chance, for the composition root alone. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';

export const nodeClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule: (delayMs, task) => {
    const timer = setTimeout(task, Math.max(0, delayMs));
    return { dispose: () => clearTimeout(timer) };
  },
};

export const nodeRandom: Random = { bytes: (count) => randomBytes(count) };
