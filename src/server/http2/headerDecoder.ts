/** Reads the header blocks of one connection (RFC 7541), in the order in which they come. */
import { CompressionError } from './frames.ts';
import { type Header, HeaderTable, headerOf, sizeOf, tableBytesMax } from './headerTable.ts';
import { charactersMax, decodeHuffman } from './huffman.ts';

export interface HeaderList {
  /** By name, each with its first value. */
  readonly headers: ReadonlyMap<string, string>;
  /** As a request has them: names in lower case, those with a colon first and once. */
  readonly isWellFormed: boolean;
  /** One with a colon is among them. */
  readonly hasPseudo: boolean;
}

/** Longest block, and longest list that one may stand for: a number of one byte may mean a long header. */
export const blockBytesMax = 32 * 1024;
const listBytesMax = 64 * 1024;
const nothing = Buffer.alloc(0);
/** A number of more bytes than these is nobody's. */
const numberShiftMax = 21;

/** Of all connections: a text is out of it in the turn in which it comes in. */
const scratch = Buffer.allocUnsafeSlow(charactersMax(blockBytesMax));

export class HeaderDecoder {
  private readonly table = new HeaderTable();
  private block: Buffer = nothing;
  private at = 0;

  /** Throws CompressionError, after which the connection can read no block any more. */
  decode(block: Buffer): HeaderList {
    this.block = block;
    this.at = 0;
    const list = new RequestHeaders();
    let bytes = 0;
    while (this.at < block.length) {
      const header = this.next();
      if (!header) {
        if (bytes > 0) throw new CompressionError(); // sizes come first
        continue;
      }
      bytes += sizeOf(header);
      if (bytes > listBytesMax) throw new CompressionError();
      list.add(header);
    }
    this.block = nothing; // the connection may be idle for long
    return list;
  }

  /** Undefined: it was no header but a size for the table. */
  private next(): Header | undefined {
    const byte = this.block[this.at]!;
    if (byte >= 0x80) return this.known(this.number(7));
    if (byte >= 0x40) {
      const header = this.literal(6);
      this.table.add(header);
      return header;
    }
    if (byte < 0x20) return this.literal(4);
    const size = this.number(5);
    if (size > tableBytesMax) throw new CompressionError();
    this.table.resize(size);
    return undefined;
  }

  private known(index: number): Header {
    const header = this.table.at(index);
    if (!header) throw new CompressionError();
    return header;
  }

  private literal(prefixBits: number): Header {
    const index = this.number(prefixBits);
    const name = index === 0 ? this.text() : this.known(index).name;
    return headerOf(name, this.text());
  }

  private number(prefixBits: number): number {
    const most = 2 ** prefixBits - 1;
    let value = this.byte() & most;
    if (value < most) return value;
    for (let shift = 0; shift <= numberShiftMax; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new CompressionError();
  }

  private byte(): number {
    if (this.at >= this.block.length) throw new CompressionError();
    return this.block[this.at++]!;
  }

  private text(): string {
    const isCompressed = this.block[this.at]! >= 0x80;
    const length = this.number(7);
    const from = this.at;
    const to = from + length;
    if (to > this.block.length) throw new CompressionError();
    this.at = to;
    if (!isCompressed) return this.block.latin1Slice(from, to);
    const count = decodeHuffman(this.block, { from, to, into: scratch });
    if (count < 0) throw new CompressionError();
    return scratch.latin1Slice(0, count);
  }
}

class RequestHeaders implements HeaderList {
  readonly headers = new Map<string, string>();
  isWellFormed = true;
  hasPseudo = false;
  private hasPlain = false;

  add({ name, value, isAllowed }: Header): void {
    const isPseudo = name.charCodeAt(0) === 0x3a;
    const isKnown = this.headers.has(name);
    if (!isAllowed || (isPseudo && (this.hasPlain || isKnown))) this.isWellFormed = false;
    if (isPseudo) this.hasPseudo = true;
    else this.hasPlain = true;
    if (!isKnown) this.headers.set(name, value);
  }
}
