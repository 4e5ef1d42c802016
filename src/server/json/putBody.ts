/**
 * Reads the bodies of PutRecord and PutRecords in one pass over their text, all data into one buffer. It
 * knows only the form that clients send; anything else is left to the general way, which also words what
 * is wrong. On all that it takes it must agree with that way: a property test compares the two.
 */
import type { BufferLoan } from '../bufferPool.ts';

/** What bodies of either operation hold, by AWS's names. */
export interface PutBody {
  StreamName?: string;
  StreamARN?: string;
  StreamId?: string;
  SequenceNumberForOrdering?: string;
  Data?: Uint8Array;
  PartitionKey?: string;
  ExplicitHashKey?: string;
  Records?: PutEntry[];
}

export interface PutEntry {
  Data?: Uint8Array;
  PartitionKey?: string;
  ExplicitHashKey?: string;
}

/**
 * The input in `body`, its data in a buffer of `loan`; undefined when the general way must look at it.
 * Throws nothing.
 */
export function readPutBody(
  operation: 'PutRecord' | 'PutRecords',
  { body, loan }: { body: Buffer; loan: BufferLoan },
): PutBody | undefined {
  // Escapes are rare, and legal anywhere in a string.
  if (body.includes(BACKSLASH)) return undefined;
  // Base64 of the body's length holds no more.
  const data = loan.take((body.length >>> 2) * 3);
  return new PutReader({ body, data, known: members[operation] }).read();
}

/** Longer strings live apart from short-lived ones, and cost ten times as much to make and to forget. */
const windowBytes = 64 * 1024;

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const EQUALS = 0x3d;
const LIST_START = 0x5b;
const LIST_END = 0x5d;
const START = 0x7b;
const END = 0x7d;
const BACKSLASH = 0x5c;
/** No character. */
const NOTHING = -1;
/** No character either: the list of the records has begun. */
const RECORDS = -2;

const streamMembers = ['StreamName', 'StreamARN', 'StreamId'] as const;
const recordMembers = ['PartitionKey', 'ExplicitHashKey', 'SequenceNumberForOrdering'] as const;
const members: Record<'PutRecord' | 'PutRecords', ReadonlySet<string>> = {
  PutRecord: new Set<keyof PutBody>([...streamMembers, ...recordMembers, 'Data']),
  PutRecords: new Set<keyof PutBody>([...streamMembers, 'Records']),
};

class PutReader {
  private readonly body: Buffer;
  private readonly members: ReadonlySet<string>;
  /** A window on the body, one character a byte; all places below but `data`'s are in it. */
  private text = '';
  /** Where in the body the window begins. */
  private base = 0;
  private at = 0;
  /** What is asked for goes on behind the window. */
  private isCut = false;
  /** The string read last, without its quotes. */
  private from = 0;
  private to = 0;
  /** Where the next letters of the other base64 alphabet are, which Node would take. */
  private dashAt = -1;
  private underscoreAt = -1;
  /** What was decoded, record after record. */
  private readonly data: Buffer;
  private dataEnd = 0;

  constructor(of: { body: Buffer; data: Buffer; known: ReadonlySet<string> }) {
    this.body = of.body;
    this.data = of.data;
    this.members = of.known;
    this.look(0, windowBytes);
  }

  read(): PutBody | undefined {
    const input: PutBody = {};
    if (this.take() !== START) return undefined;
    let next = COMMA;
    while (next === COMMA) {
      next = this.whole(() => this.readMember(input));
      if (next !== RECORDS) continue;
      if (!this.readRecords(input)) return undefined;
      next = this.whole(() => this.take());
    }
    return next === END && this.whole(() => this.take()) === NOTHING ? input : undefined;
  }

  /** What `part` returns, once the window holds all that it looks at. */
  private whole(part: () => number): number {
    for (;;) {
      const { at: start, dataEnd } = this;
      const result = part();
      if (!this.isCut) return result;
      this.goBack(start, dataEnd);
    }
  }

  /** The window begins at `start` from now on; what is longer than a window gets the whole rest. */
  private goBack(start: number, dataEnd: number): void {
    this.isCut = false;
    this.dataEnd = dataEnd;
    this.look(this.base + start, start === 0 ? this.body.length : windowBytes);
  }

  private look(base: number, bytes: number): void {
    this.base = base;
    this.text = this.body.latin1Slice(base, Math.min(this.body.length, base + bytes));
    this.at = 0;
    this.dashAt = -1;
    this.underscoreAt = -1;
  }

  /** A member and the sign behind it; RECORDS when that of the records has begun. */
  private readMember(input: PutBody): number {
    if (!this.readString()) return NOTHING;
    const name = this.text.slice(this.from, this.to);
    if (this.take() !== COLON || !this.members.has(name)) return NOTHING;
    if (name === 'Records') return this.take() === LIST_START ? RECORDS : NOTHING;
    if (!this.readString()) return NOTHING;
    const isRead = name === 'Data' ? this.takeData(input) : this.takeText(input, name);
    return isRead ? this.take() : NOTHING;
  }

