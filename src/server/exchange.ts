/** One request and its answer, the same over HTTP/1.1 and HTTP/2. Knows nothing of Kinesis. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { BufferLoan, BufferPool } from './bufferPool.ts';

/** Answers up to this length go out in one piece with their headers. */
const joinedBytesMax = 16 * 1024;

/** Names and values in turn. */
export type AnswerHeaders = readonly string[];

/** What every answer carries: the two ids that AWS puts on it. */
export interface AnswerIds {
  readonly requestId: string;
  /** `x-amz-id-2` */
  readonly hostId: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: AnswerHeaders;
  readonly body?: string | Buffer;
}

export class Exchange {
  /** HTTP/2's are compatible in all that is used here. */
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  private readonly ids: AnswerIds;
  private readonly onClosed: () => void;
  private readonly buffers: BufferPool;
  private answerLoan: BufferLoan | undefined;
  private gone: AbortController | undefined;
  private isAnswered = false;
  /** The answer is out, or the client went away. */
  isClosed = false;

  /** `onClosed` is called once, when the answer is out or the client gone. */
  constructor(
    ends: { request: IncomingMessage; response: ServerResponse },
    of: { ids: AnswerIds; buffers: BufferPool; onClosed: () => void },
  ) {
    this.request = ends.request;
    this.response = ends.response;
    this.ids = of.ids;
    this.buffers = of.buffers;
    this.onClosed = of.onClosed;
    // A client that goes away is no failure of ours; what waits for it looks at `signal`.
    this.request.on('error', ignore);
    this.response.on('error', ignore);
    this.response.on('close', () => this.close());
  }

  get requestId(): string {
    return this.ids.requestId;
  }

  /**
   * A buffer of `bytes` or more for the answer. HTTP/1.1 says when the system has it, and then it is used
   * again; HTTP/2 may say so while it still waits to be sent.
   */
  takeBuffer(bytes: number): Buffer {
    if (this.request.httpVersionMajor !== 1 || this.isClosed) return Buffer.allocUnsafe(bytes);
    this.answerLoan ??= this.buffers.loan();
    return this.answerLoan.take(bytes);
  }

  private close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.answerLoan?.end();
    if (!this.isAnswered) this.gone?.abort();
    this.onClosed();
  }

  get headers(): IncomingHttpHeaders {
    return this.request.headers;
  }

  /** Without the query. */
  get path(): string {
    const url = this.request.url ?? '/';
    return url.includes('?') ? url.slice(0, url.indexOf('?')) : url;
  }

  get query(): URLSearchParams {
    const url = this.request.url ?? '';
    return new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '');
  }

  /** A header that is sent once at most; the first, if a client sends more. */
  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** Aborts when the client goes away before its answer is out. */
  get signal(): AbortSignal {
    this.gone ??= new AbortController();
    if (this.isClosed && !this.isAnswered) this.gone.abort();
    return this.gone.signal;
  }

  /** Sends the whole answer. Does nothing when the client is gone or was answered already. */
  answer({ status, headers = [], body = '' }: Answer): void {
    const { response } = this;
    if (this.isAnswered || this.isClosed) return;
    this.isAnswered = true;
    const length = Buffer.byteLength(body);
    response.writeHead(status, [
      'x-amzn-RequestId',
      this.ids.requestId,
      'x-amz-id-2',
      this.ids.hostId,
      ...headers,
      'Content-Length',
      String(length),
    ]);
    // A text without characters of several bytes need not be looked at again; a long one must not be
    // put together with the headers.
    const encoding = length === body.length ? 'latin1' : 'utf8';
    if (typeof body !== 'string') response.end(body);
    else if (length > joinedBytesMax) response.end(Buffer.from(body, encoding));
    else response.end(body, encoding);
    if (!this.request.readableEnded) this.request.resume(); // what is left of the body
  }

  /** Ends the client's whole connection without an answer, as a broken network does. */
  drop(): void {
    this.isAnswered = true;
    const { stream } = this.response as unknown as Partial<Http2ServerResponse>;
    if (stream) stream.session?.destroy();
    else this.request.socket.destroy();
  }

  /** Sends a JSON value. */
  answerJson(status: number, value: unknown): void {
    const headers = ['Content-Type', 'application/json'];
    this.answer({ status, headers, body: JSON.stringify(value) });
  }
}

const ignore = (): void => undefined;
