// A client of HTTP/2 that sends frames as a test has them, and keeps what comes back.
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import {
  block,
  eachFrame,
  type Frame,
  frame,
  opening,
  type RawHeaders,
} from '../../support/http2Frames.ts';
import { until } from './quiet.ts';
import { kinesisHeaders } from './rawHttp.ts';

const headersOf = (operation: string): RawHeaders => [
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', '/'],
  [':authority', 'localhost'],
  ...Object.entries(kinesisHeaders(operation)),
];

/** What a call of ListStreams has. */
export const callHeaders = headersOf('ListStreams');

/** A whole call. */
export const callOf = (stream: number, operation: string, body: string): Buffer =>
  Buffer.concat([
    frame({ type: 1, flags: 4, stream, payload: block(headersOf(operation)) }),
    frame({ type: 0, flags: 1, stream, payload: body }),
  ]);

/** A call of ListStreams with an empty object for its body. */
export const call = (stream: number, headers = callHeaders): Buffer =>
  Buffer.concat([
    frame({ type: 1, flags: 4, stream, payload: block(headers) }),
    frame({ type: 0, flags: 1, stream, payload: '{}' }),
  ]);

export class Http2Client {
  readonly socket: Socket;
  readonly frames: Required<Frame>[] = [];
  isClosed = false;
  private rest: Buffer = Buffer.alloc(0);

  constructor(port: number, first = opening()) {
    this.socket = connect(port, '127.0.0.1').setNoDelay(true);
    this.socket.on('data', (chunk: Buffer) => this.take(chunk));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.isClosed = true;
    });
    onTestFinished(() => void this.socket.destroy());
    this.send(first);
  }

  send(...parts: Buffer[]): void {
    this.socket.write(Buffer.concat(parts));
  }

  of(type: number, stream?: number): Required<Frame>[] {
    return this.frames.filter(
      (one) => one.type === type && (stream === undefined || one.stream === stream),
    );
  }

  /** Of a stream's DATA. */
  body(stream: number): Buffer {
    return Buffer.concat(this.of(0, stream).map(({ payload }) => payload as Buffer));
  }

  isEnded(stream: number): boolean {
    return this.frames.some((one) => one.stream === stream && one.type < 2 && one.flags & 1);
  }

  /** What the server ended a stream, or the connection, with. */
  codes(type: 3 | 7): number[] {
    return this.of(type).map(({ payload }) => (payload as Buffer).readUInt32BE(type === 3 ? 0 : 4));
  }

  /** Resolves once it is so; rejects when the connection has ended before. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.isClosed) throw new Error(`closed after ${JSON.stringify(this.frames)}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Also after an error: what is sent to one who has closed may come back as a reset. */
  async closed(): Promise<void> {
    await until(() => this.isClosed);
  }

  private take(chunk: Buffer): void {
    this.rest = eachFrame(Buffer.concat([this.rest, chunk]), (one) => {
      this.frames.push({ ...one, payload: Buffer.from(one.payload) });
    });
  }
}
