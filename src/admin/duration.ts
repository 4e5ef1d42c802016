/** Durations that an order names. */
import { millisecondsIn } from '../base/durations.ts';

/** `90s`, `5m`, `25h`, `7d`, `500ms`, `1h30m`: whole milliseconds, 1 or more; undefined for other texts. */
export function parseDuration(text: string): number | undefined {
  const ms = Math.round(millisecondsIn(text) ?? 0);
  return ms > 0 ? ms : undefined;
}
