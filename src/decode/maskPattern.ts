/** What a user writes to have something hidden, read: a JSON name, a path, a regular expression. */

/** How a pattern finds what it hides. */
export type MaskPattern =
  /** A member of JSON of exactly this name, wherever it lies. */
  | { readonly kind: 'name'; readonly name: string }
  /** A member by its names from the outermost object on; `*` is any name. Arrays between do not count. */
  | { readonly kind: 'path'; readonly names: readonly string[] }
  | { readonly kind: 'regex'; readonly regex: RegExp };

export const patternCharactersMax = 500;
const pathNamesMax = 20;

/** The pattern that `text` is, or a sentence that says why it is none. Never throws. */
export function parseMaskPattern(text: string): MaskPattern | string {
  const trimmed = text.trim();
  if (trimmed === '') return 'A pattern is empty: name what to hide, or take it out.';
  if (trimmed.length > patternCharactersMax) {
    return `${quoted(trimmed)} is too long: a pattern has at most ${patternCharactersMax} characters.`;
  }
  if (trimmed.startsWith('/')) return regexOf(trimmed);
  return trimmed.startsWith('$') ? pathOf(trimmed) : { kind: 'name', name: trimmed };
}

function regexOf(text: string): MaskPattern | string {
  const found = /^\/(.+)\/([a-z]*)$/s.exec(text);
  if (!found) return `${quoted(text)} has no second /: write /…/ around a regular expression.`;
  const [, source = '', flags = ''] = found;
  if (/[^imsuv]/.test(flags)) {
    return `${quoted(text)} has flags that are not read: use i, m, s, u or v.`;
  }
  try {
    return { kind: 'regex', regex: new RegExp(source, `${flags}g`) };
  } catch (thrown) {
    return `${quoted(text)} is no regular expression: ${(thrown as Error).message}.`;
  }
}

/** `$.card.number`, `$['odd name'].*`, `$.items[*].id`; an index hides all elements, which is the safe side. */
function pathOf(text: string): MaskPattern | string {
  const step = /\.([^.[\]'"\s]+)|\[(?:'([^']*)'|"([^"]*)"|\*|\d+)\]/y;
  const names: string[] = [];
  step.lastIndex = 1;
  while (step.lastIndex < text.length) {
    const { lastIndex } = step;
    const found = step.exec(text);
    if (!found) {
      const rest = quoted(text.slice(lastIndex));
      return `${quoted(text)} is no path from ${rest} on: write names, as in $.card.number.`;
    }
    const name = found[1] ?? found[2] ?? found[3];
    if (name !== undefined) names.push(name);
  }
  if (names.length === 0) return `${quoted(text)} names nothing: write names, as in $.card.number.`;
  if (names.length > pathNamesMax) return `${quoted(text)} has more than ${pathNamesMax} names.`;
  return { kind: 'path', names };
}

function quoted(text: string): string {
  return `\`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``;
}
