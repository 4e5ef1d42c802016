/**
 * One HTTP/1.1 connection: reads requests one after the other, straight into the memory that they stay in,
 * and sends their answers in that order. A request of another form than the SDKs send is handed on to
 * Node's own server with the connection; see requestHead.ts.
 */
import type { Socket } from 'node:net';
import type { BodyBounds } from '../body.ts';
import { keptBody } from '../bodyBuffer.ts';
import type { DirectExchange, ExchangePort, ReadyAnswer } from './directExchange.ts';
import { IncomingBody } from './incomingBody.ts';
import { type RequestHead, readHead } from './requestHead.ts';
import { type ByteTarget, bytesTaken, plainSocket, takeBytes } from './socketBytes.ts';

/** Longest head; what is longer is Node's to refuse. */
export const headBytesMax = 32 * 1024;
/** A client that sends on while it waits for an answer is not read beyond this. */
const aheadBytesMax = 64 * 1024;
/** A body up to this length is sent in one piece with its head. */
const joinedBytesMax = 16 * 1024;
/** What a first look at a head takes; few are longer. */
const glanceBytes = 4 * 1024;

export interface ConnectionParts {
  /** Of all connections: what is in it is dealt with in the turn in which it was read. */
  readonly scratch: Buffer;
  /** The exchange of a request, to be begun next. */
  exchangeOf(head: RequestHead, port: ExchangePort): DirectExchange;
  /** Must read the body in this turn, if at all. */
  begin(exchange: DirectExchange): void;
  /** Node's server takes a paused socket over, with all bytes that were not read yet. */
  handOn(socket: Socket): void;
  onClosed(connection: Http1Connection): void;
}

/** What a connection waits for: a request, the rest of it, us, or the client to read the answer. */
export type Phase = 'idle' | 'head' | 'body' | 'answer' | 'sending' | 'ending';

export class Http1Connection implements ByteTarget, ExchangePort {
  private readonly parts: ConnectionParts;
  private readonly socket: Socket;
  /** The request that is being answered. */
  private exchange: DirectExchange | undefined;
  private body: IncomingBody | undefined;
  /** Bytes of a body that nobody has asked for. */
  private bytesToSkip = 0;
  /** The bytes at hand; those from `at` to `end` are not dealt with. */
  private bytes: Buffer;
  private at = 0;
  private end = 0;
  /** An answer whose bytes are still used. */
  private sending: DirectExchange | undefined;
  private isFlushing = false;
  private isWorking = false;
  private isHeldBack = false;
  /** No further request is taken. */
  isEnding = false;
  private isHandedOn = false;
  private requests = 0;

  /** Takes the connection of `socket`; `seen`: what was read of it. */
  constructor(socket: Socket, { seen, parts }: { seen: Buffer; parts: ConnectionParts }) {
    this.parts = parts;
    this.bytes = parts.scratch;
    this.socket = takeBytes(socket, this);
    this.socket.on('error', ignore);
    this.socket.on('end', () => this.left());
    this.socket.on('close', () => this.closed());
    this.socket.on('drain', () => this.work());
    this.append(seen);
    this.work();
  }

  get phase(): Phase {
    if (this.socket.writableLength > 0) return 'sending';
    if (this.body) return this.body.isWaiting ? 'answer' : 'body';
    if (this.exchange) return 'answer';
    if (this.isEnding) return 'ending';
    if (this.bytesToSkip > 0) return 'body';
    return this.at < this.end ? 'head' : 'idle';
  }

  /** While it stays the same in a phase, nothing goes on. */
  get progress(): number {
    return this.socket.writableLength > 0 ? this.bytesSent : this.requests;
  }

  get bytesSent(): number {
    return bytesTaken(this.socket);
  }

  room(): Buffer {
    return this.body?.room ?? this.parts.scratch;
  }

  received(count: number, into: Uint8Array): void {
    const { scratch } = this.parts;
    if (into !== scratch) this.body?.fill(count);
    else if (this.bytes === scratch) {
      this.at = 0;
      this.end = count;
    } else this.append(scratch.subarray(0, count));
    this.work();
    this.keepRest();
  }

  readBody(bounds: BodyBounds): Buffer | Promise<Buffer> {
    const length = this.bytesToSkip;
    const refusal = IncomingBody.refusal(length, bounds);
    if (refusal) {
      this.isEnding = true;
      return Promise.reject(refusal);
    }
    this.bytesToSkip = 0;
    const isHere = length <= this.end - this.at && length <= bounds.bytesMax;
    if (isHere) {
      const from = this.at;
      this.at += length;
      return keptBody(this.bytes.subarray(from, this.at), bounds);
    }
    this.body = new IncomingBody(length, { bounds, source: this });
    return this.body.whole;
  }

  send({ head, body, length, isLast }: ReadyAnswer): void {
    const { socket, exchange } = this;
    this.isEnding ||= isLast;
    this.exchange = undefined;
    // A text is binary or has no characters of several bytes, where latin1 is the cheaper of two alike.
    const encoding = length === body.length ? 'latin1' : 'utf8';
    if (length <= joinedBytesMax) {
      const text = typeof body === 'string' ? body : body.latin1Slice();
      socket.write(head + text, encoding);
      exchange?.close();
    } else {
      this.sending = exchange;
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(typeof body === 'string' ? Buffer.from(body, encoding) : body, () =>
        this.sent(),
      );
      socket.uncork();
    }
    this.work();
  }

