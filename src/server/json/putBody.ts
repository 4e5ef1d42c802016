/**
 * Reads the bodies of PutRecord and PutRecords in one pass over their text, all data into one buffer. It
 * knows only the form that clients send; anything else is left to the general way, which also words what
 * is wrong. On all that it takes it must agree with that way: a property test compares the two.
 */

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

/** The input in `body`, or undefined when the general way must look at it. Throws nothing. */
export function readPutBody(
  operation: 'PutRecord' | 'PutRecords',
  body: Buffer,
): PutBody | undefined {
  const text = body.latin1Slice();
  // Escapes are rare, and legal anywhere in a string.
  if (text.includes('\\')) return undefined;
  return new PutReader({ body, text, members: members[operation] }).read();
}

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const EQUALS = 0x3d;
const LIST_START = 0x5b;
const LIST_END = 0x5d;
const START = 0x7b;
const END = 0x7d;

type TextMember = Exclude<keyof PutBody, 'Data' | 'Records'>;

const streamMembers = ['StreamName', 'StreamARN', 'StreamId'] as const;
const recordMembers = ['PartitionKey', 'ExplicitHashKey', 'SequenceNumberForOrdering'] as const;
const members: Record<'PutRecord' | 'PutRecords', ReadonlySet<string>> = {
  PutRecord: new Set<keyof PutBody>([...streamMembers, ...recordMembers, 'Data']),
  PutRecords: new Set<keyof PutBody>([...streamMembers, 'Records']),
};

class PutReader {
  private readonly body: Buffer;
  /** One character a byte, so that a place in it is a place in `body`. */
  private readonly text: string;
  private readonly members: ReadonlySet<string>;
  /** Holds all that base64 of the body's length can hold. */
  private readonly data: Buffer;
  private dataEnd = 0;
  private at = 0;
  /** The string read last, without its quotes. */
  private from = 0;
  private to = 0;
  /** Where the next letters of the other base64 alphabet are, which Node would take. */
  private dashAt = -1;
  private underscoreAt = -1;

  constructor(of: { body: Buffer; text: string; members: ReadonlySet<string> }) {
    const { body, text, members: known } = of;
    this.body = body;
    this.text = text;
    this.members = known;
    this.data = Buffer.allocUnsafe((body.length >>> 2) * 3);
  }

  read(): PutBody | undefined {
    const input: PutBody = {};
    if (!this.takes(START)) return undefined;
    do {
      if (!this.readMember(input)) return undefined;
    } while (this.takes(COMMA));
    const isWhole = this.takes(END) && Number.isNaN(this.peek());
    return isWhole ? input : undefined;
  }

  private readMember(input: PutBody): boolean {
    if (!this.readString()) return false;
    const name = this.text.slice(this.from, this.to);
    if (!this.takes(COLON) || !this.members.has(name)) return false;
    if (name === 'Records') return this.readRecords(input);
    if (name === 'Data') return this.readString() && this.takeData(input);
    return this.takeText(input, name as TextMember);
  }

  private readRecords(input: PutBody): boolean {
    const records: PutEntry[] = [];
    input.Records = records;
    if (!this.takes(LIST_START)) return false;
    do {
      const entry: PutEntry = { Data: undefined, PartitionKey: undefined };
      if (!this.readEntry(entry)) return false;
      records.push(entry);
    } while (this.takes(COMMA));
    return this.takes(LIST_END);
  }

  /** The three names differ in length: comparing that first saves making a string of each. */
  private readEntry(entry: PutEntry): boolean {
    if (!this.takes(START)) return false;
    do {
      if (!this.readString()) return false;
      const { from } = this;
      const length = this.to - from;
      if (!this.takes(COLON)) return false;
      if (length === 4 && this.text.startsWith('Data', from)) {
        if (!this.readString() || !this.takeData(entry)) return false;
      } else if (length === 12 && this.text.startsWith('PartitionKey', from)) {
        if (!this.takeText(entry, 'PartitionKey')) return false;
      } else if (length === 15 && this.text.startsWith('ExplicitHashKey', from)) {
        if (!this.takeText(entry, 'ExplicitHashKey')) return false;
      } else return false;
    } while (this.takes(COMMA));
    return this.takes(END);
  }

  /** The next character that is no white space, not taken yet; NaN at the end. */
  private peek(): number {
    let code = this.text.charCodeAt(this.at);
    while (code === SPACE || (code >= 9 && code <= 13 && code !== 11 && code !== 12)) {
      this.at += 1;
      code = this.text.charCodeAt(this.at);
    }
    return code;
  }

  private takes(code: number): boolean {
    if (this.peek() !== code) return false;
    this.at += 1;
    return true;
  }

  private readString(): boolean {
    if (!this.takes(QUOTE)) return false;
    this.from = this.at;
    this.to = this.text.indexOf('"', this.from);
    this.at = this.to + 1;
    return this.to >= 0;
  }

  private takeText<N extends TextMember>(into: { [K in N]?: string }, name: N): boolean {
    if (!this.readString()) return false;
    const { text, from, to } = this;
    let isAscii = true;
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i);
      if (code < SPACE) return false;
      if (code > 0x7e) isAscii = false;
    }
    into[name] = isAscii ? text.slice(from, to) : this.body.utf8Slice(from, to);
    return true;
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
  }
}
