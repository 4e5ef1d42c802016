/** StopStreamEncryption: UPDATING at once; records that come from ACTIVE on lie plain, older ones stay readable. */
import { changeEncryption } from '../encryption.ts';
import type { Handler } from '../engineParts.ts';

/** @source guessed: whichever key is named, if its form is legal. */
export const stopStreamEncryption: Handler<'StopStreamEncryption'> = (engine, call) =>
  changeEncryption(engine, call, '');
