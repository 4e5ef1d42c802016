/** An exchange on Node's own request and response: HTTP/1.1 in TLS, and of other forms than the SDKs send. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { type BodyBounds, ClientGone, droppedBytesMax, tooLarge } from './body.ts';
import type { BufferLoan } from './bufferPool.ts';
import {
  type Answer,
  type AnswerHeaders,
  type AnswerStream,
  type Exchange,
  lengthOf,
  pathOf,
  searchOf,
} from './exchange.ts';
import { bytesTaken } from './http1/socketBytes.ts';
import { type ExchangeParts, OpenExchange } from './openExchange.ts';

/** Answers up to this length go out in one piece with their headers. */
const joinedBytesMax = 16 * 1024;

export class NodeExchange extends OpenExchange implements Exchange {
  private readonly request: IncomingMessage;
  private readonly response: ServerResponse;

  constructor(ends: { request: IncomingMessage; response: ServerResponse }, of: ExchangeParts) {
    super(of);
    this.request = ends.request;
    this.response = ends.response;
    // A client that goes away is no failure of ours; what waits for it looks at `signal`.
    this.request.on('error', ignore);
    this.response.on('error', ignore);
    this.response.on('close', this.end);
    // The response of a request that waits behind another's never says so (Node 20).
    this.request.socket.once('close', this.end);
  }

  get isSecure(): boolean {
    return (this.request.socket as Partial<TLSSocket>).encrypted === true;
  }

  get method(): string {
    return this.request.method ?? '';
  }

  private readonly end = (): void => {
    this.request.socket.off('close', this.end);
    this.close();
  };

  get bytesSent(): number {
    return bytesTaken(this.request.socket);
  }

  cut(): void {
    this.response.destroy();
  }

  get path(): string {
    return pathOf(this.request.url ?? '/');
  }

  get search(): string {
    return searchOf(this.request.url ?? '');
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  readBody(bounds: BodyBounds): Promise<Buffer> {
    return readBody(this.request, bounds);
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
    if (!this.request.readableEnded) this.request.resume(); // what is left of the body
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
    return [...ids, ...this.withAdded(headers)];
  }

  drop(): void {
    this.isAnswered = true;
    this.request.socket.destroy();
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
