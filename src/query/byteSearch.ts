/** Looks for an ASCII text in UTF-8 without decoding it, as Horspool did: most bytes are not looked at. */

/** `text` has one ASCII character or more. */
export class ByteSearch {
  /** The text's bytes, in lower case when case does not matter. */
  private readonly wanted: Uint8Array;
  /** By byte: the same in lower case, or itself. */
  private readonly folded: Uint8Array;
  /** By byte: how far the text moves on when its last byte is over this one; 0 at the last byte itself. */
  private readonly steps: Uint8Array;
  /** The bytes of the last character, in both cases. */
  private readonly single: readonly number[];
  /** How far it moves on from a place where only the end of it was. */
  private readonly stepAfterLast: number;

  constructor(text: string, { anyCase }: { anyCase: boolean }) {
    this.folded = anyCase ? lowerCase : unchanged;
    this.wanted = Uint8Array.from(text, (char) => this.folded[char.charCodeAt(0)]!);
    const last = this.wanted.length - 1;
    const stepTo = (byte: number, from: number): number =>
      last - (from < 0 ? -1 : this.wanted.lastIndexOf(byte, from));
    this.steps = this.folded.map((byte) => Math.min(255, stepTo(byte, last)));
    this.stepAfterLast = stepTo(this.wanted[last]!, last - 1);
    this.single = [...this.folded.keys()].filter((byte) => this.steps[byte] === 0);
  }

  isIn(bytes: Uint8Array): boolean {
    return this.wanted.length === 1 ? this.isByteIn(bytes) : this.endIn(bytes, 0) >= 0;
  }

  /** Behind the first place from `from` on; -1 when there is none. */
  endIn(bytes: Uint8Array, from: number): number {
    const { wanted, steps } = this;
    const last = wanted.length - 1;
    for (let at = from + last; at < bytes.length; ) {
      const step = steps[bytes[at]!]!;
      if (step > 0) at += step;
      else if (this.isAt(bytes, at - last)) return at + 1;
      else at += this.stepAfterLast;
    }
    return -1;
  }

  /** All but the last byte. */
  private isAt(bytes: Uint8Array, start: number): boolean {
    const { wanted, folded } = this;
    for (let at = wanted.length - 2; at >= 0; at--) {
      if (folded[bytes[start + at]!] !== wanted[at]) return false;
    }
    return true;
  }

  /** There is nothing to skip: the runtime's own search is faster. */
  private isByteIn(bytes: Uint8Array): boolean {
    for (const byte of this.single) if (bytes.includes(byte)) return true;
    return false;
  }
}

const caseDistance = 0x20;
const unchanged = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const lowerCase = unchanged.map((byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + caseDistance : byte,
);
