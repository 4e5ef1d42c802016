/** The browser and the server of a file's tests. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import { closeClean, Harness, type PanelPage } from './openPanel.ts';

/** Started before the tests around and stopped after them. `current`: the panel of a test, which is closed clean behind it. */
export function startedHarness(current?: () => PanelPage): Pick<Harness, 'open'> {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start();
  }, 60_000);
  afterAll(() => harness.stop());
  if (current) afterEach(() => closeClean(current()));
  return { open: (options) => harness.open(options) };
}
