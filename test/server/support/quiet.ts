import { setImmediate } from 'node:timers/promises';

/** As many turns of the loop as it takes until `count` stays the same for 500 of them. */
export async function quiet(count: () => number): Promise<void> {
  for (let [turns, last] = [0, count()]; turns < 500; turns++) {
    await setImmediate();
    if (count() === last) continue;
    [turns, last] = [0, count()];
  }
}
