/** What a file has in it that it should not: a sentence with the place, for whoever gave the file. */

export class FileMistake extends Error {
  override readonly name = 'FileMistake';
}

/** Any value of a file, short enough for a sentence. */
export const shown = (value: unknown): string => {
  const text = isNest(value) ? outline(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
};

const isNest = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Without what is within its members: a file may nest so deep that writing it takes more stack than there is. */
const outline = (value: object): string =>
  JSON.stringify(value, (_, inner: unknown) => (inner !== value && isNest(inner) ? '…' : inner));
