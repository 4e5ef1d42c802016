/** An exchange on a connection whose HTTP/1.1 we read and write ourselves. */
import { STATUS_CODES } from 'node:http';
import type { BodyBounds } from '../body.ts';
import type { BufferLoan, BufferPool } from '../bufferPool.ts';
import type { Answer, AnswerHeaders, AnswerIds, Exchange } from '../exchange.ts';
import type { RequestHead } from './requestHead.ts';

/** What an exchange asks of its connection. */
export interface ExchangePort {
  /** It takes no further request. */
  readonly isEnding: boolean;
  /** Since the connection began. */
  readonly bytesSent: number;
  /** Bytes of the request at hand, in this turn. */
  readBody(bounds: BodyBounds): Buffer | Promise<Buffer>;
  /** Sends the answer and goes on with the next request. */
  send(answer: ReadyAnswer): void;
  destroy(): void;
}

export interface ReadyAnswer {
  readonly head: string;
  readonly body: string | Buffer;
  /** Of the body, in bytes. */
  readonly length: number;
  /** The connection ends with it. */
  readonly isLast: boolean;
}

interface HeadFacts {
  readonly status: number;
  readonly headers: readonly string[];
  readonly length: number;
  readonly isLast: boolean;
}

export interface DirectParts {
  readonly port: ExchangePort;
  readonly ids: AnswerIds;
  readonly buffers: BufferPool;
  /** What a `Date` header says now. */
  readonly date: string;
  /** How long an idle connection is kept, for the client to know. */
  readonly keepAliveSeconds: number;
  onClosed(): void;
}

export class DirectExchange implements Exchange {
  readonly method = 'POST';
  readonly path = '/';
  readonly search = '';
  private readonly head: RequestHead;
  private readonly parts: DirectParts;
  private answerLoan: BufferLoan | undefined;
  private gone: AbortController | undefined;
  private isAnswered = false;
  private added: AnswerHeaders = [];
  private onClose: (() => void) | undefined;
  isClosed = false;

  constructor(head: RequestHead, parts: DirectParts) {
    this.head = head;
    this.parts = parts;
  }

  get requestId(): string {
    return this.parts.ids.requestId;
  }

  get signal(): AbortSignal {
    this.gone ??= new AbortController();
    if (this.isClosed && !this.isAnswered) this.gone.abort();
    return this.gone.signal;
  }

  header(name: string): string | undefined {
    return this.head.headers.get(name);
  }

  readBody(bounds: BodyBounds): Buffer | Promise<Buffer> {
    return this.parts.port.readBody(bounds);
  }

  takeBuffer(bytes: number): Buffer {
    if (this.isClosed) return Buffer.allocUnsafe(bytes);
    this.answerLoan ??= this.parts.buffers.loan();
    return this.answerLoan.take(bytes);
  }

  answer({ status, headers = [], body = '' }: Answer): void {
    if (this.isAnswered || this.isClosed) return;
    this.isAnswered = true;
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    const isLast = this.head.isLast || this.parts.port.isEnding;
    const all = this.added.length === 0 ? headers : [...headers, ...this.added];
    const head = this.headOf({ status, headers: all, length, isLast });
    this.parts.port.send({ head, body, length, isLast });
  }

  addHeaders(headers: AnswerHeaders): void {
    this.added = [...this.added, ...headers];
  }

  drop(): void {
    this.isAnswered = true;
    this.parts.port.destroy();
  }

  /** For its connection: the client is gone, or the system has the answer. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.answerLoan?.end();
    if (!this.isAnswered) this.gone?.abort();
    this.onClose?.();
    this.parts.onClosed();
  }

  whenClosed(task: () => void): void {
    if (this.isClosed) task();
    else this.onClose = task;
  }

  get bytesSent(): number {
    return this.parts.port.bytesSent;
  }

  cut(): void {
    this.parts.port.destroy();
  }

  private headOf(of: HeadFacts): string {
    const { ids, date, keepAliveSeconds } = this.parts;
    const reason = STATUS_CODES[of.status] ?? '';
    let lines = `HTTP/1.1 ${of.status} ${reason}\r\nx-amzn-RequestId: ${ids.requestId}\r\nx-amz-id-2: ${ids.hostId}\r\n`;
    for (let at = 0; at < of.headers.length; at += 2) {
      lines += `${of.headers[at]}: ${of.headers[at + 1]}\r\n`;
    }
    const connection = of.isLast
      ? 'close'
      : `keep-alive\r\nKeep-Alive: timeout=${keepAliveSeconds}`;
    return `${lines}Content-Length: ${of.length}\r\nDate: ${date}\r\nConnection: ${connection}\r\n\r\n`;
  }
}
