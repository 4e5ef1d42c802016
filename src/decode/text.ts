/** Bytes as text: is it UTF-8 that a person can read, and what does it say in one line. */

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Control characters that no text holds: all but tab, line feed, form feed, carriage return, escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const unreadable = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f]/;

/** The text of `data`, or undefined when it is not UTF-8 or has control characters. */
export function textOf(data: Uint8Array): string | undefined {
  try {
    const text = utf8.decode(data);
    return unreadable.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** The first `bytesMax` bytes of `data`, shortened so that no character is cut in two. */
export function headOf(data: Uint8Array, bytesMax: number): Uint8Array {
  if (data.length <= bytesMax) return data;
  let end = bytesMax;
  for (let back = 0; back < 3 && (data[end]! & 0xc0) === 0x80; back++) end--;
  return data.subarray(0, end);
}

/** White space runs become one space, at most `charactersMax` characters, no half surrogate pair. */
export function oneLine(text: string, charactersMax: number): { text: string; isCut: boolean } {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= charactersMax) return { text: line, isCut: false };
  return { text: cut(line, charactersMax), isCut: true };
}

/** The first `charactersMax` characters, or one fewer where that would halve a surrogate pair. */
export function cut(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  const last = text.charCodeAt(charactersMax - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? charactersMax - 1 : charactersMax);
}
