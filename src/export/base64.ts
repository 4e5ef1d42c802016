/** Base64 with its padding, in both directions, for data of any length. */

const letters = new TextEncoder().encode(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
);
const notLetter = 64;
const values = new Uint8Array(256).fill(notLetter);
for (const [value, letter] of letters.entries()) values[letter] = value;
const padding = 0x3d;
const ascii = new TextDecoder();
const utf8 = new TextEncoder();

export function base64Of(data: Uint8Array): string {
  const into = new Uint8Array(Math.ceil(data.length / 3) * 4);
  let at = 0;
  for (let from = 0; from < data.length; from += 3) {
    const held = (data[from]! << 16) | ((data[from + 1] ?? 0) << 8) | (data[from + 2] ?? 0);
    into[at++] = letters[held >> 18]!;
    into[at++] = letters[(held >> 12) & 63]!;
    into[at++] = from + 1 < data.length ? letters[(held >> 6) & 63]! : padding;
    into[at++] = from + 2 < data.length ? letters[held & 63]! : padding;
  }
  return ascii.decode(into);
}

/** Undefined for anything that `base64Of` does not write. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const from = utf8.encode(text);
  if (from.length !== text.length) return undefined;
  const padded = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const into = new Uint8Array((from.length / 4) * 3 - padded);
  const end = from.length - padded;
  let held = 0;
  let count = 0;
  for (let at = 0; at < end; at++) {
    const value = values[from[at]!]!;
    if (value === notLetter) return undefined;
    held = ((held << 6) | value) & 0xffffff;
    if (at % 4 === 3) {
      into[count++] = held >> 16;
      into[count++] = held >> 8;
      into[count++] = held;
    }
  }
  return takeRest(into, { count, held, padded }) ? into : undefined;
}

/** The bytes of a last group that is not whole; false when bits are left over. */
function takeRest(
  into: Uint8Array,
  { count, held, padded }: { count: number; held: number; padded: number },
): boolean {
  if (padded === 1) {
    into[count] = held >> 10;
    into[count + 1] = held >> 2;
    return (held & 3) === 0;
  }
  if (padded === 2) into[count] = held >> 4;
  return padded === 0 || (held & 15) === 0;
}
