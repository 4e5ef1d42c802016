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
/** What a client may send on all streams before it is read; it is told once it may send so much more. */
const windowBytes = 16 * 1024 ** 2;
const creditBytesMin = windowBytes / 4;
/** A client that does not read is not read either beyond this. */
const waitingBytesMax = 4 * 1024 ** 2;
/** Frames between two looks that bring no request on. Who sends more is up to no good. */
export const idleFramesMax = 1000;

export interface Http2Parts {
  readonly clock: Clock;
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
  private window = windowBytes;
  private credits = 0;
  private received = 0;
  private idleFrames = 0;
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
    const { type } = head;
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

  credit(bytes: number): void {
    this.credits += bytes;
    if (this.credits < creditBytesMin) return;
    this.window += this.credits;
    this.sender.text(windowUpdate(0, this.credits));
    this.credits = 0;
  }

  widen(stream: number, bytes: number): void {
    this.sender.text(windowUpdate(stream, bytes));
  }

  reset(stream: number, code: number): void {
    this.sender.text(resetStream(stream, code));
  }

  ended({ id }: Http2Stream): void {
    this.streams.delete(id);
    this.endWhenDone();
  }

  private receive(bytes: Buffer): void {
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
    if (bytes.length === 0) this.idle();
    if (block.bytes.length + bytes.length > blockBytesMax) {
      throw new ConnectionError(errorCodes.calm, 'a header block without end');
    }
    block.bytes = Buffer.concat([block.bytes, bytes]);
    if ((head.flags & flags.endHeaders) === 0) return;
    this.block = undefined;
    this.listOf(head.stream, { list: this.decoder.decode(block.bytes), isEnd: block.isEnd });
  }

  private listOf(id: number, { list, isEnd }: { list: HeaderList; isEnd: boolean }): void {
    const known = this.streams.get(id);
    if (id > this.lastStream) this.open(id, { list, isEnd });
    else if (!known) this.idle();
    else if (isEnd) known.bringEnd();
    else known.giveUp(errorCodes.protocol);
  }

  private open(id: number, { list, isEnd }: { list: HeaderList; isEnd: boolean }): void {
    if (this.isEnding) return;
    this.lastStream = id;
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
    if (headers.get('expect') === '100-continue') stream.sendHead(continueBlock);
    this.fresh = { stream, headers };
    if (isEnd) stream.bringAll(nothing);
  }

  /** A code of HTTP/2 for a request that is not taken. */
  private refusalOf({ headers, isWellFormed }: HeaderList): number | undefined {
    if (this.streams.size >= streamsMax) return errorCodes.refused;
    const hasTarget = headers.has(':method') && headers.has(':path') && headers.has(':scheme');
    const length = headers.get('content-length');
    const isFine = isWellFormed && hasTarget && (length === undefined || lengthForm.test(length));
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
    this.count(payload.length);
    this.credit(payload.length - bytes.length);
    this.dataOf(head, { bytes, isLast: (head.flags & flags.endStream) !== 0 });
  }

  private dataOf({ stream: id }: FrameHead, { bytes, isLast }: Part): void {
    const stream = this.streams.get(id);
    if (!stream) {
      if (!this.mayHaveBegun(id)) throw misplaced(frameTypes.data);
      return void this.credit(bytes.length); // it was on its way when the stream ended
    }
    stream.bring(bytes);
    if (isLast && !stream.isOver) stream.bringEnd();
  }

  /** A client may not know yet that no further stream is taken. */
  private mayHaveBegun(stream: number): boolean {
    return stream !== 0 && (stream <= this.lastStream || this.isEnding);
  }

  private count(bytes: number): void {
    this.window -= bytes;
    if (this.window < 0) throw new ConnectionError(errorCodes.flowControl, 'more than the window');
  }

  /** A frame that brings no request on. */
  private idle(): void {
    if (++this.idleFrames <= idleFramesMax) return;
    throw new ConnectionError(errorCodes.calm, `${idleFramesMax} frames that bring nothing`);
  }

