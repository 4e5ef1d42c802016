/** The memory of a request's body while it comes in: what a client announces and does not send takes none. */
import type { BodyBounds } from './body.ts';

/** A body begins with a buffer of this size at most, and gets four times as much whenever it fills one. */
const firstBytesMax = 1024 ** 2;
/**
 * The same where it is not said how long it is, and while many bodies come in: together they must not take more
 * than they bring.
 */
const smallFirstBytesMax = 64 * 1024;
const growth = 4;

/** `length`: of the body, as announced, if it was. */
export function firstBuffer({ lease, loan }: BodyBounds, length: number | undefined): Buffer {
  const isSmall = length === undefined || lease.isCrowded;
  const most = isSmall ? smallFirstBytesMax : firstBytesMax;
  return loan.take(Math.min(length ?? most, most));
}

/** A larger one that begins with what is in `full`; it has `bytesMin` at least and needs no more than `bytesMax`. */
export function grownBuffer(
  full: Buffer,
  { bounds, bytesMin, bytesMax }: { bounds: BodyBounds; bytesMin: number; bytesMax: number },
): Buffer {
  const grown = bounds.loan.take(Math.min(Math.max(bytesMin, full.length * growth), bytesMax));
  full.copy(grown);
  return grown;
}

/** A whole body that is here: kept at once, or when the server's budget has room. */
export function keptBody(bytes: Buffer, { loan, lease }: BodyBounds): Buffer | Promise<Buffer> {
  const { length } = bytes;
  const body = loan.take(length).subarray(0, length);
  bytes.copy(body);
  let admitted: (() => void) | undefined;
  const isTaken = lease.take(length, () => admitted?.());
  if (isTaken) return body;
  return new Promise((resolve) => {
    admitted = () => resolve(body);
  });
}
