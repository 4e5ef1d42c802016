/**
 * Looks for an ASCII text in UTF-8 without decoding it. Wherever the text is, it covers one byte of so many as it is
 * long: those alone are looked at, none of them waiting for what the one before was. Mostly they are no byte of
 * the text, or have no neighbour as in the text.
 */
import type { ByteRange } from './byteRange.ts';

/** Pairs of bytes have places in a table of so many; others may have the same. */
const pairPlaces = 4096;
const placeOf = (first: number, second: number): number =>
  ((first << 5) ^ second) & (pairPlaces - 1);

/** `text` has one ASCII character or more. */
export class ByteSearch {
  /** The text's bytes, in lower case when case does not matter. */
  private readonly wanted: Uint8Array;
  /** By byte: the same in lower case, or itself. */
  private readonly folded: Uint8Array;
  /** By byte: 1 when it is one of the text, in any case that matters. */
  private readonly isOfText: Uint8Array;
  /** By place: 1 where a pair of neighbours in the text is. */
  private readonly isPairOfText = new Uint8Array(pairPlaces);
  /** Where in the text the byte is that it has least often: most other places of a run of one byte lack it. */
  private readonly rarest: number;
  /** The bytes of the first character, in both cases. */
  private readonly firsts: readonly number[];

  constructor(text: string, { anyCase }: { anyCase: boolean }) {
    this.folded = anyCase ? lowerCase : unchanged;
    this.wanted = Uint8Array.from(text, (char) => this.folded[char.charCodeAt(0)]!);
    this.isOfText = this.folded.map((byte) => Number(this.wanted.includes(byte)));
    const counts = [...this.wanted].map((byte) => this.wanted.filter((one) => one === byte).length);
    this.rarest = counts.lastIndexOf(Math.min(...counts));
    this.firsts = this.casesOf(this.wanted[0]!);
    for (let at = 1; at < this.wanted.length; at++) this.addPair(this.wanted.subarray(at - 1));
  }

  isIn(range: ByteRange): boolean {
    return this.wanted.length === 1 ? this.isByteIn(range) : this.endIn(range, range.start) >= 0;
  }

  /** Behind the first place from `from` on, in the memory; -1 when there is none in the range. Not of one byte. */
  endIn({ memory, end }: ByteRange, from: number): number {
    const { isOfText, isPairOfText } = this;
    const { length } = this.wanted;
    for (let at = from + length - 1; at < end; at += length) {
      const byte = memory[at]!;
      if (isOfText[byte] === 0) continue;
      const before = isPairOfText[placeOf(memory[at - 1]!, byte)]!;
      const behind = isPairOfText[placeOf(byte, memory[at + 1]!)]!;
      if ((before | behind) === 0) continue;
      const start = this.startOver(memory, at, end);
      if (start >= 0) return start + length;
    }
    return -1;
  }

  /** Where the text begins that covers the byte at `at`; -1 when none does. */
  private startOver(memory: Uint8Array, at: number, end: number): number {
    const { wanted, folded } = this;
    const byte = folded[memory[at]!];
    const least = Math.max(0, at + wanted.length - end);
    for (let offset = wanted.length - 1; offset >= least; offset--) {
      if (wanted[offset] === byte && this.isAt(memory, at - offset)) return at - offset;
    }
    return -1;
  }

  private isAt(memory: Uint8Array, start: number): boolean {
    const { wanted, folded, rarest } = this;
    if (folded[memory[start + rarest]!] !== wanted[rarest]) return false;
    for (let at = 0; at < wanted.length; at++) {
      if (folded[memory[start + at]!] !== wanted[at]) return false;
    }
    return true;
  }

  /** The runtime's own search is faster. */
  private isByteIn({ memory, start, end }: ByteRange): boolean {
    const bytes = memory.subarray(start, end);
    for (const byte of this.firsts) if (bytes.includes(byte)) return true;
    return false;
  }

  private addPair([first, second]: Uint8Array): void {
    for (const one of this.casesOf(first!)) {
      for (const other of this.casesOf(second!)) this.isPairOfText[placeOf(one, other)] = 1;
    }
  }

  private casesOf(folded: number): number[] {
    return [...this.folded.keys()].filter((byte) => this.folded[byte] === folded);
  }
}

const caseDistance = 0x20;
const unchanged = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const lowerCase = unchanged.map((byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + caseDistance : byte,
);