  private readRecords(input: PutBody): boolean {
    const records: PutEntry[] = [];
    input.Records = records;
    for (;;) {
      const { at: start, dataEnd } = this;
      const entry: PutEntry = { Data: undefined, PartitionKey: undefined };
      const next = this.readEntry(entry) ? this.take() : NOTHING;
      if (this.isCut) this.goBack(start, dataEnd);
      else {
        records.push(entry);
        if (next !== COMMA) return next === LIST_END;
      }
    }
  }

  /** The three names differ in length: comparing that first saves making a string of each. */
  private readEntry(entry: PutEntry): boolean {
    if (this.take() !== START) return false;
    for (;;) {
      if (!this.readString()) return false;
      const { text, from } = this;
      const length = this.to - from;
      if (this.take() !== COLON) return false;
      if (length === 4 && text.startsWith('Data', from)) {
        if (!this.readString() || !this.takeData(entry)) return false;
      } else if (length === 12 && text.startsWith('PartitionKey', from)) {
        if (!this.readString()) return false;
        entry.PartitionKey = this.textOf({ isKept: false });
        if (entry.PartitionKey === undefined) return false;
      } else if (length === 15 && text.startsWith('ExplicitHashKey', from)) {
        if (!this.readString()) return false;
        entry.ExplicitHashKey = this.textOf({ isKept: false });
        if (entry.ExplicitHashKey === undefined) return false;
      } else return false;
      const next = this.take();
      if (next !== COMMA) return next === END;
    }
  }

  /** Takes the next character that is no white space; NOTHING at the end. */
  private take(): number {
    const { text } = this;
    let code = text.charCodeAt(this.at++);
    while (code === SPACE || code === 10 || code === 13 || code === 9) {
      code = text.charCodeAt(this.at++);
    }
    return code >= 0 ? code : this.end();
  }

  /** The window ends here: so does the body, or what was looked for is cut off. */
  private end(): number {
    if (this.base + this.text.length < this.body.length) this.isCut = true;
    return NOTHING;
  }

  private readString(): boolean {
    if (this.take() !== QUOTE) return false;
    this.from = this.at;
    this.to = this.text.indexOf('"', this.from);
    this.at = this.to + 1;
    return this.to >= 0 || this.end() !== NOTHING;
  }

  /** Each member by its own name: one store for all of them would be looked up every time. */
  private takeText(input: PutBody, name: string): boolean {
    const text = this.textOf({ isKept: true });
    if (text === undefined) return false;
    if (name === 'StreamName') input.StreamName = text;
    else if (name === 'PartitionKey') input.PartitionKey = text;
    else if (name === 'ExplicitHashKey') input.ExplicitHashKey = text;
    else if (name === 'StreamARN') input.StreamARN = text;
    else if (name === 'StreamId') input.StreamId = text;
    else input.SequenceNumberForOrdering = text;
    return true;
  }

  /**
   * The string read last; undefined when JSON would not have it. `isKept`: it may be held for long, so it
   * must not hold the window.
   */
  private textOf({ isKept }: { isKept: boolean }): string | undefined {
    const { text, from, to } = this;
    let isAscii = true;
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i);
      if (code < SPACE) return undefined;
      if (code > 0x7e) isAscii = false;
    }
    return isAscii && !isKept
      ? text.slice(from, to)
      : this.body.utf8Slice(this.base + from, this.base + to);
  }

  /** Decodes in place; false unless it is canonical base64. */
  private takeData(into: { Data?: Uint8Array }): boolean {
    const { text, from, to, data, dataEnd: start } = this;
    const padding = this.padding();
    const length = ((to - from) >>> 2) * 3 - padding;
    if (((to - from) & 3) !== 0 || this.hasOtherAlphabet()) return false;
    // What Node cannot read it skips, and the length falls short.
    if (length > 0 && data.base64Write(text.slice(from, to), start) !== length) return false;
    if (padding > 0 && !hasNoStrayBits(text.charCodeAt(to - padding - 1), padding)) return false;
    this.dataEnd += length;
    into.Data = new Uint8Array(data.buffer, data.byteOffset + start, length);
    return true;
  }

  private padding(): number {
    const { text, from, to } = this;
    if (to === from || text.charCodeAt(to - 1) !== EQUALS) return 0;
    return text.charCodeAt(to - 2) === EQUALS ? 2 : 1;
  }

  private hasOtherAlphabet(): boolean {
    if (this.dashAt < this.from) this.dashAt = this.placeOf('-');
    if (this.underscoreAt < this.from) this.underscoreAt = this.placeOf('_');
    return this.dashAt < this.to || this.underscoreAt < this.to;
  }

  private placeOf(letter: string): number {
    const at = this.text.indexOf(letter, this.from);
    return at < 0 ? this.text.length : at;
  }
}

/** The last letter before the padding carries 2 or 4 bits that must be 0. */
function hasNoStrayBits(letter: number, padding: number): boolean {
  const lowest = padding === 1 ? 'AEIMQUYcgkosw048' : 'AQgw';
  return lowest.includes(String.fromCharCode(letter));
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
