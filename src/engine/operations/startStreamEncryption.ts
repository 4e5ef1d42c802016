/** StartStreamEncryption: UPDATING at once; records that come from ACTIVE on are encrypted on the disk. */
import { changeEncryption } from '../encryption.ts';
import type { Handler } from '../engineParts.ts';

/** Any key that has a legal form is there and may be used; rules for faults make it otherwise. */
export const startStreamEncryption: Handler<'StartStreamEncryption'> = (engine, call) =>
  changeEncryption(engine, call, call.input.KeyId);
