/**
 * Hides what a user does not want on a shared screen: members of JSON by name or path, and what regular
 * expressions find, become `•••` in the text that is shown. Spans of matches are computed afterwards. A leak is the worst
 * that can happen, and what is hidden without need a nuisance only: in doubt more is hidden.
 */
import { loosened } from './maskLoose.ts';
import { readingsOf } from './maskMeant.ts';
import { nameFinder, nameSpans } from './maskNames.ts';
import { pathFinder } from './maskPaths.ts';
import { parseMaskPattern } from './maskPattern.ts';
import { isWithinTokens } from './maskTokens.ts';
import { cut } from './text.ts';

export interface Masker {
  /** True when nothing is hidden: no pattern, or none that could be read. */
  readonly isEmpty: boolean;
  /** A sentence for each pattern that could not be read. */
  readonly problems: readonly string[];
  /** A partition key: as any text, or all of it when `PartitionKey` is a name to hide. */
  maskKey(key: string): string;
  /**
   * What is to be hidden of any text, in no order; `hidden` takes it out. JSON may be cut: names and paths hide what the cut
   * left of a value. A regular expression finds no half of what it looks for: give it more of a cut text than is to be shown.
   */
  spans(text: string): MaskSpan[];
  /** Something is to be hidden of `text`, which was read from bytes among which it may begin and end anywhere. */
  hidesAmong(text: string): boolean;
  /** `PartitionKey` is a name to hide. */
  readonly hidesKeys: boolean;
  /** An expression is among the patterns: it may take any time, and finds no half of what it looks for. */
  readonly hasRegex: boolean;
  /** False where white space between the signs of JSON changes nothing of what the expressions find. */
  readonly countsSpace: boolean;
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
  const loose = loosened(regexes);
  const countsSpace = !regexes.every(isWithinTokens);
  const finder = nameFinder(names);
  const pathSpans = pathFinder(paths);
  const hidesKeys = names.includes(keyName);
  const spans = (text: string): MaskSpan[] => [
    ...(finder ? nameSpans(text, finder) : []),
    ...pathSpans(text),
    ...regexSpans(text, { regexes, countsSpace }),
  ];
  const masked = (key: string): string => cut(hidden(key, { spans: spans(key) }), keyCharactersMax);
  return {
    isEmpty: good.length === 0,
    problems,
    hidesKeys,
    hasRegex: regexes.length > 0,
    countsSpace,
    spans,
    hidesAmong: (text) =>
      spans(text).length > 0 || regexSpans(text, { regexes: loose, countsSpace }).length > 0,
    maskKey: (key) => (key !== '' && hidesKeys ? maskText : masked(key)),
  };
}

/** @source documented: a partition key has 256 characters at most; each may be two units. */
const keyCharactersMax = 512;

/** What the expressions find in any reading of the text, where it is written. */
function regexSpans(
  text: string,
  { regexes, countsSpace }: { regexes: readonly RegExp[]; countsSpace: boolean },
): MaskSpan[] {
  if (regexes.length === 0) return [];
  const spans: MaskSpan[] = [];
  for (const { text: read, places } of readingsOf(text, countsSpace)) {
    for (const { start, end } of regexes.flatMap((regex) => matches(read, regex))) {
      spans.push(places ? { start: places[start]!, end: places[end]! } : { start, end });
    }
  }
  return spans;
}

/** `matchAll` works on a copy of the expression, so none keeps a place between calls. */
function matches(text: string, regex: RegExp): MaskSpan[] {
  const spans: MaskSpan[] = [];
  for (const { index, 0: found } of text.matchAll(regex)) {
    if (found !== '') spans.push({ start: index, end: index + found.length });
  }
  return spans;
}

export interface Hiding {
  readonly spans: MaskSpan[];
  /** What stands for a whole value of JSON is JSON too. */
  readonly isJson?: boolean;
}

/** `text` with each stretch of spans that overlap or touch replaced by one mask. Sorts `spans`. */
export function hidden(text: string, { spans, isJson = false }: Hiding): string {
  const valueMask = isJson ? `"${maskText}"` : maskText;
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
