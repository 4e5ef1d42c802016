// One connection of HTTP/2 that sends ready-made requests, many at once, and reads whole answers or
// what is pushed to a stream. It knows just enough of HTTP/2 for that: the client must cost less than
// any server that it measures.
import type { Socket } from 'node:net';
import {
  eachFrame,
  frame,
  opening,
  type ReceivedFrame,
  setting,
  word,
} from '../support/http2Frames.ts';
import { connectedSocket } from './connectedSocket.ts';
import type { Answer } from './connection.ts';
import type { HeaderBlocks, Http2Request } from './http2Requests.ts';

const DATA = 0;
const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const PING = 6;
const GOAWAY = 7;
const WINDOW_UPDATE = 8;
/** Of DATA and HEADERS; of SETTINGS and PING it says that they answer. */
const END_STREAM = 1;
const END_HEADERS = 4;
const frameBytesMax = 16_384;
const windowMax = 2 ** 31 - 1;
const firstWindow = 65_535;
/** A block that begins with this says `:status: 200`. */
const ok = 0x88;

const windowUpdate = (bytes: number): Buffer =>
  frame({ type: WINDOW_UPDATE, payload: word(bytes) });

/** No push, and windows that are never full. */
const begun = Buffer.concat([
  opening(Buffer.concat([setting(2, 0), setting(4, windowMax)])),
  windowUpdate(windowMax - firstWindow),
]);

interface Open {
  status: number;
  readonly chunks: Buffer[];
  /** Of a subscription: called for all that comes. */
  readonly onData?: (chunk: Buffer) => void;
  resolve(answer: Answer): void;
  reject(reason: Error): void;
}

export class Http2Connection {
  private readonly socket: Socket;
  private readonly open = new Map<number, Open>();
  private nextStream = 1;
  private unread: Buffer = Buffer.alloc(0);
  /** What the server takes before it tells that it takes more, and what waits for that. */
  private window = firstWindow;
  private readonly waiting: (() => void)[] = [];
  private received = 0;
  private lastBlocks: HeaderBlocks | undefined;
  private out: Buffer[] = [begun];
  private isFlushDue = false;
  private failure: Error | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the server closed the connection')));
  }

  /** Rejects when nobody listens. What it says first goes out with its first request. */
  static async open(port: number): Promise<Http2Connection> {
    return new Http2Connection(await connectedSocket(port));
  }

  request(request: Http2Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.start(request, { status: 0, chunks: [], resolve, reject });
    });
  }

  /** Resolves with the first bytes of an answer that goes on; rejects if it ends. */
  subscribe(request: Http2Request, onData: (chunk: Buffer) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const take = (chunk: Buffer): void => {
        resolve();
        onData(chunk);
      };
      const end = ({ body }: Answer): void => reject(new Error(`it ended: ${body}`));
      this.start(request, { status: 0, chunks: [], onData: take, resolve: end, reject });
    });
  }

  /** Says that it goes, as clients do, and goes. */
  close(): void {
    this.open.clear();
    const payload = Buffer.concat([word(0), word(0)]);
    this.socket.end(frame({ type: GOAWAY, payload }));
    this.socket.destroySoon();
  }

  private start(request: Http2Request, open: Open): void {
    if (this.failure) return void open.reject(this.failure);
    if (request.body.length > frameBytesMax) throw new Error('a body is longer than a frame');
    const send = (): void => {
      this.window -= request.body.length;
      this.open.set(this.nextStream, open);
      this.sendRequest(request);
    };
    if (this.window >= request.body.length && this.waiting.length === 0) send();
    else this.waiting.push(send);
  }

  private sendRequest({ blocks, body }: Http2Request): void {
    const stream = this.nextStream;
    this.nextStream += 2;
    const payload = this.lastBlocks === blocks ? blocks.next : blocks.first;
    this.lastBlocks = blocks;
    this.send(frame({ type: HEADERS, flags: END_HEADERS, stream, payload }));
    this.send(frame({ type: DATA, flags: END_STREAM, stream, payload: body }));
  }

  /** All of a turn in one write. */
  private send(bytes: Buffer): void {
    this.out.push(bytes);
    if (this.isFlushDue) return;
    this.isFlushDue = true;
    process.nextTick(() => this.flush());
  }

  private flush(): void {
    const { out } = this;
    this.out = [];
    this.isFlushDue = false;
    if (!this.socket.destroyed) this.socket.write(Buffer.concat(out));
  }

  private receive(chunk: Buffer): void {
    const bytes = this.unread.length === 0 ? chunk : Buffer.concat([this.unread, chunk]);
    this.unread = eachFrame(bytes, (one) => this.take(one));
  }

  private take(one: ReceivedFrame): void {
    const { type, flags, stream, payload } = one;
    if (type === DATA || type === HEADERS) this.takePart(one);
    else if (type === SETTINGS && (flags & END_STREAM) === 0) {
      this.send(frame({ type, flags: END_STREAM }));
    } else if (type === PING && (flags & END_STREAM) === 0) {
      this.send(frame({ type, flags: END_STREAM, payload }));
    } else if (type === WINDOW_UPDATE && stream === 0) this.widen(payload.readUInt32BE());
    else if (type === RST_STREAM) this.settle(stream)?.reject(new Error('a stream was reset'));
    else if (type === GOAWAY) this.fail(new Error('the server said that it goes'));
  }

  private takePart({ type, flags, stream, payload }: ReceivedFrame): void {
    const open = this.open.get(stream);
    if (!open) return;
    if (type === HEADERS) open.status = payload[0] === ok ? 200 : 500;
    else {
      this.count(payload.length);
      if (open.onData && open.status === 200) open.onData(payload);
      else open.chunks.push(payload);
    }
    if ((flags & END_STREAM) === 0) return;
    const { chunks, status } = open;
    const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    this.settle(stream)?.resolve({ status, body });
  }

  private count(bytes: number): void {
    this.received += bytes;
    if (this.received < windowMax / 2) return;
    this.send(windowUpdate(this.received));
    this.received = 0;
  }

  private widen(bytes: number): void {
    this.window += bytes;
    while (this.window >= frameBytesMax && this.waiting.length > 0) this.waiting.shift()!();
  }

  private settle(stream: number): Open | undefined {
    const open = this.open.get(stream);
    this.open.delete(stream);
    return open;
  }

  private fail(reason: Error): void {
    this.failure ??= reason;
    const all = [...this.open.values()];
    this.open.clear();
    for (const open of all) open.reject(reason);
  }
}
