/** The machine's own chance, fit for secrets. */
import { randomBytes } from 'node:crypto';
import type { Random } from '../base/random.ts';

export const nodeRandom: Random = { bytes: (count) => randomBytes(count) };
