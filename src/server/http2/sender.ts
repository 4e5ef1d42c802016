/**
 * What one connection sends: short frames of a turn in one write, long answers in frames as far as the
 * client takes them, in turn. It never has more of them waiting in the socket than it says here.
 */
import type { Socket } from 'node:net';
import { IdleBuffers } from '../../base/idleBuffers.ts';
import {
  ConnectionError,
  errorCodes,
  flags,
  frameTypes,
  headBytes,
  headText,
  payloadBytesMin,
  windowBytesFirst,
  windowBytesMax,
  writeHead,
} from './frames.ts';

/** Of long answers so much waits in the socket. */
const aheadBytesMax = 1024 ** 2;
/** What one stream sends before it is another's turn. */
const turnBytesMax = 256 * 1024;
/** Longer frames bring nothing. */
const payloadBytesMax = 64 * 1024;
/** Of them so many wait in the socket, for a client may ask for one byte at a time. */
const framesAheadMax = 1024;

/** Fewer bytes are memory of Node's. */
const frameBytesMin = 16 * 1024;
/** Of all connections: frames are put together, for writing each by itself costs more than copying it. */
const frameBuffers = new IdleBuffers<Buffer>({
  make: (length) => Buffer.allocUnsafeSlow(length),
  steps: 4,
  lengthMin: frameBytesMin,
});

interface Piece {
  readonly bytes: Buffer;
  /** What of it went out. */
  at: number;
  /** The system has all of it. */
  taken(): void;
}

/** One stream's answer on its way out. */
export class Outgoing {
  readonly stream: number;
  /** What the client takes. */
  window: number;
  /** Of answers' bodies, with the system. */
  bytesTaken = 0;
  /** Handed to the socket, and not yet with the system. */
  bytesUnderWay = 0;
  readonly pieces: Piece[] = [];
  /** Nothing comes behind its pieces. */
  isEnding = false;
  /** All of it went out, or it was given up. */
  isOver = false;
  /** Called once it is over and the system has all that was handed to the socket. */
  onIdle: (() => void) | undefined;

  constructor(stream: number, window: number) {
    this.stream = stream;
    this.window = window;
  }
}

export class Sender {
  private readonly socket: Socket;
  private readonly onTaken: () => void;
  /** What the client takes over all streams, on a new one, and in a frame. */
  private window = windowBytesFirst;
  private firstWindow = windowBytesFirst;
  private payloadBytes = payloadBytesMin;
  /** In order; a text has one character for each byte. */
  private parts: (string | Buffer)[] = [];
  private partsBytes = 0;
  private tasks: (() => void)[] = [];
  /** Of long answers, in the socket or on their way to it. */
  private framesUnderWay = 0;
  private isFlushDue = false;
  private readonly open = new Set<Outgoing>();
  /** Those with something to send that may be sent, next one first. */
  private readonly ready = new Set<Outgoing>();

  /** `onTaken`: the system took something, and there is more room. */
  constructor(socket: Socket, onTaken: () => void) {
    this.socket = socket;
    this.onTaken = onTaken;
  }

  /** Bytes that wait for the client to read. */
  get bytesWaiting(): number {
    return this.partsBytes + this.socket.writableLength;
  }

  /** Answers wait for the client to take more. */
  get isHeldUp(): boolean {
    return [...this.open].some(({ pieces }) => pieces.length > 0);
  }

  outgoing(stream: number): Outgoing {
    const outgoing = new Outgoing(stream, this.firstWindow);
    this.open.add(outgoing);
    return outgoing;
  }

  /** A whole frame, or several. */
  text(frames: string): void {
    const last = this.parts.length - 1;
    if (typeof this.parts[last] === 'string') this.parts[last] += frames;
    else this.parts.push(frames);
    this.partsBytes += frames.length;
    this.flushSoon();
  }

  /** The header block of an answer. */
  head(outgoing: Outgoing, block: string, isLast: boolean): void {
    const bits = flags.endHeaders | (isLast ? flags.endStream : 0);
    const { stream } = outgoing;
    const head = { length: block.length, type: frameTypes.headers, flags: bits, stream };
    this.text(headText(head) + block);
    if (isLast) this.over(outgoing);
  }

  /** A whole short body behind its head; false: the client does not take it now. */
  whole(outgoing: Outgoing, body: string): boolean {
    const { length } = body;
    if (length > Math.min(this.window, outgoing.window, this.payloadBytes)) return false;
    this.window -= length;
    const { stream } = outgoing;
    const head = { length, type: frameTypes.data, flags: flags.endStream, stream };
    this.text(headText(head) + body);
    this.over(outgoing);
    return true;
  }

  /** `taken`: the system has all of it. */
  piece(outgoing: Outgoing, bytes: Buffer, taken: () => void): void {
    if (outgoing.isOver) return;
    if (bytes.length === 0) return void taken();
    outgoing.pieces.push({ bytes, at: 0, taken });
    this.ready.add(outgoing);
    this.pump();
  }

  /** Nothing follows. */
  end(outgoing: Outgoing): void {
    if (outgoing.isOver || outgoing.isEnding) return;
    outgoing.isEnding = true;
    if (outgoing.pieces.length === 0) this.endStream(outgoing);
  }

  /** Nothing more of it goes out. */
  over(outgoing: Outgoing): void {
    outgoing.isOver = true;
    outgoing.pieces.length = 0;
    this.open.delete(outgoing);
    this.ready.delete(outgoing);
  }