  sendPart(part: string | readonly Uint8Array[], taken: () => void): void {
    const { socket } = this;
    if (typeof part === 'string') socket.write(part, 'latin1');
    else {
      socket.cork();
      for (const bytes of part.slice(0, -1)) socket.write(bytes);
      socket.write(part.at(-1)!, () => taken());
      socket.uncork();
    }
  }

  endParts(last: string, isLast: boolean): void {
    const { exchange } = this;
    this.isEnding ||= isLast;
    this.exchange = undefined;
    this.socket.write(last, 'latin1');
    exchange?.close();
    this.work();
  }

  /** Ends the connection: now, or after the answer that is under way. */
  finish(): void {
    this.isEnding = true;
    this.work();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Tells a client that it was too slow to send its request. */
  timeOut(): void {
    this.isEnding = true;
    this.socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
    this.socket.destroySoon();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.isHeldBack = false;
    this.socket.resume();
  }

  /** Deals with the bytes at hand, as far as that goes now. */
  private work(): void {
    if (this.isWorking || this.isHandedOn || this.socket.destroyed) return;
    this.isWorking = true;
    while (this.step());
    this.isWorking = false;
    if (this.isEnding && !this.exchange) this.endSocket();
    const mayRead = !this.body?.isWaiting && this.end - this.at <= aheadBytesMax;
    if (this.isHeldBack && mayRead) this.resume();
  }

  /** False: it has to wait. */
  private step(): boolean {
    if (this.body) return this.feedBody(this.body);
    if (this.exchange || this.sending || this.isEnding) return false;
    if (this.bytesToSkip > 0) return this.skip();
    if (this.at === this.end || this.socket.writableNeedDrain) return false;
    return this.readRequest();
  }

  private feedBody(body: IncomingBody): boolean {
    const count = Math.min(body.bytesMissing, this.end - this.at);
    if (count > 0) body.copy(this.bytes.subarray(this.at, this.at + count));
    this.at += count;
    if (body.bytesMissing > 0) return false;
    this.body = undefined;
    return true;
  }

  /** The body of a request that was answered without it. */
  private skip(): boolean {
    const count = Math.min(this.bytesToSkip, this.end - this.at);
    this.at += count;
    this.bytesToSkip -= count;
    return this.bytesToSkip === 0;
  }

  private readRequest(): boolean {
    const head = this.head();
    if (head === 'partial' && this.end - this.at <= headBytesMax) return false;
    if (typeof head === 'string') {
      this.handOn();
      return false;
    }
    this.at += head.end;
    this.bytesToSkip = head.contentLength;
    this.requests++;
    this.exchange = this.parts.exchangeOf(head, this);
    this.parts.begin(this.exchange);
    return true;
  }

  private head(): RequestHead | 'partial' | 'foreign' {
    const { bytes, at, end } = this;
    const glance = readHead(bytes.latin1Slice(at, Math.min(end, at + glanceBytes)));
    const isShort = end - at <= glanceBytes;
    if (glance !== 'partial' || isShort) return glance;
    return readHead(bytes.latin1Slice(at, Math.min(end, at + headBytesMax)));
  }

  /** Puts `more` behind the bytes at hand. */
  private append(more: Uint8Array): void {
    const rest = this.bytes.subarray(this.at, this.end);
    this.bytes = Buffer.concat([rest, more]);
    this.at = 0;
    this.end = this.bytes.length;
  }

  /** What is left of this turn's bytes is kept here: others read into the scratch next. */
  private keepRest(): void {
    const { scratch } = this.parts;
    if (this.at === this.end) {
      this.bytes = scratch;
      this.at = this.end = 0;
    } else if (this.bytes === scratch) this.append(nothing);
    if (this.end - this.at <= aheadBytesMax || this.isHeldBack) return;
    this.isHeldBack = true;
    this.socket.pause();
  }

  /** Once all answers are with the system: what waits in this socket does not move with the connection. */
  private handOn(): void {
    if (this.socket.writableLength > 0) {
      this.flush();
      return;
    }
    this.isHandedOn = true;
    const unread = Buffer.from(this.bytes.subarray(this.at, this.end));
    this.at = this.end = 0;
    this.parts.handOn(plainSocket(this.socket, unread));
  }

  private flush(): void {
    if (this.isFlushing) return;
    this.isFlushing = true;
    this.socket.write(nothing, () => {
      this.isFlushing = false;
      this.work();
    });
  }

  private sent(): void {
    this.sending?.close();
    this.sending = undefined;
    this.work();
  }

  /** A client that still sends gets a moment to read the answer: closing at once would take it back. */
  private endSocket(): void {
    this.at = this.end = 0;
    if (this.bytesToSkip > 0) this.socket.end();
    else this.socket.destroySoon();
  }

  /** The client has said its last. */
  private left(): void {
    this.isEnding = true;
    if (this.exchange) this.socket.destroy();
  }

  private closed(): void {
    if (!this.isHandedOn) {
      this.isEnding = true;
      this.body?.abandon();
      this.exchange?.close();
      this.sending?.close();
    }
    this.parts.onClosed(this);
  }
}

const nothing = new Uint8Array(0);
const ignore = (): void => undefined;
