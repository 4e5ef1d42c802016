/** Times as prompts read and word them, in the time zone of the tails. */
import type { Now } from '../../query/values.ts';
import { readTimeZone } from '../settings.ts';

/** What times of day and ages count from. */
export function nowInZone(): Now {
  const nowMs = Date.now();
  return readTimeZone() === 'utc' ? { nowMs, utcOffsetMinutes: 0 } : { nowMs };
}

/** With its day and its zone. */
export function wordsOf(timestampMs: number): string {
  const zone = readTimeZone() === 'utc' ? { timeZone: 'UTC' } : {};
  return new Date(timestampMs).toLocaleString(undefined, { ...zone, timeZoneName: 'short' });
}

/** A query whose times without a zone are those of the clock that the tails show: the user's own may not be ours. */
export function inZone(
  text: string,
  userOffsetMinutes?: number,
): { text: string; utcOffsetMinutes?: number | undefined } {
  return { text, utcOffsetMinutes: readTimeZone() === 'utc' ? 0 : userOffsetMinutes };
}
