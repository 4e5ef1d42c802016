/** Reads a request's body, within bounds. Refuses what is too large before it is buffered. */
import type { IncomingMessage } from 'node:http';
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
}

/**
 * Reads the body of an exchange within the server's bounds and hands it to `use`; once that has settled
 * nobody may look at the body any more, nor at what was taken from the loan. Rejects as readBody and `use`.
 */
export type WithBody = <T>(
  exchange: Exchange,
  use: (body: Buffer, loan: BufferLoan) => Promise<T>,
) => Promise<T>;

/** Of a body that is too large so much is read and dropped: many clients read no answer while they send. */
const droppedBytesMax = 64 * 1024 ** 2;

/**
 * The whole body of at most `bytesMax` bytes. Rejects with BodyTooLarge, having kept no more than that,
 * or ClientGone. The bytes stay in `lease` until the caller releases it, and in `loan` until that ends.
 */
export function readBody(
  request: IncomingMessage,
  { bytesMax, lease, loan }: { bytesMax: number; lease: BodyLease; loan: BufferLoan },
): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  const tooLarge = (): BodyTooLarge =>
    new BodyTooLarge(
      `The body is larger than ${bytesMax / 1024 ** 2} MiB, the most that Shardscope takes.`,
    );
  if (announced > droppedBytesMax) return Promise.reject(tooLarge());
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
      if (length > droppedBytesMax) fail(tooLarge());
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
      if (length > bytesMax) reject(tooLarge());
      else resolve(joined(chunks, { length, loan }));
    });
    request.on('close', () => {
      if (!isOver) fail(new ClientGone('The client went away.'));
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
