/**
 * Goes through a file of JSON from front to back, one value at a time, whatever the file's length. It holds
 * a piece of the file and the value it is at, which has a bound of its own.
 */
import { FileMistake } from './fileMistake.ts';

/** A file that is read here and there. */
export interface FileBytes {
  /** Bytes. */
  readonly size: number;
  /** Fills `into` from `position` on as far as the file goes; resolves to how many bytes that were. */
  read(into: Uint8Array, position: number): Promise<number>;
}

export interface ReadValue {
  readonly value: unknown;
  /** Where it begins in the file, and how many bytes it has. */
  readonly at: number;
  readonly length: number;
}

const [quote, comma, colon, backslash] = [0x22, 0x2c, 0x3a, 0x5c];
const braces = { open: 0x7b, close: 0x7d };
const brackets = { open: 0x5b, close: 0x5d };
const isSpace = (byte: number): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class JsonCursor {
  private readonly file: FileBytes;
  private readonly chunkBytes: number;
  private window: Uint8Array<ArrayBuffer>;
  /** Where in the file the window begins. */
  private base: number;
  private at = 0;
  private end = 0;
  /** A value has been read where another may follow. */
  private isAfterValue = false;

  /** From the byte `from` on; `isAfterValue`: that is behind a value of a list. */
  constructor(file: FileBytes, { from = 0, chunkBytes = 256 * 1024 } = {}) {
    this.file = file;
    this.chunkBytes = chunkBytes;
    this.window = new Uint8Array(chunkBytes);
    this.base = from;
  }

  /** Of the byte that comes next. */
  get place(): number {
    return this.base + this.at;
  }

  /** Bytes that it has in memory. */
  get heldBytes(): number {
    return this.window.length;
  }

  /** What goes wrong here, as a sentence. */
  mistake(what: string): FileMistake {
    return new FileMistake(`at byte ${this.place}: ${what}`);
  }

  openObject(): Promise<void> {
    return this.open(braces.open, 'an object');
  }

  openList(): Promise<void> {
    return this.open(brackets.open, 'a list');
  }

  /** The name of the object's next member, whose value comes next; undefined: it has ended. */
  async member(nameBytesMax: number): Promise<string | undefined> {
    if (await this.isOver(braces.close)) return undefined;
    const first = await this.next();
    if (first === undefined) throw this.cutShort();
    if (first !== quote) throw this.mistake('the name of a member is missing.');
    const { value: name } = await this.value({ bytesMax: nameBytesMax, what: 'a name' });
    await this.take(colon, '":"');
    this.isAfterValue = false;
    return name as string;
  }

  /** Whether the list has another value, which comes next; false: it has ended. */
  async item(): Promise<boolean> {
    return !(await this.isOver(brackets.close));
  }

  /** Nothing but white space follows. */
  async close(): Promise<void> {
    if ((await this.next()) !== undefined) throw this.mistake('something follows the end.');
  }

  /** The whole value that comes next. `what` it is, in the sentence for one that is longer. */
  async value({ bytesMax, what }: { bytesMax: number; what: string }): Promise<ReadValue> {
    if ((await this.next()) === undefined) throw this.cutShort();
    for (;;) {
      const isWhole = this.base + this.end >= this.file.size;
      const end = endOfValue(this.window.subarray(0, this.end), { at: this.at, isWhole });
      const length = (end ?? this.end) - this.at;
      if (length > bytesMax) throw this.mistake(`${what} is longer than ${bytesMax} bytes.`);
      if (end !== undefined) return this.taken(end);
      if (!(await this.fill())) throw this.cutShort();
    }
  }

  private taken(end: number): ReadValue {
    const [at, length] = [this.place, end - this.at];
    const value = parsed(this.window.subarray(this.at, end), at);
    this.at = end;
    this.isAfterValue = true;
    this.shrink();
    return { value, at, length };
  }

  private async open(byte: number, what: string): Promise<void> {
    await this.take(byte, what);
    this.isAfterValue = false;
  }

  /** Steps over what ends the list or object, or what is before its next value. */
  private async isOver(closing: number): Promise<boolean> {
    const byte = await this.next();
    if (byte === closing) {
      this.at += 1;
      this.isAfterValue = true;
      return true;
    }
    if (this.isAfterValue) await this.take(comma, '","');
    return false;
  }

  private async take(byte: number, what: string): Promise<void> {
    const found = await this.next();
    if (found === undefined) throw this.cutShort();
    if (found !== byte) throw this.mistake(`it should have ${what} here, and has not.`);
    this.at += 1;
  }

  /** The next byte that is no white space, which is not taken; undefined at the end. */
  private async next(): Promise<number | undefined> {
    for (;;) {
      while (this.at < this.end && isSpace(this.window[this.at]!)) this.at += 1;
      if (this.at < this.end) return this.window[this.at];
      if (!(await this.fill())) return undefined;
    }
  }

  /** Reads on; false at the end of the file. What has not been taken yet stays in the window. */
  private async fill(): Promise<boolean> {
    const kept = this.end - this.at;
    const isFull = kept > this.window.length / 2;
    const into = isFull ? new Uint8Array(this.window.length * 2) : this.window;
    into.set(this.window.subarray(this.at, this.end));
    this.window = into;
    this.base += this.at;
    this.at = 0;
    this.end = kept;
    const bytes = await this.file.read(into.subarray(kept), this.base + kept);
    this.end += bytes;
    return bytes > 0;
  }

  /** After a long value the window is what it was: what it holds beyond that is read again. */
  private shrink(): void {
    if (this.window.length <= this.chunkBytes) return;
    const rest = this.window.subarray(this.at, Math.min(this.end, this.at + this.chunkBytes));
    this.window = new Uint8Array(this.chunkBytes);
    this.window.set(rest);
    this.base += this.at;
    this.at = 0;
    this.end = rest.length;
  }

  private cutShort(): FileMistake {
    const end = this.base + this.end;
    return new FileMistake(
      `at byte ${end}: the file ends in the midst of something. It is cut short, or was copied while ` +
        'it was being written.',
    );
  }
}

