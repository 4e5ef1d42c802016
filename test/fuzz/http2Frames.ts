// Calls as frames of HTTP/2: right ones, cut and padded anywhere, and what no client should send behind them.
import { frame, opening, type RawHeaders, setting, word } from '../support/http2Frames.ts';
import type { SeededRandom } from '../support/seededRandom.ts';

export interface Http2Call {
  readonly headers: RawHeaders;
  readonly body: Buffer;
}

/** The number of the newest header of the table, and what the table counts beside texts. */
const newest = 62;
const entryBytes = 32;
const tableBytes = 4096;
/** Headers of a request that everybody knows by number. */
const numbered: Readonly<Record<string, number>> = { ':method POST': 3, ':path /': 4 };

/** Makes a connection's header blocks: some headers are kept, and named by number when they come again. */
export class BlockWriter {
  private readonly random: SeededRandom;
  private kept: string[] = [];

  constructor(random: SeededRandom) {
    this.random = random;
  }

  block(headers: RawHeaders): Buffer {
    return Buffer.concat(headers.map(([name, value]) => this.header(name, value)));
  }

  private header(name: string, value: string): Buffer {
    const known = `${name} ${value}`;
    const at = this.kept.indexOf(known);
    const index = numbered[known] ?? (at < 0 ? undefined : at + newest);
    if (index !== undefined && this.random.chance(0.8))
      return number(index, { bits: 7, first: 0x80 });
    const first = this.random.pick([0, 0x10, 0x40]);
    if (first === 0x40) this.keep(known);
    return Buffer.concat([Buffer.from([first]), text(name), text(value)]);
  }

  private keep(header: string): void {
    this.kept.unshift(header);
    const sizeOf = (one: string): number => one.length - 1 + entryBytes;
    for (let bytes = tableBytes, at = 0; at < this.kept.length; at++) {
      bytes -= sizeOf(this.kept[at]!);
      if (bytes < 0) this.kept.length = at;
    }
  }
}

