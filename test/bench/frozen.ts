// Holds the limit servers to their text: what the engine is measured against must never grow slower.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** SHA-256 of the limit servers' text, taken once and for all. */
export const frozen: Readonly<Record<string, string>> = {
  'limit.mjs': '038a3d68989744e5b79e842ddf00bc58e647747284cdebd6a82d4baf3be8b7fd',
  'limitGet.mjs': 'd60916ccfae912c958df281354daa4aafbef35000f0f89cd5ca43476329faad7',
  'bareHttp2.cjs': '6e94aeedf2ec70d23d7a71e2e768e9186baab820d7ef58220ba1fcf9be5e48b1',
};

/** The names of the files in `folder` whose text is not the frozen one. */
export function changedLimits(folder: string = import.meta.dirname): string[] {
  return Object.keys(frozen).filter((name) => {
    const text = readFileSync(path.join(folder, name));
    return createHash('sha256').update(text).digest('hex') !== frozen[name];
  });
}
