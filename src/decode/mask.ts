/**
 * Hides what a user does not want on a shared screen: members of JSON by name or path, and what regular
 * expressions find, become `•••` in the text that is shown. Spans of matches are computed afterwards.
 */
import { meantTexts } from './maskMeant.ts';
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
  /** The same of JSON, which stays JSON unless a regular expression finds something outside of its strings. */
  maskJson(text: string, charactersMax: number): string;
  /** A partition key: by regular expressions, or all of it when `PartitionKey` is a name to hide. */
  maskKey(key: string): string;
}

/** A stretch of characters to hide, end exclusive. */
export interface MaskSpan {
  readonly start: number;
  readonly end: number;
  /** All of a value of JSON that stands in no string. */
  readonly isValue?: boolean;
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
    ...meantSpans(text, regexes),
  ];
  return {
    isEmpty: good.length === 0,
    problems,
    mask: (text, charactersMax) => cut(hidden(text, { spans: spansOf(text) }), charactersMax),
    maskJson: (text, charactersMax) =>
      cut(hidden(text, { spans: spansOf(text), valueMask: `"${maskText}"` }), charactersMax),
    maskKey(key) {
      if (key !== '' && names.includes(keyName)) return maskText;
      return cut(
        hidden(key, { spans: regexes.flatMap((regex) => regexSpans(key, regex)) }),
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

/** What the expressions find in the text as it is meant, where it is written. */
function meantSpans(text: string, regexes: readonly RegExp[]): MaskSpan[] {
  if (regexes.length === 0) return [];
  const spans: MaskSpan[] = [];
  for (const { text: meant, places } of meantTexts(text)) {
    for (const { start, end } of regexes.flatMap((regex) => regexSpans(meant, regex))) {
      spans.push({ start: places[start]!, end: places[end]! });
    }
  }
  return spans;
}

interface Hiding {
  readonly spans: MaskSpan[];
  /** Stands for the whole value of a member; absent: as for anything else. */
  readonly valueMask?: string;
}

/** `text` with each stretch of spans that overlap or touch replaced by one mask. */
function hidden(text: string, { spans, valueMask = maskText }: Hiding): string {
  const parts: string[] = [];
  let shownFrom = 0;
  for (const { start, end, isValue } of stretches(spans)) {
    parts.push(text.slice(shownFrom, start), isValue ? valueMask : maskText);
    shownFrom = end;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(shownFrom);
}

/** In order, none touching another; one that is more than a value is none. */
function stretches(spans: MaskSpan[]): MaskSpan[] {
  const joined: MaskSpan[] = [];
  for (const span of spans.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = joined.at(-1);
    if (!last || span.start > last.end) joined.push(span);
    else if (span.end > last.end) joined[joined.length - 1] = { start: last.start, end: span.end };
  }
  return joined;
}
