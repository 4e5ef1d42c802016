/** An exchange on a stream of HTTP/2 that we read and write ourselves. */
import type { BodyBounds } from '../body.ts';
import {
  type Answer,
  type AnswerHeaders,
  type AnswerStream,
  type Exchange,
  lengthOf,
  pathOf,
  searchOf,
} from '../exchange.ts';
import { type ExchangeParts, OpenExchange } from '../openExchange.ts';
import { answerBlock } from './answerBlock.ts';

/** What an exchange asks of its stream. */
export interface StreamPort {
  /** The connection is within TLS. */
  readonly isSecure: boolean;
  /** Of the answer, with the system. */
  readonly bytesSent: number;
  readBody(bounds: BodyBounds): Buffer | Promise<Buffer>;
  /** Sends the whole answer. A text has one character for each byte. */
  send(block: string, body: string | Buffer): void;
  /** Sends the head of an answer in parts, a part, and its end. */
  sendHead(block: string): void;
  sendPart(bytes: Buffer, taken: () => void): void;
  endParts(): void;
  /** Ends the stream, or, where its bytes wait in the socket, the connection. */
  cut(): void;
  /** Ends the connection. */
  destroy(): void;
}

export interface Http2ExchangeParts extends ExchangeParts {
  readonly port: StreamPort;
  /** What a `Date` header says now. */
  readonly date: string;
}

/** Answers up to this length go out in one piece with their headers. */
const joinedBytesMax = 16 * 1024;

export class Http2Exchange extends OpenExchange implements Exchange {
  private readonly headers: ReadonlyMap<string, string>;
  private readonly parts: Http2ExchangeParts;

  /** `headers`: of a request, with a method and a path among them. */
  constructor(headers: ReadonlyMap<string, string>, parts: Http2ExchangeParts) {
    super(parts);
    this.headers = headers;
    this.parts = parts;
  }

  get isSecure(): boolean {
    return this.parts.port.isSecure;
  }

  get method(): string {
    return this.headers.get(':method')!;
  }

  get path(): string {
    return pathOf(this.headers.get(':path')!);
  }

  get search(): string {
    return searchOf(this.headers.get(':path')!);
  }

  header(name: string): string | undefined {
    const value = this.headers.get(name);
    return value === undefined && name === 'host' ? this.headers.get(':authority') : value;
  }

  readBody(bounds: BodyBounds): Buffer | Promise<Buffer> {
    return this.parts.port.readBody(bounds);
  }

  answer({ status, headers = [], body = '', isBinary = false }: Answer): void {
    if (this.isAnswered || this.isClosed) return;
    this.isAnswered = true;
    const length = lengthOf(body, isBinary);
    const block = this.blockOf({ status, headers, length });
    this.parts.port.send(block, this.method === 'HEAD' ? '' : bytesOf(body, length));
  }

  stream({ status, headers = [] }: Omit<Answer, 'body'>): AnswerStream | undefined {
    if (this.isAnswered || this.isClosed) return undefined;
    const { port } = this.parts;
    port.sendHead(this.blockOf({ status, headers, length: undefined }));
    return {
      write: (bytes) => this.piece((taken) => port.sendPart(bufferOf(bytes), taken)),
      end: () => {
        if (this.isClosed) return;
        this.isAnswered = true;
        port.endParts();
      },
    };
  }

  drop(): void {
    this.isAnswered = true;
    this.parts.port.destroy();
  }

  get bytesSent(): number {
    return this.parts.port.bytesSent;
  }

  cut(): void {
    this.parts.port.cut();
  }

  private blockOf(of: {
    status: number;
    headers: AnswerHeaders;
    length: number | undefined;
  }): string {
    const { ids } = this;
    const headers = this.withAdded(of.headers);
    return answerBlock({ ...of, headers, ids, date: this.parts.date });
  }
}

const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A short body as a text, a long one as it is, and either as bytes. */
function bytesOf(body: string | Buffer, length: number): string | Buffer {
  if (typeof body !== 'string') return length <= joinedBytesMax ? body.latin1Slice() : body;
  const isShort = length <= joinedBytesMax;
  if (length === body.length) return isShort ? body : Buffer.from(body, 'latin1');
  return isShort ? Buffer.from(body).latin1Slice() : Buffer.from(body);
}
