// Waiting for what the other side of a connection in this process does, with no time that passes in between.
import { setImmediate } from 'node:timers/promises';

/** As many turns of the loop as it takes until `isSo`. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setImmediate();
}

/**
 * As many turns of the loop as it takes until `count` stays the same for 500 of them: for what is not to happen. What
 * is to happen may take longer on a machine that has other things to do, and is waited for with `until`.
 */
export async function quiet(count: () => number): Promise<void> {
  for (let [turns, last] = [0, count()]; turns < 500; turns++) {
    await setImmediate();
    if (count() === last) continue;
    [turns, last] = [0, count()];
  }
}
