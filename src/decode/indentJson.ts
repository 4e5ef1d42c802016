/**
 * JSON on many lines, sign by sign: numbers of any length, repeated names and their order stay as they were
 * written, which parsing and printing would not keep. No string is made for a token: a record may have millions.
 */

const [quote, backslash, comma, colon, space, lineFeed] = [0x22, 0x5c, 0x2c, 0x3a, 0x20, 0x0a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Indents `json`, which must be valid, or the beginning of such, and stops soon after `charactersMax` characters. */
export function indentJson(json: string, charactersMax: number): string {
  const lines = new Lines();
  let depth = 0;
  for (let at = 0; at < json.length && lines.length <= charactersMax; at++) {
    const code = json.charCodeAt(at);
    if (code === quote) at = takeString(json, { at, lines, charactersMax });
    else if (code === openBrace || code === openBracket) {
      const next = spaceEnd(json, at + 1);
      lines.put(code);
      if (isClosing(json.charCodeAt(next))) {
        lines.put(json.charCodeAt(next));
        at = next;
      } else lines.breakLine(++depth, charactersMax);
    } else if (isClosing(code)) {
      lines.breakLine(--depth, charactersMax);
      lines.put(code);
    } else if (code === comma) {
      lines.put(code);
      lines.breakLine(depth, charactersMax);
    } else if (!isSpace(code)) {
      lines.put(code);
      if (code === colon) lines.put(space);
    }
  }
  return lines.text();
}

interface StringPlace {
  readonly at: number;
  readonly lines: Lines;
  readonly charactersMax: number;
}

/** Takes the string that begins there, with its quotation marks; the place of the last one. */
function takeString(json: string, { at: start, lines, charactersMax }: StringPlace): number {
  lines.put(quote);
  let at = start + 1;
  for (; at < json.length && lines.length <= charactersMax; at++) {
    const code = json.charCodeAt(at);
    lines.put(code);
    if (code === quote) return at;
    if (code === backslash && at + 1 < json.length) lines.put(json.charCodeAt(++at));
  }
  return at;
}

function spaceEnd(json: string, from: number): number {
  let at = from;
  while (isSpace(json.charCodeAt(at))) at++;
  return at;
}

const isClosing = (code: number): boolean => code === closeBrace || code === closeBracket;
const isSpace = (code: number): boolean =>
  code === space || code === lineFeed || code === 0x0d || code === 0x09;

/** So many characters become one string; as many are arguments of one call. */
const charactersPerPart = 8192;

class Lines {
  length = 0;
  private readonly parts: string[] = [];
  private readonly part = new Uint16Array(charactersPerPart);
  private used = 0;

  put(code: number): void {
    if (this.used === charactersPerPart) this.endPart();
    this.part[this.used++] = code;
    this.length++;
  }

  /** With as much of the indentation as there is room for. */
  breakLine(depth: number, charactersMax: number): void {
    this.put(lineFeed);
    for (let left = 2 * depth; left > 0 && this.length <= charactersMax; left--) this.put(space);
  }

  text(): string {
    this.endPart();
    return this.parts.join('');
  }

  private endPart(): void {
    this.parts.push(Reflect.apply(String.fromCharCode, String, this.part.subarray(0, this.used)));
    this.used = 0;
  }
}
