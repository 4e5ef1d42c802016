/** What reading a request's body promises, whatever the connection speaks. */
import type { BodyLease } from './bodyBudget.ts';
import type { BufferLoan } from './bufferPool.ts';
import type { Exchange } from './exchange.ts';

/** The body is larger than allowed. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}
/** The client went away while it sent. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
  constructor() {
    super('The client went away.');
  }
}

/** The bounds of one body. */
export interface BodyBounds {
  /** Most that is kept. */
  readonly bytesMax: number;
  /** The bytes stay in it until the caller releases it. */
  readonly lease: BodyLease;
  /** What they are read into. */
  readonly loan: BufferLoan;
}

/**
 * Reads the body of an exchange within the server's bounds and hands it to `use`; once that has settled
 * nobody may look at the body any more, nor at what was taken from the loan. Called in the turn in which
 * the exchange began. Rejects as readBody and `use`.
 */
export type WithBody = <T>(
  exchange: Exchange,
  use: (body: Buffer, loan: BufferLoan) => Promise<T>,
) => Promise<T>;

/** Of a body that is too large so much is read and dropped: many clients read no answer while they send. */
export const droppedBytesMax = 64 * 1024 ** 2;

/** How long a body may take to come in. */
export const bodyMs = 120_000;

export const tooLarge = (bytesMax: number): BodyTooLarge =>
  new BodyTooLarge(
    `The body is larger than ${bytesMax / 1024 ** 2} MiB, the most that Shardscope takes.`,
  );
