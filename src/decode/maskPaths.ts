/** Finds members of JSON by their path from the outermost object, by tokens, so that cut JSON has them too. */

import { scanJson } from './jsonScan.ts';
import type { MaskSpan } from './mask.ts';
import { nameFinder, nameSpans, valueEnd } from './maskNames.ts';

/** Deeper than this no path reaches: `parseMaskPattern` allows fewer names. */
const depthMax = 64;

interface Place {
  readonly isObject: boolean;
  /** Names up to here; those of arrays do not count. */
  readonly names: readonly string[];
}

/**
 * Tells the values of all members that one of `paths` leads to. Several JSON texts one after the other are each looked
 * through from their beginning. Other text may hold some JSON, and nobody knows where it begins: there a member is
 * hidden by the last name of its path alone, wherever it lies.
 */
export function pathFinder(paths: readonly (readonly string[])[]): (text: string) => MaskSpan[] {
  if (paths.length === 0) return () => [];
  const lastNames = paths.map((names) => names.findLast((name) => name !== '*'));
  const names = lastNames.filter((name) => name !== undefined);
  const finder = nameFinder(names);
  const hidesAny = names.length < paths.length;
  return (text) => {
    if (isAllJson(text)) return walked(text, paths);
    const found = finder ? nameSpans(text, finder) : [];
    // A path of `*` alone.
    return hidesAny && text.includes('{') ? [{ start: 0, end: text.length }] : found;
  };
}

/** One JSON text or several, the last of which may be cut. */
function isAllJson(text: string): boolean {
  let rest = text.trimStart();
  while (rest !== '') {
    const { state, at } = scanJson(rest);
    if (state !== 'wrong') return true;
    if (at === 0 || scanJson(rest.slice(0, at)).state !== 'whole') return false;
    rest = rest.slice(at);
  }
  return true;
}

function walked(text: string, paths: readonly (readonly string[])[]): MaskSpan[] {
  const spans: MaskSpan[] = [];
  const walk: Walk = { text, paths, spans, places: [], tooDeep: 0, names: [] };
  const token = /["{}[\],]/g;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    token.lastIndex = step(walk, { sign: found[0], at: found.index });
  }
  return spans;
}

interface Walk {
  readonly text: string;
  readonly paths: readonly (readonly string[])[];
  readonly spans: MaskSpan[];
  readonly places: Place[];
  /** Brackets open beyond `depthMax`. */
  tooDeep: number;
  /** Of the value that comes next. */
  names: readonly string[];
}

/** Where to go on. */
function step(walk: Walk, { sign, at }: { sign: string; at: number }): number {
  const { places } = walk;
  const place = places.at(-1);
  if (sign === '"') return takeString(walk, at);
  if (sign === '{' || sign === '[') {
    if (places.length === depthMax) walk.tooDeep++;
    else places.push({ isObject: sign === '{', names: place ? walk.names : [] });
    walk.names = places.at(-1)!.names;
  } else if (sign === ',') walk.names = place?.names ?? [];
  else {
    if (walk.tooDeep > 0) walk.tooDeep--;
    else places.pop();
    walk.names = places.at(-1)?.names ?? [];
  }
  return at + 1;
}

/** A name whose path is one of those: its value is a span, and is gone over. */
function takeString(walk: Walk, start: number): number {
  const { text, paths, places, spans } = walk;
  const end = valueEnd(text, { start, slashes: '' });
  const place = places.at(-1);
  if (!place?.isObject || walk.tooDeep > 0) return end;
  const colon = /\s*:\s*/y;
  colon.lastIndex = end;
  if (!colon.test(text)) return end;
  walk.names = [...place.names, nameOf(text.slice(start, end))];
  if (!paths.some((path) => leadsTo(path, walk.names))) return colon.lastIndex;
  const valueStart = colon.lastIndex;
  const after = valueEnd(text, { start: valueStart, slashes: '' });
  if (after > valueStart) spans.push({ start: valueStart, end: after, isValue: true });
  return after;
}

function nameOf(token: string): string {
  if (!token.includes('\\')) return token.slice(1, -1);
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}

function leadsTo(path: readonly string[], names: readonly string[]): boolean {
  return (
    path.length === names.length &&
    path.every((name, index) => name === '*' || name === names[index])
  );
}
