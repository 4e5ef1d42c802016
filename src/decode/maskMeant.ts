/**
 * Text as it is meant where signs are escaped as JSON escapes them: `\u00fc` and `\/` are what a reader takes them
 * for, and what a cell shows. Expressions look there too, or a mask would end at the first backslash.
 */
export interface MeantText {
  readonly text: string;
  /** Where each of its characters begins in the text as it is written; one more says where that ends. */
  readonly places: Uint32Array;
}

/** JSON in a string of JSON in a string of JSON; what lies deeper is looked through as it is written. */
const levelsMax = 3;
const letters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Of each level at which something is escaped, from the outermost on. Time grows with the text's length. */
export function* meantTexts(written: string): Generator<MeantText> {
  let outer: MeantText = { text: written, places: Uint32Array.from({ length: 0 }) };
  for (let level = 0; level < levelsMax && outer.text.includes('\\'); level++) {
    const inner = unescaped(outer.text);
    const places = level === 0 ? inner.places : inner.places.map((place) => outer.places[place]!);
    outer = { text: inner.text, places };
    yield outer;
  }
}

function unescaped(written: string): MeantText {
  const places = new Uint32Array(written.length + 1);
  const parts: string[] = [];
  let length = 0;
  const copy = (from: number, to: number): void => {
    parts.push(written.slice(from, to));
    for (let at = from; at < to; at++) places[length++] = at;
  };
  let end = 0;
  for (const { 0: sign, 1: code, index } of written.matchAll(/\\(?:u([0-9a-f]{4})|[^u])/gis)) {
    copy(end, index);
    const meant = sign.charAt(1);
    parts.push(code ? String.fromCharCode(Number.parseInt(code, 16)) : (letters[meant] ?? meant));
    places[length++] = index;
    end = index + sign.length;
  }
  copy(end, written.length);
  places[length] = written.length;
  return { text: parts.join(''), places: places.subarray(0, length + 1) };
}
