/**
 * One connection of HTTP/2 (RFC 9113), read and written by us: Node's own costs a call more than all the
 * rest of it. It takes requests, many at once, and never pushes. What a client may make it hold or do
 * without sending a request is bounded.
 */
import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { bytesTaken } from '../http1/socketBytes.ts';
import { continueBlock } from './answerBlock.ts';
import { FrameReader, type FrameSink, type Part } from './frameReader.ts';
import { checkFrame, unpadded } from './frameRules.ts';
import {
  ConnectionError,
  controlFrame,
  errorCodes,
  type FrameHead,
  flags,
  frameTypes,
  goAway,
  payloadBytesMin,
  resetStream,
  settingIds,
  settingsFrame,
  windowBytesFirst,
  windowBytesMax,
  windowUpdate,
} from './frames.ts';
import { blockBytesMax, HeaderDecoder, type HeaderList } from './headerDecoder.ts';
import type { Http2Exchange, StreamPort } from './http2Exchange.ts';
import { Sender } from './sender.ts';
import { Http2Stream, type StreamHost, streamWindowBytes } from './stream.ts';

/** Requests at once. */
export const streamsMax = 256;
/**
 * What a client may send on all streams before it hears more. Bytes count as read when they come, for each stream
 * has a bound of its own: a body that waits must never hold up another one that it waits for.
 */
const windowBytes = 16 * 1024 ** 2;
const creditBytesMin = windowBytes / 4;
/** A client that does not read is not read either beyond this. */
const waitingBytesMax = 4 * 1024 ** 2;
/** Frames between two looks that bring no request on. Who sends more is up to no good. */
export const idleFramesMax = 1000;
/** A part of a header block that is shorter, and not the last, brings little on. */
const blockPartBytesMin = 1024;
/** Streams that we gave up: what a client sent before it heard of it is ignored. */
const givenUpMax = 1024;

export interface StreamCount {
  count: number;
  readonly most: number;
}

export interface Http2Parts {
  readonly clock: Clock;
  /** Open streams of all connections. */
  readonly streams: StreamCount;
  /** The exchange of a request, to be begun next. */
  exchangeOf(headers: ReadonlyMap<string, string>, port: StreamPort): Http2Exchange;
  /** Must read the body in this turn, if at all. */
  begin(exchange: Http2Exchange): void;
  /** Why a connection ended that should not have. */
  complain(sentence: string): void;
  onClosed(connection: Http2Connection): void;
}

/** A request whose exchange has not begun: its whole body may be what comes next. */
interface Fresh {
  readonly stream: Http2Stream;
  readonly headers: ReadonlyMap<string, string>;
}

/** A header block that goes on in further frames. */
interface OpenBlock {
  readonly stream: number;
  readonly isEnd: boolean;
  bytes: Buffer;
}

export class Http2Connection implements FrameSink, StreamHost {
  readonly sender: Sender;
  readonly clock: Clock;
  readonly isSecure: boolean;
  private readonly parts: Http2Parts;
  private readonly socket: Socket;
  private readonly reader = new FrameReader(this);
  private readonly decoder = new HeaderDecoder();
  private readonly streams = new Map<number, Http2Stream>();
  private lastStream = 0;
  private block: OpenBlock | undefined;
  private fresh: Fresh | undefined;
  private readonly givenUp = new Set<number>();
  /** Streams that were begun, these or not. */
  private begun = 0;
  private credits = 0;
  private received = 0;
  private idleFrames = 0;
  private hasSettings = false;
  /** The client did what it must not: nothing more of it is looked at. */
  private hasFailed = false;
  /** No further stream is taken. */
  isEnding = false;

