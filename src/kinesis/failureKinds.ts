/** Which failures pass by themselves: what retries is told by the kind, not by the name. */
import { KinesisError } from './errors.ts';

/** Ours, not AWS's: no answer, since the endpoint was not reached or the connection broke. */
export const networkError = 'NetworkError';

/** No answer, or one that says that the service itself is in trouble. */
export function isUnreachable(thrown: unknown): thrown is KinesisError {
  return thrown instanceof KinesisError && (thrown.name === networkError || thrown.status >= 500);
}

const throttles = /Throughput|Throttl|LimitExceeded|TooManyRequests|SlowDown/;

/** Asked too much: the same call may go through later. */
export function isThrottle(thrown: unknown): thrown is KinesisError {
  return thrown instanceof KinesisError && throttles.test(thrown.name);
}
