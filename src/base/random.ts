/** Randomness as a parameter, so that a failing run can be repeated from its seed. */

export interface Random {
  /** `count` unpredictable bytes (a seeded implementation in tests). */
  bytes(count: number): Uint8Array;
}

/** `byteCount` random bytes in lower-case hexadecimal. */
export function randomHex(random: Random, byteCount: number): string {
  let text = '';
  for (const byte of random.bytes(byteCount)) text += byte.toString(16).padStart(2, '0');
  return text;
}
