/** Base64 of short byte strings, for tokens. Never used on record data. */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Map([...alphabet].map((letter, value) => [letter, value]));

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const rest = bytes.length - at;
    const word = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += alphabet[word >>> 18]! + alphabet[(word >>> 12) & 63]!;
    text += rest > 1 ? alphabet[(word >>> 6) & 63]! : '=';
    text += rest > 2 ? alphabet[word & 63]! : '=';
  }
  return text;
}

/** Undefined when `text` is not padded base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const letters = text.replace(/={1,2}$/, '');
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let word = 0;
  for (let at = 0; at < letters.length; at++) {
    const value = values.get(letters[at]!);
    if (value === undefined) return undefined;
    word = ((word << 6) | value) & 0xffffff;
    const byte = Math.floor((at * 3) / 4);
    if (at % 4 !== 0) bytes[byte] = (word >>> (6 - 2 * (at % 4))) & 255;
  }
  return bytes;
}
