/**
 * Is a text JSON, and where not: a scan without recursion and without making its values, so that neither
 * depth nor length is a danger. It accepts what JSON.parse() accepts.
 */

export interface JsonScan {
  /** `open`: the text ends inside a value, and could go on to be JSON. */
  readonly state: 'whole' | 'open' | 'wrong';
  /** Where it goes wrong, in characters; else the text's length. */
  readonly at: number;
}

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Answers of the scans below: a place, or one of these. */
const wrong = -1;
const open = -2;
/** What comes next: a comma or a closing sign, a value, nothing. */
const restNext = 0;
const valueNext = 1;
const finished = 2;

/** For all but very deep texts; the scan is one call, so it is never in use twice. */
const shallow = new Uint8Array(256);

const isDigit = (code: number): boolean => code >= zero && code <= nine;

export function scanJson(text: string): JsonScan {
  const scanner = new Scanner(text);
  const end = scanner.run();
  if (end === open) return { state: 'open', at: text.length };
  if (end === wrong) return { state: 'wrong', at: scanner.at };
  return { state: 'whole', at: text.length };
}

class Scanner {
  at = 0;
  private readonly text: string;
  /** What is open, outermost first: 1 an object, 0 an array. */
  private stack = shallow;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The place after the text, or `wrong` or `open`. */
  run(): number {
    let isValueNext = true;
    for (;;) {
      const next: number = isValueNext ? this.takeValue() : this.takeRest();
      if (next < 0) return next;
      if (next === finished) return this.at;
      isValueNext = next === valueNext;
    }
  }

  /** A value, or its opening and an object's first name. */
  private takeValue(): number {
    const code = this.skipSpace();
    if (code === openBrace) return this.openObject();
    if (code === openBracket) {
      this.push(0);
      this.at++;
      if (this.skipSpace() !== closeBracket) return valueNext;
      return this.close();
    }
    const end = this.scalar(code);
    if (end < 0) return end;
    this.at = end;
    return restNext;
  }

  private openObject(): number {
    this.push(1);
    this.at++;
    if (this.skipSpace() === closeBrace) return this.close();
    return this.name();
  }

  /** What follows a value. */
  private takeRest(): number {
    const code = this.skipSpace();
    if (this.depth === 0) return this.at >= this.text.length ? finished : wrong;
    const isObject = this.stack[this.depth - 1] === 1;
    if (code === comma) {
      this.at++;
      if (!isObject) return valueNext;
      this.skipSpace();
      return this.name();
    }
    if (code === (isObject ? closeBrace : closeBracket)) return this.close();
    return this.at >= this.text.length ? open : wrong;
  }

  /** A name and its colon. */
  private name(): number {
    const { text } = this;
    if (this.at >= text.length) return open;
    if (text.charCodeAt(this.at) !== quote) return wrong;
    const end = this.string();
    if (end < 0) return end;
    this.at = end;
    if (this.skipSpace() !== colon) return this.at >= text.length ? open : wrong;
    this.at++;
    return valueNext;
  }

  private close(): number {
    this.depth--;
    this.at++;
    return restNext;
  }

  private push(kind: 0 | 1): void {
    if (this.depth === this.stack.length) {
      const larger = new Uint8Array(this.stack.length * 4);
      larger.set(this.stack);
      this.stack = larger;
    }
    this.stack[this.depth++] = kind;
  }

  /** The code there, NaN at the end. */
  private skipSpace(): number {
    const { text } = this;
    let code = text.charCodeAt(this.at);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
      code = text.charCodeAt(++this.at);
    }
    return code;
  }

  private scalar(code: number): number {
    if (code === quote) return this.string();
    if (code === minus || isDigit(code)) return this.number();
    if (this.at >= this.text.length) return open;
    if (code === 0x74) return this.word('true');
    if (code === 0x66) return this.word('false');
    return code === 0x6e ? this.word('null') : wrong;
  }

  private word(word: string): number {
    const found = this.text.slice(this.at, this.at + word.length);
    if (found === word) return this.at + word.length;
    return this.at + found.length === this.text.length && word.startsWith(found) ? open : wrong;
  }

  /** One past the closing quotation mark of the string that begins here. */
  private string(): number {
    const { text } = this;
    const { length } = text;
    let at = this.at + 1;
    while (at < length) {
      const code = text.charCodeAt(at);
      if (code === quote) return at + 1;
      if (code === backslash) {
        const next = escapeEnd(text, at);
        if (next === wrong) this.at = at;
        if (next < 0) return next;
        at = next;
      } else if (code < 0x20) {
        this.at = at;
        return wrong;
      } else at++;
    }
    return open;
  }

  private number(): number {
    const { text } = this;
    let { at } = this;
    if (text.charCodeAt(at) === minus) at++;
    if (text.charCodeAt(at) === zero) at++;
    else at = this.digits(at);
    if (at >= 0 && text.charCodeAt(at) === 0x2e) at = this.digits(at + 1);
    if (at < 0) return at;
    const code = text.charCodeAt(at);
    if (code !== 0x65 && code !== 0x45) return at;
    const sign = text.charCodeAt(at + 1);
    return this.digits(sign === 0x2b || sign === minus ? at + 2 : at + 1);
  }

  /** One digit at least. */
  private digits(start: number): number {
    const { text } = this;
    let at = start;
    while (isDigit(text.charCodeAt(at))) at++;
    if (at > start) return at;
    return at >= text.length ? open : wrong;
  }
}

/** One past the escape that begins at `at`. */
function escapeEnd(text: string, at: number): number {
  const letter = text[at + 1];
  if (letter === undefined) return open;
  if (letter !== 'u') return '"\\/bfnrt'.includes(letter) ? at + 2 : wrong;
  const digits = text.slice(at + 2, at + 6);
  if (!/^[0-9a-fA-F]*$/.test(digits)) return wrong;
  return digits.length === 4 ? at + 6 : open;
}
