// One keep-alive socket that sends ready-made requests and reads whole HTTP/1.1 answers. It knows just
// enough of HTTP for that: the client must cost less than any server that it measures.
import type { Socket } from 'node:net';
import { connectedSocket } from './connectedSocket.ts';

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(reason: Error): void;
}

const headEnd = Buffer.from('\r\n\r\n');
const lineEnd = Buffer.from('\r\n');

/** One request at a time: `request` is called again after its promise has settled. */
export class Connection {
  private readonly socket: Socket;
  private chunks: Buffer[] = [];
  private byteCount = 0;
  /** Of the answer being read, head included; 0: not known yet. */
  private bytesWanted = 0;
  private waiting: Waiting | undefined;
  private failure: Error | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the server closed the connection')));
  }

  /** Rejects when nobody listens. */
  static async open(port: number): Promise<Connection> {
    return new Connection(await connectedSocket(port));
  }

  request(bytes: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      this.waiting = { resolve, reject };
      this.socket.write(bytes);
    });
  }

  close(): void {
    this.waiting = undefined;
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.byteCount += chunk.length;
    if (this.byteCount < this.bytesWanted) return;
    const bytes = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks);
    this.chunks = [bytes];
    try {
      const answer = answerIn(bytes);
      if (typeof answer === 'number') this.bytesWanted = answer;
      else this.settle(answer);
    } catch (thrown) {
      this.fail(thrown as Error);
    }
  }

  private settle(answer: Answer): void {
    const { waiting } = this;
    this.waiting = undefined;
    this.chunks = [];
    this.byteCount = 0;
    this.bytesWanted = 0;
    waiting?.resolve(answer);
  }

  private fail(reason: Error): void {
    this.failure ??= reason;
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.reject(reason);
  }
}

/** The answer in `bytes`, or how many bytes to wait for before looking again. */
export function answerIn(bytes: Buffer): Answer | number {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return bytes.length + 1;
  const head = bytes.toString('latin1', 0, end).toLowerCase();
  const status = Number(head.slice(9, 12));
  const start = end + headEnd.length;
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length !== undefined) {
    const whole = start + Number(length);
    return bytes.length < whole ? whole : { status, body: bytes.subarray(start, whole) };
  }
  if (!head.includes('\r\ntransfer-encoding: chunked')) {
    throw new Error(`an answer without a length: ${head}`);
  }
  const body = chunkedBody(bytes, start);
  return body ? { status, body } : bytes.length + 1;
}

/** A chunked body from `start` on; undefined until its last chunk is there. */
function chunkedBody(bytes: Buffer, start: number): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let at = start; ; ) {
    const end = bytes.indexOf(lineEnd, at);
    if (end < 0) return undefined;
    const length = Number.parseInt(bytes.toString('latin1', at, end), 16);
    const next = end + 2 + length + 2;
    if (bytes.length < next) return undefined;
    if (length === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(end + 2, end + 2 + length));
    at = next;
  }
}
