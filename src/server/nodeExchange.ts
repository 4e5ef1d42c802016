/** An exchange on Node's own request and response: HTTP/2, TLS, and what HTTP/1.1 leaves to Node. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../base/clock.ts';
import { type BodyBounds, bodyMs, ClientGone, droppedBytesMax, tooLarge } from './body.ts';
import type { BufferLoan } from './bufferPool.ts';
import {
  type Answer,
  type AnswerHeaders,
  type AnswerStream,
  type Exchange,
  lengthOf,
} from './exchange.ts';
import { bytesTaken } from './http1/socketBytes.ts';
import { type ExchangeParts, OpenExchange } from './openExchange.ts';

/** Answers up to this length go out in one piece with their headers. */
const joinedBytesMax = 16 * 1024;

export class NodeExchange extends OpenExchange implements Exchange {
  /** HTTP/2's are compatible in all that is used here. */
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  private readonly clock: Clock;

  constructor(
    ends: { request: IncomingMessage; response: ServerResponse },
    of: ExchangeParts & { clock: Clock },
  ) {
    super(of);
    this.request = ends.request;
    this.response = ends.response;
    this.clock = of.clock;
    // A client that goes away is no failure of ours; what waits for it looks at `signal`.
    this.request.on('error', ignore);
    this.response.on('error', ignore);
    this.response.on('close', this.end);
    // The response of a request that waits behind another's never says so (Node 20).
    if (this.request.httpVersionMajor === 1) this.request.socket.once('close', this.end);
  }

  get isSecure(): boolean {
    return (this.request.socket as Partial<TLSSocket>).encrypted === true;
  }

  get method(): string {
    return this.request.method ?? '';
  }

  /** HTTP/2 may say that the system has an answer while it still waits to be sent. */
  override takeBuffer(bytes: number): Buffer {
    if (this.request.httpVersionMajor !== 1) return Buffer.allocUnsafe(bytes);
    return super.takeBuffer(bytes);
  }

  private readonly end = (): void => {
    if (this.request.httpVersionMajor === 1) this.request.socket.off('close', this.end);
    this.close();
  };

  get bytesSent(): number {
    return this.request.httpVersionMajor === 1 ? bytesTaken(this.request.socket) : 0;
  }

  cut(): void {
    this.response.destroy();
  }

  get path(): string {
    const url = this.request.url ?? '/';
    return url.includes('?') ? url.slice(0, url.indexOf('?')) : url;
  }

  get search(): string {
    const url = this.request.url ?? '';
    return url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
  }

  get query(): URLSearchParams {
    return new URLSearchParams(this.search);
  }

  header(name: string): string | undefined {
    const { headers } = this.request;
    const value = headers[name] ?? (name === 'host' ? headers[':authority'] : undefined);
    return Array.isArray(value) ? value[0] : value;
  }

  readBody(bounds: BodyBounds): Promise<Buffer> {
    const reading = readBody(this.request, bounds);
    return this.request.httpVersionMajor === 1 ? reading : this.limited(reading);
  }

  /** HTTP/1.1 has a time limit of Node's; a stream of HTTP/2 has none. */
  private limited(reading: Promise<Buffer>): Promise<Buffer> {
    const limit = this.clock.schedule(bodyMs, () => this.response.destroy());
    return reading.finally(() => limit.dispose());
  }

  answer({ status, headers = [], body = '', isBinary = false }: Answer): void {
    const { response } = this;
    if (this.isAnswered || this.isClosed) return;
    this.isAnswered = true;
    const length = lengthOf(body, isBinary);
    const lengthHeader = ['Content-Length', String(length)];
    response.writeHead(status, [...this.headersWith(headers), ...lengthHeader]);
    // A text without characters of several bytes need not be looked at again; a long one must not be
    // put together with the headers.
    const encoding = length === body.length ? 'latin1' : 'utf8';
    if (typeof body !== 'string') response.end(body);
    else if (length > joinedBytesMax) response.end(Buffer.from(body, encoding));
    else response.end(body, encoding);
    if (!this.request.readableEnded) this.request.resume(); // what is left of the body
  }

  stream({ status, headers = [] }: Omit<Answer, 'body'>): AnswerStream | undefined {
    const { response } = this;
    if (this.isAnswered || this.isClosed) return undefined;
    response.writeHead(status, this.headersWith(headers));
    return {
      write: (bytes) => this.writePiece(bytes),
      end: () => {
        this.isAnswered = true;
        response.end();
      },
    };
  }

  private writePiece(bytes: Uint8Array): Promise<void> {
    return this.piece((taken) => void this.response.write(bytes, () => taken()));
  }

  private headersWith(headers: AnswerHeaders): string[] {
    const { requestId, hostId } = this.ids;
    const ids = ['x-amzn-RequestId', requestId, 'x-amz-id-2', hostId];
    return [...ids, ...headers, ...this.added];
  }

  drop(): void {
    this.isAnswered = true;
    const { stream } = this.response as unknown as Partial<Http2ServerResponse>;
    if (stream) stream.session?.destroy();
    else this.request.socket.destroy();
  }
}

const ignore = (): void => undefined;

function readBody(request: IncomingMessage, bounds: BodyBounds): Promise<Buffer> {
  const { bytesMax, lease, loan } = bounds;
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > droppedBytesMax) return Promise.reject(tooLarge(bytesMax));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let isOver = false;
    const goOn = (): void => {
      if (!isOver) request.resume();
    };
    const fail = (error: Error): void => {
      isOver = true;
      request.off('data', onData);
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > droppedBytesMax) fail(tooLarge(bytesMax));
      else if (Math.max(length, announced) > bytesMax) chunks.length = 0;
      else {
        chunks.push(chunk);
        if (!lease.take(chunk.length, goOn)) request.pause();
      }
    };
    request.on('data', onData);
    request.on('end', () => {
      if (isOver) return;
      isOver = true;
      if (length > bytesMax) reject(tooLarge(bytesMax));
      else resolve(joined(chunks, { length, loan }));
    });
    request.on('close', () => {
      if (!isOver) fail(new ClientGone());
    });
  });
}

function joined(
  chunks: readonly Buffer[],
  { length, loan }: { length: number; loan: BufferLoan },
): Buffer {
  if (chunks.length === 1) return chunks[0]!;
  const body = loan.take(length).subarray(0, length);
  let at = 0;
  for (const chunk of chunks) at += chunk.copy(body, at);
  return body;
}