function number(value: number, { bits, first }: { bits: number; first: number }): Buffer {
  const most = 2 ** bits - 1;
  if (value < most) return Buffer.from([first | value]);
  const bytes = [first | most];
  let rest = value - most;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

const text = (value: string): Buffer =>
  Buffer.concat([number(value.length, { bits: 7, first: 0 }), Buffer.from(value, 'latin1')]);

/** A whole call; between its first part, its header block, and the others another stream's may come. */
export function framesOf(
  { headers, body }: Http2Call,
  { stream, blocks, random }: { stream: number; blocks: BlockWriter; random: SeededRandom },
): Buffer[] {
  const hasBody = body.length > 0 || random.chance(0.5);
  const head = headFrames(blocks.block(headers), { stream, isEnd: !hasBody, random });
  if (!hasBody) return [head];
  const pieces = cut(body, random);
  const hasEmptyEnd = random.chance(0.1);
  const parts = pieces.map((piece, at) => {
    const isEnd = at === pieces.length - 1 && !hasEmptyEnd;
    return padded({ type: 0, flags: isEnd ? 1 : 0, stream, payload: piece }, random);
  });
  if (hasEmptyEnd) parts.push(frame({ type: 0, flags: 1, stream }));
  return [head, ...parts];
}

function headFrames(
  block: Buffer,
  { stream, isEnd, random }: { stream: number; isEnd: boolean; random: SeededRandom },
): Buffer {
  const pieces = cut(block, random);
  const frames = pieces.map((piece, at) => {
    const flags = at === pieces.length - 1 ? 4 : 0;
    if (at > 0) return frame({ type: 9, flags, stream, payload: piece });
    const hasPriority = random.chance(0.1);
    const payload = hasPriority ? Buffer.concat([word(0), Buffer.from([15]), piece]) : piece;
    const bits = flags | (isEnd ? 1 : 0) | (hasPriority ? 0x20 : 0);
    return padded({ type: 1, flags: bits, stream, payload }, random);
  });
  return Buffer.concat(frames);
}

/** Longest that a server takes, less the longest padding and a priority. */
const payloadBytesMax = 16_384 - 261;

/** Pieces of any length, the last of which may be empty. */
function cut(bytes: Buffer, random: SeededRandom): Buffer[] {
  const pieces: Buffer[] = [];
  const isCut = random.chance(0.4);
  for (let at = 0; at < bytes.length || pieces.length === 0; at += pieces.at(-1)!.length) {
    const most = isCut ? random.integer(1, Math.max(1, bytes.length >> 1)) : bytes.length;
    pieces.push(bytes.subarray(at, at + Math.min(most, payloadBytesMax)));
    if (bytes.length === 0) break;
  }
  return pieces;
}

function padded(
  of: { type: number; flags: number; stream: number; payload: Buffer },
  random: SeededRandom,
): Buffer {
  if (!random.chance(0.2)) return frame(of);
  const padding = random.pick([0, 1, random.integer(0, 255), 255]);
  const payload = Buffer.concat([Buffer.from([padding]), of.payload, Buffer.alloc(padding)]);
  return frame({ ...of, flags: of.flags | 8, payload });
}

const anyWord = (random: SeededRandom): number =>
  random.pick([0, 1, 16_383, 65_535, 2 ** 24, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]);

/** Frames that may come from any client, most of them at the wrong time or of the wrong form. */
export function oddFrame(random: SeededRandom): Buffer {
  const stream = random.pick([0, 1, 1, 2, 3, 5, 2 ** 31 - 1]);
  const payload = Buffer.from(random.bytes(random.integer(0, 40)));
  return random.pick([
    () => frame({ type: random.integer(0, 11), flags: random.integer(0, 255), stream, payload }),
    () => frame({ type: 4, payload: setting(random.integer(0, 9), anyWord(random)) }),
    () => frame({ type: 8, stream, payload: word(anyWord(random)) }),
    () => frame({ type: 3, stream, payload: word(random.integer(0, 14)) }),
    () => frame({ type: 6, flags: random.integer(0, 1), payload: Buffer.alloc(8) }),
    () => frame({ type: 7, payload: Buffer.concat([word(anyWord(random)), word(0), payload]) }),
    () => frame({ type: 2, stream, payload: Buffer.concat([word(stream), Buffer.from([1])]) }),
    () => frame({ type: 1, flags: random.pick([0, 1, 4, 5, 13, 37]), stream, payload }),
    () => frame({ type: 0, flags: random.pick([0, 1, 8, 9]), stream, payload }),
    () => frame({ type: 9, flags: random.pick([0, 4]), stream, payload }),
    () => frame({ type: 5, flags: 4, stream, payload }),
    () => Buffer.concat(Array(200).fill(frame({ type: random.pick([0, 2, 4, 8, 9]), stream }))),
    () => frame({ type: 0, stream: 1, payload: 'x' }).fill(0xff, 0, 3),
  ])();
}

/** A connection that begins as it should, a call and what no client should send, and other bytes in it. */
export function brokenConnection(call: Http2Call, random: SeededRandom): Buffer {
  const blocks = new BlockWriter(random);
  const parts = [1, 3].flatMap((stream) => framesOf(call, { stream, blocks, random }));
  for (let odd = random.integer(0, 3); odd > 0; odd--) {
    parts.splice(random.integer(0, parts.length), 0, oddFrame(random));
  }
  const begin = opening(setting(4, anyWord(random) & 0x7fff_ffff));
  const bytes = Buffer.concat([begin, ...parts]);
  for (let changes = random.integer(0, 3); changes > 0; changes--) {
    bytes[random.integer(begin.length, bytes.length - 1)] = random.integer(0, 255);
  }
  return random.chance(0.2) ? bytes.subarray(0, random.integer(begin.length, bytes.length)) : bytes;
}
