/** Bytes as text, Base64 and hexadecimal. Pure. */

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const bytesAcross = 16;

/** The text when the bytes are UTF-8 without control characters but white space, else undefined. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = strictUtf8.decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    return /[\0-\x08\x0b\x0c\x0e-\x1f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** So many bytes are arguments of one call. */
const chunkBytes = 32_768;

export function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    binary += String.fromCharCode(...bytes.subarray(at, at + chunkBytes));
  }
  return btoa(binary);
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
const printable = (byte: number): string =>
  byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';

function hexLine(bytes: Uint8Array, at: number): string {
  const line = [...bytes.subarray(at, at + bytesAcross)];
  const pairs = line.map((byte, index) => (index === 8 ? ' ' : '') + hex(byte, 2)).join(' ');
  const width = bytesAcross * 3;
  return `${hex(at, 5)}  ${pairs.padEnd(width)}  ${line.map(printable).join('')}`;
}

/** Sixteen bytes a line: place, bytes, and what of them is printable ASCII. */
export function hexOf(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += bytesAcross) lines.push(hexLine(bytes, at));
  return lines.join('\n');
}
