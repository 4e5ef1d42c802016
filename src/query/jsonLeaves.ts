/**
 * The single values in a JSON text, with the path that leads to each and its place. It goes by tokens, so that JSON
 * whose end was cut off has them too; of text that is no JSON it may say anything, and it never throws.
 */
import type { Span } from './span.ts';
import { pathStepsMax, type Step } from './tree.ts';

export type LeafValue = string | number | bigint | boolean | null;

/** The span is that of the value, a text with its quotation marks. */
export interface JsonLeaf extends Span {
  readonly steps: readonly Step[];
  readonly value: LeafValue;
  /** Where its name begins; in a list the value itself. */
  readonly nameStart: number;
  /** Where the names on its path begin, its own the last. */
  readonly nameStarts: readonly number[];
}

interface Place {
  readonly isList: boolean;
  /** The step to what comes next, and where its name begins. */
  step: Step;
  nameStart: number;
  /** In an object: the name has come, its value follows. */
  isNamed: boolean;
}

const token = /[{}[\],:]|"(?:[^"\\]+|\\.)*"?|[^\s{}[\],:"]+/gs;
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A name or a single value, within the objects and lists that are open there. */
interface Met {
  readonly isName: boolean;
  readonly sign: string;
  readonly start: number;
  readonly places: readonly Place[];
}

/**
 * From the left, at most `leavesMax`. What no path of a query can reach, and the value that the text ends in, are
 * left out.
 */
export function* jsonLeaves(text: string, leavesMax: number): Generator<JsonLeaf> {
  let count = 0;
  for (const { isName, sign, start, places } of met(text)) {
    const end = start + sign.length;
    const value = isName || end >= text.length ? undefined : leafValueOf(sign);
    if (value === undefined || places.length > pathStepsMax) continue;
    const steps = places.map(({ step }) => step);
    const nameStarts = places.filter(({ isList }) => !isList).map(({ nameStart }) => nameStart);
    const nameStart = places.at(-1)!.isList ? start : nameStarts.at(-1)!;
    yield { steps, value, nameStart, nameStarts, start, end };
    if (++count >= leavesMax) return;
  }
}

/** Where names begin that come again in their object: what they lead to no path does, as the last one counts. */
export function replacedNames(text: string): ReadonlySet<number> {
  const replaced = new Set<number>();
  const seen = new WeakMap<Place, Map<Step, number>>();
  for (const { isName, start, places } of met(text)) {
    if (!isName) continue;
    const place = places.at(-1)!;
    const names = seen.get(place) ?? new Map<Step, number>();
    const before = names.get(place.step);
    if (before !== undefined) replaced.add(before);
    seen.set(place, names.set(place.step, start));
  }
  return replaced;
}

function* met(text: string): Generator<Met> {
  const places: Place[] = [];
  for (const { 0: sign, index: start } of text.matchAll(token)) {
    const place = places.at(-1);
    if (sign === '{' || sign === '[') {
      places.push({ isList: sign === '[', step: 0, nameStart: start, isNamed: false });
    } else if (sign === '}' || sign === ']') places.pop();
    else if (!place) return;
    else if (sign === ',') goOn(place);
    else if (sign === ':') place.isNamed = true;
    else {
      const isName = !place.isList && !place.isNamed;
      if (isName) Object.assign(place, { step: textOf(sign) ?? sign, nameStart: start });
      yield { isName, sign, start, places };
    }
  }
}

function goOn(place: Place): void {
  place.isNamed = false;
  if (typeof place.step === 'number') place.step++;
}

/** The single value that is written so; undefined of all else, and of a fraction or power beyond all doubles. */
export function leafValueOf(sign: string): LeafValue | undefined {
  if (sign.startsWith('"')) return textOf(sign);
  if (sign === 'true' || sign === 'false') return sign === 'true';
  if (sign === 'null') return null;
  if (!number.test(sign)) return undefined;
  const value = Number(sign);
  if (!Number.isSafeInteger(value) && /^-?\d+$/.test(sign)) return BigInt(sign);
  return Number.isFinite(value) ? value : undefined;
}

function textOf(quoted: string): string | undefined {
  try {
    const text: unknown = JSON.parse(quoted);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
