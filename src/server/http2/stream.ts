/** One stream: a request on its way in and its answer on its way out. */
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { type BodyBounds, bodyMs, droppedBytesMax } from '../body.ts';
import { keptBody } from '../bodyBuffer.ts';
import { errorCodes } from './frames.ts';
import type { Http2Exchange, StreamPort } from './http2Exchange.ts';
import type { Outgoing, Sender } from './sender.ts';
import { StreamBody } from './streamBody.ts';

/**
 * What a client may send on a stream before it is read. Times the most streams of all connections it is what bodies may
 * hold beyond the server's budget for them.
 */
export const streamWindowBytes = 64 * 1024;
/** The same of a body that begins while few come in. */
const wideWindowBytes = 1024 ** 2;
/** The client is told once it may send this part of a window more. */
const creditParts = 4;

/** What a stream asks of its connection. */
export interface StreamHost {
  readonly sender: Sender;
  readonly clock: Clock;
  /** Within TLS. */
  readonly isSecure: boolean;
  /** The client may send so many more bytes on a stream. */
  widen(stream: number, bytes: number): void;
  /** Tells the client that a stream is over. */
  reset(stream: number, code: number): void;
  /** Nothing more comes or goes on it. */
  ended(stream: Http2Stream): void;
  destroy(): void;
}

export interface StreamOf {
  readonly id: number;
  readonly host: StreamHost;
  /** Of the body, as announced, if it was. */
  readonly length: number | undefined;
}

export class Http2Stream implements StreamPort {
  readonly id: number;
  readonly outgoing: Outgoing;
  /** Once it has begun. */
  exchange: Http2Exchange | undefined;
  private readonly of: StreamOf;
  /** What the client may send, and the most of it. */
  private window = streamWindowBytes;
  private windowMax = streamWindowBytes;
  /** Dealt with and not told. */
  private credits = 0;
  private have = 0;
  private body: StreamBody | undefined;
  /** A whole body, in the turn in which it came. */
  private bodyHere: Buffer | undefined;
  /** The request is whole. */
  isRead = false;
  /** Nothing more comes or goes. */
  isOver = false;
  /** Ends it if its client does not. */
  private limit: Disposable | undefined;

  constructor(of: StreamOf) {
    this.of = of;
    this.id = of.id;
    this.outgoing = of.host.sender.outgoing(of.id);
  }

  get isSecure(): boolean {
    return this.of.host.isSecure;
  }

  get bytesSent(): number {
    return this.outgoing.bytesTaken;
  }

  /** The whole body is `bytes`, to be looked at in this turn; comes before the exchange begins. */
  bringAll(bytes: Buffer): void {
    this.bodyHere = bytes;
    if (this.receive(bytes.length)) this.finishRead();
  }

  /** A part of the body. */
  bring(bytes: Buffer): void {
    if (!this.receive(bytes.length)) return;
    if (this.body) this.body.add(bytes);
    else this.credit(bytes.length);
    // What nobody reads is taken all the same, to a bound: many clients read no answer while they send.
    if (this.exchange?.isClosed && this.have > droppedBytesMax) this.giveUp(errorCodes.none);
  }

  /** Bytes that are nothing but count. */
  pad(bytes: number): void {
    this.window -= bytes;
    if (this.window < 0) this.giveUp(errorCodes.flowControl);
    else this.credit(bytes);
  }

  /** The request is whole. */
  bringEnd(): void {
    this.finishRead();
    if (!this.isOver) this.body?.end();
  }

  readBody(bounds: BodyBounds): Buffer | Promise<Buffer> {
    const { bodyHere, of } = this;
    this.bodyHere = undefined;
    if (bodyHere && bodyHere.length <= bounds.bytesMax) return keptBody(bodyHere, bounds);
    const credit = (bytes: number): void => this.credit(bytes);
    this.body = new StreamBody({ length: of.length, bounds, credit });
    if (bodyHere) this.body.add(bodyHere);
    if (this.isRead) {
      this.body.end();
      return this.body.whole;
    }
    if (!bounds.lease.isCrowded) this.widen();
    const limit = of.host.clock.schedule(bodyMs, () => this.giveUp(errorCodes.cancel));
    return this.body.whole.finally(() => limit.dispose());
  }

  send(block: string, body: string | Buffer): void {
    const { sender } = this.of.host;
    const { outgoing } = this;
    sender.head(outgoing, block, body.length === 0);
    const isShort = typeof body === 'string';
    if (body.length === 0 || (isShort && sender.whole(outgoing, body))) this.answered();
    else {
      const bytes = isShort ? Buffer.from(body, 'latin1') : body;
      outgoing.isEnding = true;
      sender.piece(outgoing, bytes, () => this.answered());
    }
  }

  sendHead(block: string): void {
    this.of.host.sender.head(this.outgoing, block, false);
  }

  sendPart(bytes: Buffer, taken: () => void): void {
    this.of.host.sender.piece(this.outgoing, bytes, taken);
  }

  endParts(): void {
    const { outgoing } = this;
    this.of.host.sender.end(outgoing);
    if (outgoing.isOver && outgoing.bytesUnderWay === 0) this.answered();
    else outgoing.onIdle = () => this.answered();
  }

  cut(): void {
    if (this.outgoing.bytesUnderWay > 0) this.of.host.destroy();
    else this.giveUp(errorCodes.cancel);
  }

  destroy(): void {
    this.of.host.destroy();
  }

  /** The client is told that the stream is over. */
  giveUp(code: number): void {
    if (this.isOver) return;
    this.of.host.reset(this.id, code);
    this.abandon();
  }

  /** The client, or the whole connection, has gone. */
  abandon(): void {
    const { outgoing } = this;
    this.of.host.sender.over(outgoing);
    this.body?.abandon();
    this.over();
    // what the socket still sends from must not be used again
    if (outgoing.bytesUnderWay > 0) outgoing.onIdle = () => this.exchange?.close();
    else this.exchange?.close();
  }

  private answered(): void {
    this.exchange?.close();
    if (this.isRead) return void this.over();
    const { clock } = this.of.host;
    this.limit ??= clock.schedule(bodyMs, () => this.giveUp(errorCodes.none));
  }

  private over(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.limit?.dispose();
    this.of.host.ended(this);
  }

  /** False: it was more than the window, or than was announced, and the stream is over. */
  private receive(bytes: number): boolean {
    const { length } = this.of;
    this.window -= bytes;
    this.have += bytes;
    if (this.window < 0) this.giveUp(errorCodes.flowControl);
    else if (length !== undefined && this.have > length) this.giveUp(errorCodes.protocol);
    return !this.isOver;
  }

  private finishRead(): void {
    const { length } = this.of;
    this.isRead = true;
    if (length !== undefined && this.have !== length) this.giveUp(errorCodes.protocol);
    else if (this.exchange?.isClosed) this.over();
  }

  private credit(bytes: number): void {
    if (this.isOver || this.isRead) return;
    this.credits += bytes;
    if (this.credits >= this.windowMax / creditParts) this.tell();
  }

  /** The client waits less often. */
  private widen(): void {
    this.credits += wideWindowBytes - this.windowMax;
    this.windowMax = wideWindowBytes;
    this.tell();
  }

  private tell(): void {
    this.window += this.credits;
    this.of.host.widen(this.id, this.credits);
    this.credits = 0;
  }
}