  private control(head: FrameHead, payload: Buffer): void {
    const { type, stream, length } = head;
    if (type === frameTypes.windowUpdate) this.windowUpdated(stream, word(payload));
    else if (type === frameTypes.settings) this.settings(head, payload);
    else if (type === frameTypes.ping) this.ping(head, payload);
    else if (type === frameTypes.resetStream) this.wasReset(stream, length);
    else if (type === frameTypes.pushPromise) throw misplaced(type);
    else this.idle(); // PRIORITY, GOAWAY and what we do not know
  }

  private windowUpdated(stream: number, bytes: number): void {
    const more = bytes & windowBytesMax;
    if (more === 0)
      throw new ConnectionError(errorCodes.protocol, 'a window that grows by nothing');
    if (stream === 0) return void this.sender.widen(more);
    const known = this.streams.get(stream);
    if (!known) this.idle();
    else if (!this.sender.widenStream(known.outgoing, more)) known.giveUp(errorCodes.flowControl);
  }

  private settings({ flags: bits, length, stream }: FrameHead, payload: Buffer): void {
    if (stream !== 0) throw misplaced(frameTypes.settings);
    this.idle();
    if ((bits & flags.ack) !== 0) return;
    if (length % settingBytes !== 0) throw wrongSize('SETTINGS');
    for (let at = 0; at < length; at += settingBytes) {
      this.setting(payload.readUInt16BE(at), payload.readUInt32BE(at + 2));
    }
    this.sender.text(controlFrame(frameTypes.settings, { bits: flags.ack }));
  }

  private setting(id: number, value: number): void {
    if (id === settingIds.window) {
      if (value > windowBytesMax)
        throw new ConnectionError(errorCodes.flowControl, 'a wide window');
      this.sender.setFirstWindow(value);
    } else if (id === settingIds.frameSize) {
      if (value < payloadBytesMin || value > payloadBytesMax) throw badFrameSize(value);
      this.sender.setPayloadBytes(value);
    }
  }

  private ping({ flags: bits, length }: FrameHead, payload: Buffer): void {
    if (length !== pingBytes) throw wrongSize('PING');
    this.idle();
    if ((bits & flags.ack) !== 0) return;
    const answer = { bits: flags.ack, payload: payload.latin1Slice() };
    this.sender.text(controlFrame(frameTypes.ping, answer));
  }

  private wasReset(stream: number, length: number): void {
    if (length !== wordBytes) throw wrongSize('RST_STREAM');
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

const wordBytes = 4;
const payloadBytesMax = 2 ** 24 - 1;
const pingBytes = 8;
const settingBytes = 6;
const lengthForm = /^\d{1,15}$/;
const nothing = Buffer.alloc(0);
const ignore = (): void => undefined;

function word(payload: Buffer): number {
  if (payload.length === wordBytes) return payload.readUInt32BE();
  throw wrongSize('WINDOW_UPDATE');
}

const misplaced = (type: number): ConnectionError =>
  new ConnectionError(errorCodes.protocol, `a frame of type ${type} where none may be`);

const badFrameSize = (bytes: number): ConnectionError =>
  new ConnectionError(errorCodes.protocol, `frames of ${bytes} bytes, which may not be`);

const wrongSize = (name: string): ConnectionError =>
  new ConnectionError(errorCodes.frameSize, `a ${name} frame of the wrong length`);

const priorityBytes = 5;

/** A payload without its padding, and HEADERS without a priority. Throws ConnectionError. */
function unpadded({ type, flags: bits }: FrameHead, payload: Buffer): Buffer {
  const isPadded = (bits & flags.padded) !== 0;
  const hasPriority = type === frameTypes.headers && (bits & flags.priority) !== 0;
  const from = Number(isPadded) + (hasPriority ? priorityBytes : 0);
  const to = payload.length - (isPadded ? (payload[0] ?? 0) : 0);
  if (from > to) throw new ConnectionError(errorCodes.protocol, 'more padding than payload');
  return payload.subarray(from, to);
}
