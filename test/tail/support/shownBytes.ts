// The bytes that hexadecimal on a screen stands for, as whoever looks at it reads them.

/** Where a line of a dump has its bytes. */
const dumpBytes = { from: 10, to: 57 };
const isDump = (hex: string): boolean => /^[0-9a-f]{8} {2}/.test(hex);

/** Of one line of hexadecimal or a dump; empty of other text. */
export function bytesIn(hex: string): Uint8Array {
  const { from, to } = dumpBytes;
  const lines = isDump(hex) ? hex.split('\n').map((line) => line.slice(from, to)) : [hex];
  const pairs = lines.flatMap((line) => line.trim().split(/ +/));
  const isHex = pairs.every((pair) => /^[0-9a-f]{2}$/.test(pair));
  return Uint8Array.from(isHex ? pairs.map((pair) => Number.parseInt(pair, 16)) : []);
}

/** A character for each byte. */
export const printedIn = (hex: string): string => Buffer.from(bytesIn(hex)).toString('latin1');
