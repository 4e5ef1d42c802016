/** An exchange on a connection whose HTTP/1.1 we read and write ourselves. */
import { STATUS_CODES } from 'node:http';
import type { BodyBounds } from '../body.ts';
import { type Answer, type AnswerStream, type Exchange, lengthOf } from '../exchange.ts';
import { type ExchangeParts, OpenExchange } from '../openExchange.ts';
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
  /** Sends a part of an answer; `taken` is called when the client takes more, unless the connection ends. */
  sendPart(part: string | readonly Uint8Array[], taken: () => void): void;
  /** An answer in parts is whole. */
  endParts(last: string, isLast: boolean): void;
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
  /** Undefined for an answer in parts. */
  readonly length: number | undefined;
  readonly isLast: boolean;
}

const lineEnd = Buffer.from('\r\n');
const lastChunk = '0\r\n\r\n';

export interface DirectParts extends ExchangeParts {
  readonly port: ExchangePort;
  /** What a `Date` header says now. */
  readonly date: string;
  /** How long an idle connection is kept, for the client to know. */
  readonly keepAliveSeconds: number;
}

export class DirectExchange extends OpenExchange implements Exchange {
  readonly method = 'POST';
  readonly path = '/';
  readonly search = '';
  /** What comes in TLS is Node's to read. */
  readonly isSecure = false;
  private readonly head: RequestHead;
  private readonly parts: DirectParts;

  constructor(head: RequestHead, parts: DirectParts) {
    super(parts);
    this.head = head;
    this.parts = parts;
  }

  header(name: string): string | undefined {
    return this.head.headers.get(name);
  }

  readBody(bounds: BodyBounds): Buffer | Promise<Buffer> {
    return this.parts.port.readBody(bounds);
  }

  answer({ status, headers = [], body = '', isBinary = false }: Answer): void {
    if (this.isAnswered || this.isClosed) return;
    this.isAnswered = true;
    const length = lengthOf(body, isBinary);
    const isLast = this.head.isLast || this.parts.port.isEnding;
    const head = this.headOf({ status, headers: this.withAdded(headers), length, isLast });
    this.parts.port.send({ head, body, length, isLast });
  }

  stream({ status, headers = [] }: Omit<Answer, 'body'>): AnswerStream | undefined {
    if (this.isAnswered || this.isClosed) return undefined;
    const { port } = this.parts;
    const isLast = this.head.isLast;
    const all = this.withAdded(headers);
    const head = this.headOf({ status, headers: all, length: undefined, isLast });
    port.sendPart(head, () => undefined);
    return {
      write: (bytes) => this.writePiece(bytes),
      end: () => {
        if (this.isClosed) return;
        this.isAnswered = true;
        port.endParts(lastChunk, isLast);
      },
    };
  }

  private writePiece(bytes: Uint8Array): Promise<void> {
    const size = Buffer.from(`${bytes.length.toString(16)}\r\n`, 'latin1');
    return this.piece((taken) => this.parts.port.sendPart([size, bytes, lineEnd], taken));
  }

  drop(): void {
    this.isAnswered = true;
    this.parts.port.destroy();
  }

  get bytesSent(): number {
    return this.parts.port.bytesSent;
  }

  cut(): void {
    this.parts.port.destroy();
  }

  private headOf(of: HeadFacts): string {
    const { ids } = this;
    const { date, keepAliveSeconds } = this.parts;
    const reason = STATUS_CODES[of.status] ?? '';
    let lines = `HTTP/1.1 ${of.status} ${reason}\r\nx-amzn-RequestId: ${ids.requestId}\r\nx-amz-id-2: ${ids.hostId}\r\n`;
    for (let at = 0; at < of.headers.length; at += 2) {
      lines += `${of.headers[at]}: ${of.headers[at + 1]}\r\n`;
    }
    const connection = of.isLast
      ? 'close'
      : `keep-alive\r\nKeep-Alive: timeout=${keepAliveSeconds}`;
    const length =
      of.length === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${of.length}`;
    return `${lines}${length}\r\nDate: ${date}\r\nConnection: ${connection}\r\n\r\n`;
  }
}
