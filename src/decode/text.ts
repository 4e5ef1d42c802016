/** Bytes as text: is it UTF-8 that a person can read, and what does it say in one line. */

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Control characters that no text holds: all but tab, line feed, form feed, carriage return, escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const unreadable = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f]/;

/** By byte: 1 of a control character that no text holds. */
export const isUnreadable = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(unreadable.test(String.fromCharCode(byte))),
);
/** Among so many bytes one that no text holds is looked for first: a decoder that fails costs far more. */
const lookedAtFirst = 64;

/** The text of `data` to its last sign, a byte order mark too; undefined when it is not UTF-8 or has control characters. */
export function textOf(data: Uint8Array): string | undefined {
  const count = Math.min(data.length, lookedAtFirst);
  for (let at = 0; at < count; at++) if (isUnreadable[data[at]!]) return undefined;
  const text = utf8Of(data);
  return text === undefined || unreadable.test(text) ? undefined : text;
}

/** The text of `data`, control characters and all, or undefined when it is not UTF-8. */
export function utf8Of(data: Uint8Array): string | undefined {
  try {
    return utf8.decode(data);
  } catch {
    return undefined;
  }
}

/** True of a text that begins with a byte order mark, which no reader of JSON takes. */
export const hasMark = (text: string): boolean => text.charCodeAt(0) === 0xfeff;

/** What follows the byte order mark, where there is one. */
export const afterMark = (text: string): string => (hasMark(text) ? text.slice(1) : text);

/** Why `textOf` gives no text, or undefined when it does: `not UTF-8: byte 0xff at 12`. */
export function textProblem(data: Uint8Array): string | undefined {
  const at = invalidAt(data);
  const byte = data[at];
  if (byte !== undefined) return `not UTF-8: byte 0x${hexOf(byte)} at ${at}`;
  const found = unreadable.exec(utf8Of(data) ?? '');
  if (!found) return undefined;
  const code = hexOf(found[0].charCodeAt(0));
  return `no readable text: control character 0x${code} at character ${found.index}`;
}

const hexOf = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Of the bytes that begin a character: how many follow, and which the first that follows may be. */
function followers(byte: number): { count: number; min: number; max: number } | undefined {
  if (byte >= 0xc2 && byte <= 0xdf) return { count: 1, min: 0x80, max: 0xbf };
  if (byte === 0xe0) return { count: 2, min: 0xa0, max: 0xbf };
  if (byte === 0xed) return { count: 2, min: 0x80, max: 0x9f };
  if (byte >= 0xe1 && byte <= 0xef) return { count: 2, min: 0x80, max: 0xbf };
  if (byte === 0xf0) return { count: 3, min: 0x90, max: 0xbf };
  if (byte >= 0xf1 && byte <= 0xf3) return { count: 3, min: 0x80, max: 0xbf };
  return byte === 0xf4 ? { count: 3, min: 0x80, max: 0x8f } : undefined;
}

/** The place of the first byte that begins no whole character; the length when there is none. */
function invalidAt(data: Uint8Array): number {
  let at = 0;
  while (at < data.length) {
    if (data[at]! < 0x80) {
      at++;
      continue;
    }
    const rule = followers(data[at]!);
    if (!rule || at + rule.count >= data.length) return at;
    const first = data[at + 1]!;
    if (first < rule.min || first > rule.max) return at;
    for (let next = 2; next <= rule.count; next++) {
      if ((data[at + next]! & 0xc0) !== 0x80) return at;
    }
    at += rule.count + 1;
  }
  return at;
}

/** Of the beginning of a text, where that is enough. */
export const headBytesMax = 64 * 1024;

/** The first `bytesMax` bytes of `data`, shortened so that no character is cut in two. */
export function headOf(data: Uint8Array, bytesMax: number): Uint8Array {
  if (data.length <= bytesMax) return data;
  let end = Math.max(0, bytesMax);
  for (let back = 0; back < 3 && end > 0 && (data[end]! & 0xc0) === 0x80; back++) end--;
  return data.subarray(0, end);
}

/** What `oneLine` has to change: most texts have none of it, and changing costs ten times as much. */
const spacing = /^\s|[^\S ]|\s\s/;

/** White space runs become one space, at most `charactersMax` characters, no half surrogate pair. */
export function oneLine(text: string, charactersMax: number): { text: string; isCut: boolean } {
  const ended = text.trimEnd();
  const shown = cut(ended, charactersMax);
  if (!spacing.test(shown)) return { text: shown, isCut: shown.length < ended.length };
  const line = ended.replace(/\s+/g, ' ').trim();
  if (line.length <= charactersMax) return { text: line, isCut: false };
  return { text: cut(line, charactersMax), isCut: true };
}

/** `oneLine` of a text of any length: by four times the characters that are shown. */
export function headLine(text: string, charactersMax: number): { text: string; isCut: boolean } {
  const head = cut(text, charactersMax * 4);
  const { text: line, isCut } = oneLine(head, charactersMax);
  return { text: line, isCut: isCut || head.length < text.length };
}

/** The first `charactersMax` characters, or one fewer where that would halve a surrogate pair. */
export function cut(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  const last = text.charCodeAt(charactersMax - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? charactersMax - 1 : charactersMax);
}
