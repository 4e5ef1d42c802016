/**
 * Takes what is to be hidden from one form of a text to another: a row, indented JSON and the record as it stands differ
 * in white space and in the pictures of control characters, in nothing else. So a place is told by the signs before it.
 */
import type { MaskSpan } from './mask.ts';

export interface Carrier {
  /** The same stretches in the other form, as far as it goes. */
  carry(spans: readonly MaskSpan[]): MaskSpan[];
  /** The place in the other form of what stands at `at`, or of the next sign; its end where it does not go so far. */
  placeOf(at: number): number;
}

/** Undefined when the forms differ in more: then nobody knows where a stretch is. One of them may be cut. */
export function carrierOf(from: string, to: string): Carrier | undefined {
  if (from.startsWith(to) || to.startsWith(from)) return unmoved(to.length);
  const [there, here] = [signsOf(from), signsOf(to)];
  const count = Math.min(there.length, here.length);
  for (let at = 0; at < count; at++) {
    if (from.charCodeAt(there[at]!) !== to.charCodeAt(here[at]!)) return undefined;
  }
  const placeOf = (at: number): number => here[signsBefore(there, at)] ?? to.length;
  const carry = (span: MaskSpan): MaskSpan => {
    const [first, end] = [signsBefore(there, span.start), signsBefore(there, span.end)];
    if (first < end) {
      const last = here[end - 1];
      const after = last === undefined ? to.length : last + 1;
      return { ...span, start: here[first] ?? to.length, end: after };
    }
    // White space alone: what there is of it between two signs.
    const before = first === 0 ? -1 : (here[first - 1] ?? to.length);
    return { start: before + 1, end: here[first] ?? to.length };
  };
  return {
    carry: (spans) => spans.map(carry).filter(({ start, end }) => start < end),
    placeOf,
  };
}

/** All stands where it stood, up to `length`. */
function unmoved(length: number): Carrier {
  const placeOf = (at: number): number => Math.min(at, length);
  const carry = (span: MaskSpan): MaskSpan => ({ ...span, end: placeOf(span.end) });
  return {
    carry: (spans) => spans.map(carry).filter(({ start, end }) => start < end),
    placeOf,
  };
}

/** The places of all signs but white space and control characters. */
function signsOf(text: string): Uint32Array {
  const places = new Uint32Array(text.length);
  let count = 0;
  for (let at = 0; at < text.length; at++) if (isSign(text.charCodeAt(at))) places[count++] = at;
  return places.subarray(0, count);
}

function isSign(code: number): boolean {
  if (code < 0x1680) return code > 0x20 && code !== 0x7f && code !== 0xa0;
  // Most of all other writing lies here.
  if (code > 0x3000 && code < 0xfeff) return true;
  const isPicture = code >= 0x2400 && code <= 0x2421;
  return !isPicture && !/\s/.test(String.fromCharCode(code));
}

/** How many of `places` are before `at`. */
function signsBefore(places: Uint32Array, at: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (places[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
