/** What an exchange keeps from its request to its end, whatever its connection speaks. */
import type { BufferLoan, BufferPool } from './bufferPool.ts';
import type { AnswerHeaders, AnswerIds } from './exchange.ts';

export interface ExchangeParts {
  readonly ids: AnswerIds;
  readonly buffers: BufferPool;
  /** Called once, when the answer is out or the client gone. */
  onClosed(): void;
}

export abstract class OpenExchange {
  isClosed = false;
  protected isAnswered = false;
  /** More headers for the answer. */
  private added: AnswerHeaders = [];
  protected readonly ids: AnswerIds;
  private readonly of: ExchangeParts;
  private answerLoan: BufferLoan | undefined;
  private gone: AbortController | undefined;
  private onClose: (() => void) | undefined;
  /** Who waits for a piece of the answer to be taken. */
  private onPiece: (() => void) | undefined;

  constructor(of: ExchangeParts) {
    this.ids = of.ids;
    this.of = of;
  }

  get requestId(): string {
    return this.ids.requestId;
  }

  get signal(): AbortSignal {
    this.gone ??= new AbortController();
    if (this.isClosed && !this.isAnswered) this.gone.abort();
    return this.gone.signal;
  }

  takeBuffer(bytes: number): Buffer {
    if (this.isClosed) return Buffer.allocUnsafe(bytes);
    this.answerLoan ??= this.of.buffers.loan();
    return this.answerLoan.take(bytes);
  }

  addHeaders(headers: AnswerHeaders): void {
    this.added = [...this.added, ...headers];
  }

  protected withAdded(headers: AnswerHeaders): AnswerHeaders {
    return this.added.length === 0 ? headers : [...headers, ...this.added];
  }

  whenClosed(task: () => void): void {
    if (this.isClosed) task();
    else this.onClose = task;
  }

  /** For its connection: the client is gone, or the system has the answer. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.answerLoan?.end();
    if (!this.isAnswered) this.gone?.abort();
    this.onClose?.();
    this.onPiece?.();
    this.of.onClosed();
  }

  /** Resolves when `send` says that a piece of the answer was taken, or with the exchange. */
  protected piece(send: (taken: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      if (this.isClosed) return resolve();
      this.onPiece = resolve;
      send(resolve);
    });
  }
}