  /**
   * Speaks on `socket`, which is paused; `seen`: what was read of it. It is read as a stream: to take its
   * bytes as HTTP/1.1 does costs each connection 50 us, and there are clients with one for each call.
   */
  constructor(socket: Socket, { seen, parts }: { seen: Buffer; parts: Http2Parts }) {
    this.parts = parts;
    this.clock = parts.clock;
    this.isSecure = 'encrypted' in socket;
    this.socket = socket;
    socket.allowHalfOpen = false; // HTTP/1.1 sets it, and a client's end would go unseen by it
    socket.on('error', ignore);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => this.closed());
    this.sender = new Sender(socket, () => this.relax());
    const { maxStreams, window, headersSize } = settingIds;
    const settings = {
      [maxStreams]: streamsMax,
      [window]: streamWindowBytes,
      [headersSize]: blockBytesMax,
    };
    this.sender.text(settingsFrame(settings) + windowUpdate(0, windowBytes - windowBytesFirst));
    this.receive(seen);
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.resume();
  }

  get streamCount(): number {
    return this.streams.size;
  }

  /** A frame is begun, or a header block, and not whole. */
  get isBegun(): boolean {
    return !this.reader.isIdle || this.block !== undefined;
  }

  /** While it stays the same, nothing goes on. */
  get progress(): number {
    return this.received + bytesTaken(this.socket);
  }

  /** It waits for its client to read. */
  get isHeldUp(): boolean {
    return this.sender.bytesWaiting > 0 || this.sender.isHeldUp;
  }

  /** Since the last look a client may send frames that bring no request on. */
  forgive(): void {
    this.idleFrames = 0;
  }

  /** Ends the connection after the answers under way. */
  finish(): void {
    if (!this.isEnding) this.sender.text(goAway(this.lastStream, errorCodes.none));
    this.isEnding = true;
    this.endWhenDone();
  }

  destroy(): void {
    this.socket.destroy();
  }

  frame(head: FrameHead, payload: Buffer): void {
    this.beginFresh();
    checkFrame(head);
    const { type } = head;
    if (!this.hasSettings && type !== frameTypes.settings) throw misplaced(type);
    if (this.block && type !== frameTypes.continuation) throw misplaced(type);
    if (type === frameTypes.headers) this.headers(head, unpadded(head, payload));
    else if (type === frameTypes.continuation) this.continuation(head, payload);
    else if (type === frameTypes.data) this.paddedData(head, payload);
    else this.control(head, payload);
  }

  data(head: FrameHead, { bytes, isLast }: Part): void {
    const isEnd = isLast && (head.flags & flags.endStream) !== 0;
    const isAll = isEnd && bytes.length === head.length;
    if (this.block) throw misplaced(head.type);
    this.count(bytes.length);
    if (isAll && this.fresh?.stream.id === head.stream) this.fresh.stream.bringAll(bytes);
    else {
      this.beginFresh();
      if (head.length === 0 && !isEnd) this.idle();
      this.dataOf(head, { bytes, isLast: isEnd });
    }
    this.beginFresh();
  }

  widen(stream: number, bytes: number): void {
    this.sender.text(windowUpdate(stream, bytes));
  }

  reset(stream: number, code: number): void {
    this.sender.text(resetStream(stream, code));
    this.givenUp.add(stream);
    if (this.givenUp.size <= givenUpMax) return;
    for (const oldest of this.givenUp) return void this.givenUp.delete(oldest);
  }

  ended({ id }: Http2Stream): void {
    if (this.streams.delete(id)) this.parts.streams.count--;
    this.endWhenDone();
  }

  private receive(bytes: Buffer): void {
    if (this.hasFailed) return;
    this.received += bytes.length;
    try {
      this.reader.take(bytes);
      this.beginFresh();
    } catch (thrown) {
      if (!(thrown instanceof ConnectionError)) throw thrown;
      this.fail(thrown);
    }
    if (this.sender.bytesWaiting > waitingBytesMax) this.socket.pause();
  }

  private relax(): void {
    const isFree = this.sender.bytesWaiting <= waitingBytesMax / 2;
    if (isFree && this.socket.isPaused()) this.socket.resume();
  }

  private fail(error: ConnectionError): void {
    this.parts.complain(`HTTP/2: ${error.message}`);
    this.isEnding = true;
    this.hasFailed = true;
    this.sender.text(goAway(this.lastStream, error.code));
    this.abandonAll();
    this.endWhenDone();
  }

  private headers({ stream, flags: bits }: FrameHead, bytes: Buffer): void {
    if (stream % 2 === 0)
      throw new ConnectionError(errorCodes.protocol, 'HEADERS without a stream');
    const isEnd = (bits & flags.endStream) !== 0;
    const isWhole = (bits & flags.endHeaders) !== 0;
    if (isWhole) this.listOf(stream, { list: this.decoder.decode(bytes), isEnd });
    else this.block = { stream, isEnd, bytes: Buffer.from(bytes) };
  }

  private continuation(head: FrameHead, bytes: Buffer): void {
    const { block } = this;
    if (block?.stream !== head.stream) throw misplaced(head.type);
    const isWhole = (head.flags & flags.endHeaders) !== 0;
    if (bytes.length < (isWhole ? 1 : blockPartBytesMin)) this.idle();
    if (block.bytes.length + bytes.length > blockBytesMax) {
      throw new ConnectionError(errorCodes.calm, 'a header block without end');
    }
    block.bytes = Buffer.concat([block.bytes, bytes]);
    if (!isWhole) return;
    this.block = undefined;
    this.listOf(head.stream, { list: this.decoder.decode(block.bytes), isEnd: block.isEnd });
  }

  private listOf(id: number, { list, isEnd }: { list: HeaderList; isEnd: boolean }): void {
    if (id > this.lastStream) return void this.open(id, { list, isEnd });
    const stream = this.streams.get(id);
    if (!stream) this.lateList(id);
    else if (stream.isRead) stream.giveUp(errorCodes.streamClosed);
    else if (isEnd && list.isWellFormed && !list.hasPseudo) stream.bringEnd();
    else stream.giveUp(errorCodes.protocol);
  }

  /** Trailers of a stream that we gave up, or one that was used before. */
  private lateList(id: number): void {
    if (this.givenUp.has(id)) return void this.idle();
    const isPast = this.begun * 2 > this.lastStream;
    const code = isPast ? errorCodes.streamClosed : errorCodes.protocol; // that, or it was left out
    throw new ConnectionError(code, `HEADERS of stream ${id}, which is over`);
  }

  private open(id: number, { list, isEnd }: { list: HeaderList; isEnd: boolean }): void {
    if (this.isEnding) return;
    this.lastStream = id;
    this.begun++;
    const refusal = this.refusalOf(list);
    if (refusal !== undefined) {
      this.idle();
      return void this.reset(id, refusal);
    }
    const { headers } = list;
    const length = headers.get('content-length');
    const of = { id, host: this, length: length === undefined ? undefined : Number(length) };
    const stream = new Http2Stream(of);
    this.streams.set(id, stream);
    this.parts.streams.count++;
    if (headers.get('expect') === '100-continue') stream.sendHead(continueBlock);
    this.fresh = { stream, headers };
    if (isEnd) stream.bringAll(nothing);
  }

  /** A code of HTTP/2 for a request that is not taken. */
  private refusalOf({ headers, isWellFormed }: HeaderList): number | undefined {
    const { count, most } = this.parts.streams;
    if (this.streams.size >= streamsMax || count >= most) return errorCodes.refused;
    const length = headers.get('content-length');
    const isFine = isWellFormed && hasTarget(headers) && lengthForm.test(length ?? '0');
    return isFine ? undefined : errorCodes.protocol;
  }

  private beginFresh(): void {
    const { fresh } = this;
    if (!fresh) return;
    this.fresh = undefined;
    const { stream, headers } = fresh;
    if (stream.isOver) return;
    stream.exchange = this.parts.exchangeOf(headers, stream);
    this.parts.begin(stream.exchange);
  }

  private paddedData(head: FrameHead, payload: Buffer): void {
    const bytes = unpadded(head, payload);
    const isLast = (head.flags & flags.endStream) !== 0;
    this.count(payload.length);
    if (bytes.length === 0 && !isLast) this.idle();
    this.streams.get(head.stream)?.pad(payload.length - bytes.length);
    this.dataOf(head, { bytes, isLast });
  }

  private dataOf({ stream: id }: FrameHead, { bytes, isLast }: Part): void {
    const stream = this.streams.get(id);
    if (!stream) return void this.lateData(id);
    if (stream.isRead) return void stream.giveUp(errorCodes.streamClosed);
    stream.bring(bytes);
    if (isLast && !stream.isOver) stream.bringEnd();
  }

  /** It was on its way when the stream ended, or should not have been sent. */
  private lateData(stream: number): void {
    if (!this.mayHaveBegun(stream)) throw misplaced(frameTypes.data);
    if (this.givenUp.has(stream) || stream > this.lastStream) return;
    this.idle();
    this.reset(stream, errorCodes.streamClosed);
  }

  /** A client may not know yet that no further stream is taken. */
  private mayHaveBegun(stream: number): boolean {
    return stream !== 0 && (stream <= this.lastStream || this.isEnding);
  }

  private count(bytes: number): void {
    this.credits += bytes;
    if (this.credits < creditBytesMin) return;
    this.sender.text(windowUpdate(0, this.credits));
    this.credits = 0;
  }

  /** A frame that brings no request on. */
  private idle(): void {
    if (++this.idleFrames <= idleFramesMax) return;
    throw new ConnectionError(errorCodes.calm, `${idleFramesMax} frames that bring nothing`);
  }

  private control(head: FrameHead, payload: Buffer): void {
    const { type, stream } = head;
    if (type === frameTypes.windowUpdate) this.windowUpdated(stream, payload.readUInt32BE());
    else if (type === frameTypes.settings) this.settings(head, payload);
    else if (type === frameTypes.ping) this.ping(head, payload);
    else if (type === frameTypes.resetStream) this.wasReset(stream);
    else if (type === frameTypes.pushPromise) throw misplaced(type);
    else this.idle(); // PRIORITY, GOAWAY and what we do not know
  }

  /** Of a stream that is over it may come as often as its client read parts of the answer. */
  private windowUpdated(stream: number, bytes: number): void {
    const more = bytes & windowBytesMax;
    if (more === 0)
      throw new ConnectionError(errorCodes.protocol, 'a window that grows by nothing');
    if (stream === 0) return void this.sender.widen(more);
    if (!this.mayHaveBegun(stream)) throw misplaced(frameTypes.windowUpdate);
    const known = this.streams.get(stream);
    if (known && !this.sender.widenStream(known.outgoing, more)) {
      known.giveUp(errorCodes.flowControl);
    }
  }

  /** The client may count by its settings only once it has heard that we have them. */
  private settings({ flags: bits, length }: FrameHead, payload: Buffer): void {
    this.hasSettings = true;
    this.idle();
    if ((bits & flags.ack) !== 0) return;
    let window: number | undefined;
    for (let at = 0; at < length; at += settingBytes) {
      const [id, value] = [payload.readUInt16BE(at), payload.readUInt32BE(at + 2)];
      this.setting(id, value);
      if (id === settingIds.window) window = value;
    }
    if (window !== undefined) this.sender.setFirstWindow(window);
    this.sender.text(controlFrame(frameTypes.settings, { bits: flags.ack }));
    this.sender.pump();
  }

  private setting(id: number, value: number): void {
    if (id === settingIds.push && value > 1) throw badSetting(id, value);
    if (id === settingIds.window && value > windowBytesMax) {
      throw new ConnectionError(errorCodes.flowControl, 'a wide window');
    }
    if (id !== settingIds.frameSize) return;
    if (value < payloadBytesMin || value > payloadBytesMax) throw badSetting(id, value);
    this.sender.setPayloadBytes(value);
  }

  private ping({ flags: bits }: FrameHead, payload: Buffer): void {
    this.idle();
    if ((bits & flags.ack) !== 0) return;
    const answer = { bits: flags.ack, payload: payload.latin1Slice() };
    this.sender.text(controlFrame(frameTypes.ping, answer));
  }

  private wasReset(stream: number): void {
    if (!this.mayHaveBegun(stream)) throw misplaced(frameTypes.resetStream);
    this.idle();
    this.streams.get(stream)?.abandon();
  }

  private endWhenDone(): void {
    if (this.isEnding && this.streams.size === 0) this.sender.endSocket();
  }

  private abandonAll(): void {
    this.fresh = undefined;
    for (const stream of [...this.streams.values()]) stream.abandon();
  }

  private closed(): void {
    this.isEnding = true;
    for (const { outgoing } of this.streams.values()) outgoing.bytesUnderWay = 0;
    this.abandonAll();
    this.parts.onClosed(this);
  }
}

const payloadBytesMax = 2 ** 24 - 1;
const settingBytes = 6;
const lengthForm = /^\d{1,15}$/;
const nothing = Buffer.alloc(0);
const ignore = (): void => undefined;

/** A request says what it is for. Only OPTIONS may be for none of the paths. */
function hasTarget(headers: ReadonlyMap<string, string>): boolean {
  const method = headers.get(':method');
  const path = headers.get(':path');
  const isPath = path?.startsWith('/') || (path === '*' && method === 'OPTIONS');
  return isPath && method !== undefined && headers.has(':scheme');
}

const misplaced = (type: number): ConnectionError =>
  new ConnectionError(errorCodes.protocol, `a frame of type ${type} where none may be`);

const badSetting = (id: number, value: number): ConnectionError =>
  new ConnectionError(errorCodes.protocol, `${value} for setting ${id}, which may not be`);