  /** The client takes more on all streams. Throws ConnectionError. */
  widen(bytes: number): void {
    this.window = widened(this.window, bytes);
    this.pump();
  }

  /** The client takes more of a stream; false: more than there is. */
  widenStream(outgoing: Outgoing, bytes: number): boolean {
    if (outgoing.window + bytes > windowBytesMax) return false;
    outgoing.window += bytes;
    if (outgoing.pieces.length > 0) this.ready.add(outgoing);
    this.pump();
    return true;
  }

  /** To be pumped afterwards. Throws ConnectionError. */
  setFirstWindow(bytes: number): void {
    const more = bytes - this.firstWindow;
    this.firstWindow = bytes;
    for (const outgoing of this.open) {
      outgoing.window = widened(outgoing.window, more);
      if (outgoing.pieces.length > 0) this.ready.add(outgoing);
    }
  }

  /** Everything goes out, and then the connection ends. */
  endSocket(): void {
    this.flush();
    this.socket.destroySoon();
  }

  setPayloadBytes(bytes: number): void {
    this.payloadBytes = Math.min(bytes, payloadBytesMax);
  }

  /** Sends what the client and the socket take. */
  pump(): void {
    for (const outgoing of this.ready) {
      if (this.isFull) return;
      this.ready.delete(outgoing);
      const isDone = this.sendTurn(outgoing);
      if (!isDone) this.ready.add(outgoing);
    }
  }

  private get isFull(): boolean {
    const isAhead = this.bytesWaiting >= aheadBytesMax || this.framesUnderWay >= framesAheadMax;
    return isAhead || this.window <= 0;
  }

  /** True: it has nothing to send, or must wait for its client. */
  private sendTurn(outgoing: Outgoing): boolean {
    let left = Math.min(turnBytesMax, this.window, aheadBytesMax - this.bytesWaiting);
    for (let piece = outgoing.pieces[0]; piece; piece = outgoing.pieces[0]) {
      const room = Math.min(left, outgoing.window, piece.bytes.length - piece.at);
      if (room <= 0) return outgoing.window <= 0;
      this.sendPart(outgoing, piece, room);
      left -= room;
    }
    return true;
  }

  private sendPart(outgoing: Outgoing, piece: Piece, count: number): void {
    const to = piece.at + count;
    const isLastOfPiece = to === piece.bytes.length;
    if (isLastOfPiece) outgoing.pieces.shift();
    const isEnd = isLastOfPiece && outgoing.isEnding && outgoing.pieces.length === 0;
    const frames = Math.ceil(count / this.payloadBytes);
    const bytes = count + headBytes * frames;
    const isShort = bytes < frameBytesMin;
    const buffer = isShort ? Buffer.allocUnsafe(bytes) : frameBuffers.take(bytes);
    let end = 0;
    while (piece.at < to) {
      const length = Math.min(this.payloadBytes, to - piece.at);
      const bits = isEnd && piece.at + length === to ? flags.endStream : 0;
      const { stream } = outgoing;
      writeHead(buffer, end, { length, type: frameTypes.data, flags: bits, stream });
      end += headBytes;
      end += piece.bytes.copy(buffer, end, piece.at, piece.at + length);
      piece.at += length;
    }
    this.parts.push(buffer.subarray(0, end));
    this.partsBytes += end;
    this.window -= count;
    outgoing.window -= count;
    outgoing.bytesUnderWay += count;
    this.framesUnderWay += frames;
    this.tasks.push(() => {
      if (!isShort) frameBuffers.give(buffer);
      this.framesUnderWay -= frames;
      outgoing.bytesUnderWay -= count;
      outgoing.bytesTaken += count;
      if (isLastOfPiece) piece.taken();
      if (outgoing.isOver && outgoing.bytesUnderWay === 0) outgoing.onIdle?.();
    });
    if (isEnd) this.over(outgoing);
    this.flushSoon();
  }

  private endStream(outgoing: Outgoing): void {
    const { stream } = outgoing;
    this.text(headText({ length: 0, type: frameTypes.data, flags: flags.endStream, stream }));
    this.over(outgoing);
  }

  /** Everything of this turn goes out together. */
  private flushSoon(): void {
    if (this.isFlushDue) return;
    this.isFlushDue = true;
    process.nextTick(this.flush);
  }

  private readonly flush = (): void => {
    const { parts, tasks, socket } = this;
    this.isFlushDue = false;
    this.parts = [];
    this.partsBytes = 0;
    this.tasks = [];
    const taken = (): void => {
      for (const task of tasks) task();
      this.pump();
      this.onTaken();
    };
    const last = parts.pop();
    if (last === undefined) return;
    if (socket.destroyed) return void taken(); // nobody sends from it any more
    socket.cork();
    for (const part of parts) write(socket, part);
    write(socket, last, taken);
    socket.uncork();
  };
}

const ignore = (): void => undefined;

function write(socket: Socket, part: string | Buffer, taken: () => void = ignore): void {
  if (typeof part === 'string') socket.write(part, 'latin1', taken);
  else socket.write(part, taken);
}

function widened(window: number, bytes: number): number {
  if (window + bytes <= windowBytesMax) return window + bytes;
  throw new ConnectionError(errorCodes.flowControl, 'a window is wider than there is');
}
