/** Runs the collector, so that a test can count what is still held. */
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Resolves when everything that nothing holds is gone. */
export async function collectGarbage(): Promise<void> {
  await setImmediate(); // what a WeakRef was asked for lives until the turn ends
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  await setImmediate();
  gc();
}
