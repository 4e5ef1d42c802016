/**
 * Decodes base64 strings of a JSON text one after the other, each to a place of its own. It takes canonical
 * base64 only. Short strings are decoded here, which costs less than one call of Node's decoder.
 */
import { NOWHERE } from '../scan.ts';
import { QUOTE } from './scan.ts';

/** From so many characters on a call of Node's decoder is the cheaper way. */
const longFrom = 512;
/** Longer strings live apart from short-lived ones, and cost ten times as much to make and to forget. */
const windowBytes = 64 * 1024;

const EQUALS = 0x3d;
const NONE = 64;
/** The six bits of each character; NONE for those that stand for none. */
const sextets = new Uint8Array(256).fill(NONE);
for (const [bits, letter] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
].entries()) {
  sextets[letter.charCodeAt(0)] = bits;
}

export class Base64Reader {
  private readonly text: Buffer;
  private readonly into: Buffer;
  /** Of the string read last: the next one is probably as long. */
  private characters: number;
  /** Where the bytes of the string read last end. */
  end = 0;
  /** A part of the text, one character a byte, for Node's decoder; and where it begins. */
  private window = '';
  private base = 0;
  /** Where the next letters of the other base64 alphabet are, which Node would take. */
  private dashAt = NOWHERE;
  private underscoreAt = NOWHERE;

  constructor(text: Buffer, into: Buffer) {
    this.text = text;
    this.into = into;
    this.characters = 0;
  }

  /**
   * Decodes the string that begins at `from`, behind its quote, to `to`; returns the place behind it, or
   * NOWHERE when it is no canonical base64.
   */
  read(from: number, to: number): number {
    return this.characters < longFrom ? this.readShort(from, to) : this.readLong(from, to);
  }

  /** `characters`: how long the next string probably is. */
  expect(characters: number): void {
    this.characters = characters;
  }

  private readShort(from: number, to: number): number {
    const { text, into } = this;
    const last = text.length - 4;
    let at = from;
    let end = to;
    while (at <= last) {
      const a = sextets[text[at]!]!;
      const b = sextets[text[at + 1]!]!;
      const c = sextets[text[at + 2]!]!;
      const d = sextets[text[at + 3]!]!;
      if ((a | b | c | d) >= NONE) break;
      into[end] = (a << 2) | (b >>> 4);
      into[end + 1] = (b << 4) | (c >>> 2);
      into[end + 2] = (c << 6) | d;
      at += 4;
      end += 3;
    }
    this.end = end;
    if (at >= text.length || text[at] !== QUOTE) at = this.readPadded(at);
    this.characters = at - from;
    return at === NOWHERE ? NOWHERE : at + 1;
  }

  /** The last one or two bytes before `=`, whose stray bits must be 0; the place of the quote behind it. */
  private readPadded(at: number): number {
    const { text, into, end } = this;
    if (at + 4 >= text.length || text[at + 3] !== EQUALS || text[at + 4] !== QUOTE) return NOWHERE;
    const a = sextets[text[at]!]!;
    const b = sextets[text[at + 1]!]!;
    const c = text[at + 2] === EQUALS ? 0 : sextets[text[at + 2]!]!;
    if ((a | b | c) >= NONE) return NOWHERE;
    into[end] = (a << 2) | (b >>> 4);
    if (text[at + 2] === EQUALS) {
      this.end = end + 1;
      return (b & 15) === 0 ? at + 4 : NOWHERE;
    }
    into[end + 1] = (b << 4) | (c >>> 2);
    this.end = end + 2;
    return (c & 3) === 0 ? at + 4 : NOWHERE;
  }

  private readLong(from: number, to: number): number {
    const expected = from + this.characters;
    // Were there a quote before it, Node could not read it, and what it read would be too short.
    if (this.text[expected] === QUOTE && this.decode(from, { until: expected, to })) {
      return expected + 1;
    }
    const until = this.text.indexOf(QUOTE, from);
    if (until < 0) return NOWHERE;
    this.characters = until - from;
    return this.decode(from, { until, to }) ? until + 1 : NOWHERE;
  }

  private decode(from: number, { until, to }: { until: number; to: number }): boolean {
    const padding = this.padding(from, until);
    const length = ((until - from) >>> 2) * 3 - padding;
    if (((until - from) & 3) !== 0) return false;
    this.look(from, until);
    if (this.hasOtherAlphabet(from, until)) return false;
    const letters = this.window.slice(from - this.base, until - this.base);
    // What Node cannot read it skips, and the length falls short.
    if (length > 0 && this.into.base64Write(letters, to) !== length) return false;
    this.end = to + length;
    const strayBits = padding === 0 ? 0 : padding === 1 ? 3 : 15;
    return padding === 0 || (sextets[this.text[until - padding - 1]!]! & strayBits) === 0;
  }

  private padding(from: number, until: number): number {
    const { text } = this;
    if (until === from || text[until - 1] !== EQUALS) return 0;
    return text[until - 2] === EQUALS ? 2 : 1;
  }

  /** Makes the window hold what lies between. */
  private look(from: number, until: number): void {
    if (until <= this.base + this.window.length) return;
    this.base = from;
    const end = Math.max(until, Math.min(this.text.length, from + windowBytes));
    this.window = this.text.latin1Slice(from, end);
    this.dashAt = NOWHERE;
    this.underscoreAt = NOWHERE;
  }

  private hasOtherAlphabet(from: number, until: number): boolean {
    if (this.dashAt < from) this.dashAt = this.placeOf('-', from);
    if (this.underscoreAt < from) this.underscoreAt = this.placeOf('_', from);
    return this.dashAt < until || this.underscoreAt < until;
  }

  private placeOf(letter: string, from: number): number {
    const at = this.window.indexOf(letter, from - this.base);
    return this.base + (at < 0 ? this.window.length : at);
  }
}

declare global {
  /** Node's own, without the look at the encoding's name; not in its types. */
  interface Buffer<TArrayBuffer extends ArrayBufferLike = ArrayBufferLike> {
    latin1Slice(start?: number, end?: number): string;
    utf8Slice(start?: number, end?: number): string;
    base64Write(text: string, offset?: number, length?: number): number;
    latin1Write(text: string, offset?: number, length?: number): number;
    utf8Write(text: string, offset?: number, length?: number): number;
  }
}
