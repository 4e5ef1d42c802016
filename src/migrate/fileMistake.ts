/** What a file has in it that it should not: a sentence with the place, for whoever gave the file. */

export class FileMistake extends Error {
  override readonly name = 'FileMistake';
}

/** Any text of a file, short enough for a sentence. */
export const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
};
