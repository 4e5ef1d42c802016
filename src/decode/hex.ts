/** Bytes in hexadecimal, for data that is no text. */

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** `89 50 4e 47`, at most `charactersMax` characters. */
export function hexLine(data: Uint8Array, charactersMax: number): { text: string; isCut: boolean } {
  const count = Math.min(data.length, Math.floor((charactersMax + 1) / 3));
  const text = Array.from(data.subarray(0, count), (byte) => digits[byte]).join(' ');
  return { text, isCut: count < data.length };
}

/** Lines of sixteen bytes with their place and what is printable, at most `charactersMax` characters. */
export function hexDump(data: Uint8Array, charactersMax: number): { text: string; isCut: boolean } {
  const lines: string[] = [];
  const perLine = 78;
  const bytesShown = Math.min(data.length, Math.floor(charactersMax / perLine) * 16);
  for (let at = 0; at < bytesShown; at += 16) {
    const row = data.subarray(at, Math.min(at + 16, bytesShown));
    const hex = Array.from(row, (byte) => digits[byte]).join(' ');
    const shown = Array.from(row, (byte) =>
      byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.',
    ).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${shown}`);
  }
  return { text: lines.join('\n'), isCut: bytesShown < data.length };
}
