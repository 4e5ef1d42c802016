/** One request and its answer, whatever the connection speaks. Knows nothing of Kinesis. */
import type { BodyBounds } from './body.ts';

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
  /** A body that is a text has one character for each byte; else it is sent as UTF-8. */
  readonly isBinary?: boolean;
}

/** In bytes. */
export function lengthOf(body: string | Buffer, isBinary: boolean): number {
  return typeof body === 'string' && !isBinary ? Buffer.byteLength(body) : body.length;
}

/** What is asked for at an address, without the query and its question mark. */
export const pathOf = (url: string): string =>
  url.includes('?') ? url.slice(0, url.indexOf('?')) : url;

/** The query of an address as it came, without its question mark. */
export const searchOf = (url: string): string =>
  url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';

/** An answer whose length nobody knows, sent piece by piece. */
export interface AnswerStream {
  /** Resolves when the client takes more, also when it is gone. */
  write(bytes: Uint8Array): Promise<void>;
  /** The answer is whole. */
  end(): void;
}

export interface Exchange {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The query as it came, without its question mark; empty when there is none. */
  readonly search: string;
  readonly requestId: string;
  /** It came in TLS. */
  readonly isSecure: boolean;
  /** The answer is out, or the client went away. */
  readonly isClosed: boolean;
  /** Aborts when the client goes away before its answer is out. */
  readonly signal: AbortSignal;
  /** A header by its name in lower case; the first, if a client sends it more than once. */
  header(name: string): string | undefined;
  /**
   * The whole body; to be asked for once, in the turn in which the exchange began. Rejects with
   * BodyTooLarge, having kept no more than allowed, or ClientGone.
   */
  readBody(bounds: BodyBounds): Buffer | Promise<Buffer>;
  /** A buffer of `bytes` or more for the answer's body; it is used again once the system has the answer. */
  takeBuffer(bytes: number): Buffer;
  /** Calls `task` once the exchange is closed; at once when it is. At most one task is kept. */
  whenClosed(task: () => void): void;
  /** What the client's connection has taken; a connection that cannot tell says 0. */
  readonly bytesSent: number;
  /** Gives a client up that does not read. */
  cut(): void;
  /** More headers for its answer, whatever that will be. */
  addHeaders(headers: AnswerHeaders): void;
  /** Sends the whole answer. Does nothing when the client is gone or was answered already. */
  answer(answer: Answer): void;
  /** Sends the head of an answer that is written piece by piece; undefined as `answer` does nothing. */
  stream(answer: Omit<Answer, 'body'>): AnswerStream | undefined;
  /** Ends the client's whole connection without an answer, as a broken network does. */
  drop(): void;
}

/** Sends a JSON value. */
export function answerJson(exchange: Exchange, status: number, value: unknown): void {
  const headers = ['Content-Type', 'application/json'];
  exchange.answer({ status, headers, body: JSON.stringify(value) });
}
