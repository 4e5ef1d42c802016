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

/**
 * From the left, at most `leavesMax`. What no path of a query can reach, and the value that the text ends in, are
 * left out.
 */
export function* jsonLeaves(text: string, leavesMax: number): Generator<JsonLeaf> {
  const places: Place[] = [];
  let count = 0;
  for (const { 0: sign, index } of text.matchAll(token)) {
    const place = places.at(-1);
    const end = index + sign.length;
    if (sign === '{' || sign === '[') {
      places.push({ isList: sign === '[', step: 0, nameStart: index, isNamed: false });
    } else if (sign === '}' || sign === ']') places.pop();
    else if (!place) return;
    else if (sign === ',') goOn(place);
    else if (sign === ':') place.isNamed = true;
    else if (!place.isList && !place.isNamed) {
      place.step = textOf(sign) ?? sign;
      place.nameStart = index;
    } else {
      const value = end < text.length ? leafValue(sign) : undefined;
      if (value === undefined || places.length > pathStepsMax) continue;
      const steps = places.map(({ step }) => step);
      const nameStart = place.isList ? index : place.nameStart;
      yield { steps, value, nameStart, start: index, end };
      if (++count >= leavesMax) return;
    }
  }
}

function goOn(place: Place): void {
  place.isNamed = false;
  if (typeof place.step === 'number') place.step++;
}

/** Undefined when it is no JSON. */
function leafValue(sign: string): LeafValue | undefined {
  if (sign.startsWith('"')) return textOf(sign);
  if (sign === 'true' || sign === 'false') return sign === 'true';
  if (sign === 'null') return null;
  if (!number.test(sign)) return undefined;
  const value = Number(sign);
  return Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(sign)
    ? BigInt(sign)
    : value;
}

function textOf(quoted: string): string | undefined {
  try {
    const text: unknown = JSON.parse(quoted);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
