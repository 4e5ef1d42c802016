/**
 * Walks over CBOR without making anything of it: whether a body is well formed, and where an item ends.
 * Depth and number of items are bounded, so that what a decoder then makes of it is bounded as well.
 */
import {
  BYTES,
  CborReader,
  FALSE,
  LIST,
  MAP,
  malformed,
  OTHER,
  TAG,
  TEXT,
  UNDEFINED,
} from './reader.ts';

/** Kinesis' own inputs have four levels. */
const depthMax = 64;
/** Far more than any call may have: 500 records have 3,500. An empty structure of one byte takes 60 here. */
const itemsMax = 200_000;

/**
 * A reader of `body` behind its first head. Throws a SerializationException without text unless the body
 * is exactly one item, a map or a list. What comes behind it is no CBOR of anybody's. @source guessed
 */
export function openBody(body: Buffer): CborReader {
  const reader = new CborReader(body);
  skipItem(reader);
  if (reader.at !== body.length) throw malformed();
  reader.at = 0;
  reader.nextValue();
  if (reader.major !== MAP && reader.major !== LIST) throw malformed();
  return reader;
}

/** Moves `reader` behind the next item, whatever is in it. */
export function skipItem(reader: CborReader): void {
  new Walk(reader).run();
}

/** Something whose end has not come. */
interface Open {
  /** Items that it still waits for; Infinity: until the break. */
  left: number;
  /** Items that it had. */
  seen: number;
  /** Of strings in chunks: their type. */
  readonly chunksOf?: number;
  /** Keys and values in turn. */
  readonly isMap?: boolean;
}

class Walk {
  private readonly reader: CborReader;
  /** The innermost last; the first stands for the whole and waits for one item. */
  private readonly open: Open[] = [{ left: 1, seen: 0 }];
  private count = 0;
  private isTagged = false;

  constructor(reader: CborReader) {
    this.reader = reader;
  }

  run(): void {
    while (this.open.length > 0) {
      this.count += 1;
      if (this.count > itemsMax) throw malformed();
      this.reader.next();
      const { chunksOf } = this.open.at(-1)!;
      if (chunksOf === undefined) this.step();
      else this.stepChunk(chunksOf);
    }
  }

  private step(): void {
    const { reader } = this;
    const { major, argument, isIndefinite } = reader;
    if (reader.isBreak) this.close();
    else if (major === TAG) this.isTagged = true;
    else {
      this.isTagged = false;
      const count = isIndefinite ? Infinity : argument;
      if (major === LIST) this.begin({ left: count, seen: 0 });
      else if (major === MAP) this.begin({ left: count * 2, seen: 0, isMap: true });
      else if (major === BYTES || major === TEXT) this.string();
      else if (major === OTHER && !isKnown(reader.info)) throw malformed();
      else this.finished();
    }
  }

  private string(): void {
    const { reader } = this;
    if (reader.isIndefinite) this.begin({ left: Infinity, seen: 0, chunksOf: reader.major });
    else {
      reader.pass();
      this.finished();
    }
  }

  private stepChunk(chunksOf: number): void {
    const { reader } = this;
    if (reader.isBreak) this.close();
    else if (reader.major !== chunksOf || reader.isIndefinite) throw malformed();
    else reader.pass();
  }

  private begin(open: Open): void {
    const { reader } = this;
    const isAnnouncedOnly = open.left !== Infinity && open.left > reader.bytes.length - reader.at;
    if (isAnnouncedOnly || this.open.length > depthMax) throw malformed();
    if (open.left === 0) this.finished();
    else this.open.push(open);
  }

  private close(): void {
    const { left, seen, isMap } = this.open.at(-1)!;
    const isHalfPair = isMap === true && seen % 2 === 1;
    if (left !== Infinity || this.isTagged || isHalfPair) throw malformed();
    this.open.pop();
    this.finished();
  }

  /** An item has ended, and with it all of which it was the last. */
  private finished(): void {
    for (;;) {
      const innermost = this.open.at(-1);
      if (!innermost) return;
      innermost.left -= 1;
      innermost.seen += 1;
      if (innermost.left > 0) return;
      this.open.pop();
    }
  }
}

/** A boolean, null, undefined or a float: nothing else is in use. */
const isKnown = (info: number): boolean =>
  (info >= FALSE && info <= UNDEFINED) || (info >= 25 && info <= 27);
