/** AES-256-GCM with keys by HKDF, from Node. It keeps no key. */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import type { Cipher } from '../engine/ports.ts';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const tagBytes = 16;
const purpose = 'shardscope record';

/** A key of plain bytes would be made an object of Node's for every record, which costs more than all the rest. */
export const nodeCipher: Cipher<KeyObject> = {
  deriveKey: (secret, salt) =>
    createSecretKey(new Uint8Array(hkdfSync('sha256', secret, salt, purpose, keyBytes))),
  seal: (plain, { key, nonce }) => {
    const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  },
  open: (sealed, { key, nonce }) => {
    if (sealed.length < tagBytes) return undefined;
    const tagAt = sealed.length - tagBytes;
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
    decipher.setAuthTag(sealed.subarray(tagAt));
    const plain = decipher.update(sealed.subarray(0, tagAt));
    try {
      // Nothing is left by then; it only looks at the tag.
      decipher.final();
      return plain;
    } catch {
      // All that `final` can fail by: the tag is of other bytes or another key.
      return undefined;
    }
  },
};
