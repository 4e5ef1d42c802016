/** AES-256-GCM with keys by HKDF, from Node. It keeps no key. */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Cipher } from '../engine/ports.ts';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const tagBytes = 16;
const purpose = 'shardscope record';

export const nodeCipher: Cipher = {
  deriveKey: (secret, salt) => new Uint8Array(hkdfSync('sha256', secret, salt, purpose, keyBytes)),
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
      return Buffer.concat([plain, decipher.final()]);
    } catch {
      // All that `final` can fail by: the tag is of other bytes or another key.
      return undefined;
    }
  },
};
