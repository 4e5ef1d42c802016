/**
 * Characters that a line of text cannot show, as a query writes them: `\u000a` is a line feed. A box of one line would
 * drop it. Other characters are not written so: `\u0041` and `\n` are what stands there.
 */

/** At its place, without the backslash. */
const written = /u([\da-f]{4})/iy;

/** The character that is written at `at`, behind a backslash, and where it ends; undefined: none. */
export function controlAt(text: string, at: number): { char: string; end: number } | undefined {
  written.lastIndex = at;
  const digits = written.exec(text)?.[1];
  const char = digits && String.fromCharCode(Number.parseInt(digits, 16));
  return char && isControl(char) ? { char, end: at + 1 + digits.length } : undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

const isControl = (char: string): boolean => char.search(controls) >= 0;

export const hasControls = (text: string): boolean => text.search(controls) >= 0;

/** The text with all of them by their numbers. */
export function withoutControls(text: string): string {
  return text.replace(controls, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