/** Throws FileMistake unless `bytes`, which begin at `at` of their file, are one value of JSON. */
export function parsed(bytes: Uint8Array, at: number): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new FileMistake(`at byte ${at}: this is no JSON in UTF-8.`);
  }
}

/**
 * Where the value that begins at `at` ends; undefined: not in these bytes. `isWhole`: nothing follows them. It
 * finds the end of what is JSON; whether it is, it does not look at.
 */
function endOfValue(
  bytes: Uint8Array,
  { at, isWhole }: { at: number; isWhole: boolean },
): number | undefined {
  const first = bytes[at]!;
  if (first === quote) return endOfString(bytes, at);
  if (first === braces.open || first === brackets.open) return endOfNest(bytes, at);
  for (let end = at; end < bytes.length; end++) {
    const byte = bytes[end]!;
    const isEnd = byte === comma || byte === braces.close || byte === brackets.close;
    if (isEnd || isSpace(byte)) return end;
  }
  return isWhole ? bytes.length : undefined;
}

function endOfNest(bytes: Uint8Array, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === quote) {
      const end = endOfString(bytes, at);
      if (end === undefined) return undefined;
      at = end - 1;
    } else if (byte === braces.open || byte === brackets.open) depth += 1;
    else if (byte === braces.close || byte === brackets.close) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

function endOfString(bytes: Uint8Array, start: number): number | undefined {
  for (let at = bytes.indexOf(quote, start + 1); at >= 0; at = bytes.indexOf(quote, at + 1)) {
    let before = at - 1;
    while (bytes[before] === backslash) before -= 1;
    if ((at - before) % 2 === 1) return at + 1;
  }
  return undefined;
}
