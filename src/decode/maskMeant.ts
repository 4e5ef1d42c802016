/**
 * The readings of a text in which expressions look. Where signs are escaped as JSON escapes them, `\u00fc` and `\/` are
 * what a reader takes them for, and what a cell shows: a mask would end at the first backslash. And a row shows all in
 * one line.
 */
export interface MeantText {
  readonly text: string;
  /**
   * Where each of its characters begins in the text as it is written; one more says where that ends. Undefined: all stand
   * where they are written.
   */
  readonly places: Uint32Array | undefined;
}

interface ReplacedText extends MeantText {
  readonly places: Uint32Array;
}

/** JSON in a string of JSON in a string of JSON; what lies deeper is looked through as it is written. */
const levelsMax = 3;
const letters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * As it is written, at each level at which something is escaped, and each of these in one line where white space may
 * count; linear in time.
 */
export function* readingsOf(written: string, countsSpace: boolean): Generator<MeantText> {
  const asWritten = { text: written, places: undefined };
  yield asWritten;
  if (countsSpace) yield* folded(asWritten);
  for (const meant of meantTexts(written)) {
    yield meant;
    if (countsSpace) yield* folded(meant);
  }
}

/** Of each level, from the outermost on. */
function* meantTexts(written: string): Generator<MeantText> {
  let outer: MeantText = { text: written, places: undefined };
  for (let level = 0; level < levelsMax && outer.text.includes('\\'); level++) {
    outer = within(outer, unescaped(outer.text));
    yield outer;
  }
}

function unescaped(written: string): ReplacedText {
  return replaced(written, /\\(?:u([0-9a-f]{4})|[^u])/gis, ({ 0: sign, 1: code }) => {
    const meant = sign.charAt(1);
    return code ? String.fromCharCode(Number.parseInt(code, 16)) : (letters[meant] ?? meant);
  });
}

/** White space that `oneLine` changes. */
const runs = /[^\S ]\s*| \s+|^ | $/g;

/** As `oneLine` has it; nothing when that is the same. */
function* folded({ text, places }: MeantText): Generator<MeantText> {
  if (text.search(runs) < 0) return;
  const line = replaced(text, runs, ({ 0: run, index }) =>
    index === 0 || index + run.length === text.length ? '' : ' ',
  );
  yield within({ text, places }, line);
}

/** The inner text, with its places in what the outer one was read from. */
function within({ places: outer }: MeantText, { text, places }: ReplacedText): MeantText {
  return { text, places: outer ? places.map((place) => outer[place]!) : places };
}

/** What `stand` gives, one sign or none, in the place of each that `pattern` finds. */
function replaced(
  text: string,
  pattern: RegExp,
  stand: (found: RegExpExecArray) => string,
): ReplacedText {
  const places = new Uint32Array(text.length + 1);
  const parts: string[] = [];
  let length = 0;
  const copy = (from: number, to: number): void => {
    parts.push(text.slice(from, to));
    for (let at = from; at < to; at++) places[length++] = at;
  };
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    copy(end, found.index);
    const sign = stand(found);
    parts.push(sign);
    if (sign !== '') places[length++] = found.index;
    end = found.index + found[0].length;
  }
  copy(end, text.length);
  places[length] = text.length;
  return { text: parts.join(''), places: places.subarray(0, length + 1) };
}
