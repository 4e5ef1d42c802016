/**
 * Goes through JSON text without making its values, and without looking closely at what it steps over. Text may end
 * in the middle; what is no JSON is given up where that shows. Never throws.
 */

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Given the place where a value begins; answers where it ends, `wrong` or `open`. */
export type TakeItem<K> = (key: K, at: number) => number;

/** In the place of a place: this is no JSON; the text ends before the value does. */
export const wrong = -1;
export const open = -2;

/** The place of what is no white space, from `at` on. */
export function spaceEnd(text: string, at: number): number {
  let end = at;
  for (;;) {
    const code = text.charCodeAt(end);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return end;
    end++;
  }
}

/** Where the value that begins at `at` ends. */
export function valueEnd(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === quote) return stringEnd(text, at);
  if (code === openBrace || code === openBracket) return bracketsEnd(text, at);
  return wordEnd(text, at);
}

/** Tells `take` of each member of the object at `at`, its name as it is written between the quotation marks. */
export function walkObject(text: string, at: number, take: TakeItem<string>): number {
  let place = spaceEnd(text, at + 1);
  if (text.charCodeAt(place) === closeBrace) return place + 1;
  for (;;) {
    if (text.charCodeAt(place) !== quote) return missing(text, place);
    const nameEnd = stringEnd(text, place);
    if (nameEnd < 0) return nameEnd;
    const behind = spaceEnd(text, nameEnd);
    if (text.charCodeAt(behind) !== colon) return missing(text, behind);
    const end = take(text.slice(place + 1, nameEnd - 1), spaceEnd(text, behind + 1));
    if (end < 0) return end;
    place = spaceEnd(text, end);
    const code = text.charCodeAt(place);
    if (code === closeBrace) return place + 1;
    if (code !== comma) return missing(text, place);
    place = spaceEnd(text, place + 1);
  }
}

/** Tells `take` of each item of the list at `at`. */
export function walkList(text: string, at: number, take: TakeItem<number>): number {
  let place = spaceEnd(text, at + 1);
  if (text.charCodeAt(place) === closeBracket) return place + 1;
  for (let index = 0; ; index++) {
    const end = take(index, place);
    if (end < 0) return end;
    place = spaceEnd(text, end);
    const code = text.charCodeAt(place);
    if (code === closeBracket) return place + 1;
    if (code !== comma) return missing(text, place);
    place = spaceEnd(text, place + 1);
  }
}

/** A name or text as it is meant, of what is written between its quotation marks. */
export function unescaped(written: string): string {
  if (!written.includes('\\')) return written;
  try {
    return String(JSON.parse(`"${written}"`));
  } catch {
    return written;
  }
}

const missing = (text: string, at: number): number => (at >= text.length ? open : wrong);

function stringEnd(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let back = end - 1;
    while (text.charCodeAt(back) === backslash) back--;
    if ((end - back) % 2 === 1) return end + 1;
  }
  return open;
}

function bracketsEnd(text: string, at: number): number {
  let depth = 0;
  for (let place = at; place < text.length; place++) {
    const code = text.charCodeAt(place);
    if (code === quote) {
      const end = stringEnd(text, place);
      if (end < 0) return end;
      place = end - 1;
    } else if (code === openBrace || code === openBracket) depth++;
    else if ((code === closeBrace || code === closeBracket) && --depth === 0) return place + 1;
  }
  return open;
}

/** A number, `true`, `false` or `null`: whatever stands before a sign or a space. */
function wordEnd(text: string, at: number): number {
  notOfWord.lastIndex = at;
  const end = notOfWord.exec(text)?.index;
  if (end === undefined) return open;
  return end === at ? wrong : end;
}

const notOfWord = /[\s,:"[\]{}]/g;
