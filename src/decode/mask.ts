/**
 * Hides what a user does not want on a shared screen: members of JSON by name or path, and what regular
 * expressions find, become `•••` in the text that is shown. Spans of matches are computed afterwards.
 */
import { nameFinder, nameSpans } from './maskNames.ts';
import { pathSpans } from './maskPaths.ts';
import { parseMaskPattern } from './maskPattern.ts';
import { cut } from './text.ts';

export interface Masker {
  /** True when nothing is hidden: no pattern, or none that could be read. */
  readonly isEmpty: boolean;
  /** A sentence for each pattern that could not be read. */
  readonly problems: readonly string[];
  /**
   * Any text: a preview, decoded text. JSON may be cut, and names and paths hide what the cut left of a value.
   * A regular expression finds no half of what it looks for: give it more of a cut text than is to be shown.
   * At most `charactersMax` characters.
   */
  mask(text: string, charactersMax: number): string;
  /** A partition key: by regular expressions, or all of it when `PartitionKey` is a name to hide. */
  maskKey(key: string): string;
}

/** A stretch of characters to hide, end exclusive. */
export interface MaskSpan {
  readonly start: number;
  readonly end: number;
}

export const patternsMax = 50;
/** What stands for anything hidden, whatever its length. */
export const maskText = '•••';
const keyName = 'PartitionKey';

/**
 * Never throws. It keeps nothing between calls, so that a call can be given up at any time: a regular expression
 * of a user's may run for ever, and who calls has to bound that.
 */
export function maskerOf(patterns: readonly string[]): Masker {
  const read = patterns.slice(0, patternsMax).map(parseMaskPattern);
  const problems = read.filter((pattern) => typeof pattern === 'string');
  if (patterns.length > patternsMax) {
    problems.push(`Only the first ${patternsMax} patterns are used; there are ${patterns.length}.`);
  }
  const good = read.filter((pattern) => typeof pattern !== 'string');
  const names = good.flatMap((pattern) => (pattern.kind === 'name' ? [pattern.name] : []));
  const paths = good.flatMap((pattern) => (pattern.kind === 'path' ? [pattern.names] : []));
  const regexes = good.flatMap((pattern) => (pattern.kind === 'regex' ? [pattern.regex] : []));
  const finder = nameFinder(names);
  const spansOf = (text: string): MaskSpan[] => [
    ...(finder ? nameSpans(text, finder) : []),
    ...pathSpans(text, paths),
    ...regexes.flatMap((regex) => regexSpans(text, regex)),
  ];
  return {
    isEmpty: good.length === 0,
    problems,
    mask: (text, charactersMax) => cut(hidden(text, spansOf(text)), charactersMax),
    maskKey(key) {
      if (key !== '' && names.includes(keyName)) return maskText;
      return cut(
        hidden(
          key,
          regexes.flatMap((regex) => regexSpans(key, regex)),
        ),
        keyCharactersMax,
      );
    },
  };
}

/** @source documented: a partition key has 256 characters at most; each may be two units. */
const keyCharactersMax = 512;

/** `matchAll` works on a copy of the expression, so none keeps a place between calls. */
function regexSpans(text: string, regex: RegExp): MaskSpan[] {
  const spans: MaskSpan[] = [];
  for (const { index, 0: found } of text.matchAll(regex)) {
    if (found !== '') spans.push({ start: index, end: index + found.length });
  }
  return spans;
}

/** `text` with each stretch of spans that overlap or touch replaced by one mask. */
function hidden(text: string, spans: MaskSpan[]): string {
  if (spans.length === 0) return text;
  const parts: string[] = [];
  let shownFrom = 0;
  let hiddenTo = -1;
  for (const { start, end } of spans.sort((a, b) => a.start - b.start)) {
    if (start > hiddenTo) {
      parts.push(text.slice(shownFrom, start), maskText);
      hiddenTo = end;
    } else hiddenTo = Math.max(hiddenTo, end);
    shownFrom = hiddenTo;
  }
  parts.push(text.slice(shownFrom));
  return parts.join('');
}
