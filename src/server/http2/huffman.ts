/**
 * Reads texts that are compressed with HPACK's Huffman code (RFC 7541, appendix B), half a byte at a time
 * by a table that is made on first use.
 */

/**
 * For each symbol the bits of its code, one digit in base 36; the last is the end of a text. Codes follow
 * from lengths: shorter ones come first, and those of a length in the order of their symbols.
 */
const codeBits =
  'dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6ca' +
  'd67777777777777777777777878djde6f56565666577666567655677777fbeds' +
  'kmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmn' +
  'qqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrq' +
  'u';

const endOfText = 256;
const nibbles = 16;
/** A text ends with fewer bits than a byte, all of them ones. */
const paddingBitsMax = 7;

/** What follows a bit: another place of the tree, or, below zero, a symbol. */
type Tree = [number, number][];

function makeTree(): Tree {
  const bitsOf = [...codeBits].map((digit) => Number.parseInt(digit, 36));
  const symbols = [...bitsOf.keys()].sort((a, b) => bitsOf[a]! - bitsOf[b]! || a - b);
  const tree: Tree = [[0, 0]];
  let code = 0;
  let length = 0;
  for (const symbol of symbols) {
    code *= 2 ** (bitsOf[symbol]! - length);
    length = bitsOf[symbol]!;
    plant(tree, { code, length, symbol });
    code += 1;
  }
  return tree;
}

function plant(tree: Tree, of: { code: number; length: number; symbol: number }): void {
  let place = 0;
  for (let bit = of.length - 1; bit >= 0; bit--) {
    const side = (of.code >>> bit) & 1;
    if (bit === 0) tree[place]![side] = -1 - of.symbol;
    else {
      if (tree[place]![side] === 0) tree[place]![side] = tree.push([0, 0]) - 1;
      place = tree[place]![side]!;
    }
  }
}

class Decoder {
  /** By place and half byte: the next place, or `refused`. */
  private readonly next: Uint16Array;
  /** Likewise the symbol that comes out, or -1: a code is longer than half a byte. */
  private readonly symbols: Int16Array;
  /** Places where a text may end. */
  private readonly ends: ReadonlySet<number>;

  constructor() {
    const tree = makeTree();
    this.next = new Uint16Array(tree.length * nibbles);
    this.symbols = new Int16Array(tree.length * nibbles).fill(-1);
    for (let at = 0; at < this.next.length; at++) this.fill(tree, at);
    const ends = new Set<number>();
    for (let place = 0, bits = 0; bits <= paddingBitsMax; bits++) {
      ends.add(place);
      place = tree[place]![1];
    }
    this.ends = ends;
  }

  private fill(tree: Tree, at: number): void {
    let place = Math.floor(at / nibbles);
    for (let bit = 3; bit >= 0; bit--) {
      const found = tree[place]![(at >>> bit) & 1]!;
      const isEnd = found === -1 - endOfText;
      if (isEnd) {
        this.next[at] = refused;
        return;
      }
      if (found < 0) this.symbols[at] = -1 - found;
      place = Math.max(0, found);
    }
    this.next[at] = place;
  }

  decode(bytes: Uint8Array, { from, to, into }: Text & { into: Uint8Array }): number {
    const { next, symbols } = this;
    let place = 0;
    let count = 0;
    for (let half = from * 2; half < to * 2; half++) {
      const byte = bytes[half >>> 1]!;
      const at = place * nibbles + ((half & 1) === 0 ? byte >>> 4 : byte & 0x0f);
      const symbol = symbols[at]!;
      if (symbol >= 0) into[count++] = symbol;
      place = next[at]!;
      if (place === refused) return -1;
    }
    return this.ends.has(place) ? count : -1;
  }
}

const refused = 0xffff;

/** Where a compressed text lies. */
export interface Text {
  readonly from: number;
  readonly to: number;
}

/** No symbol has a shorter code. */
const codeBitsMin = 5;

/** The most characters that so many bytes hold. */
export const charactersMax = (bytes: number): number => Math.floor((bytes * 8) / codeBitsMin);

let decoder: Decoder | undefined;

/**
 * Writes the text into `into`, which has room for `charactersMax`, and returns its length; -1 for bytes
 * that are no text.
 */
export function decodeHuffman(bytes: Uint8Array, text: Text & { into: Uint8Array }): number {
  decoder ??= new Decoder();
  return decoder.decode(bytes, text);
}
