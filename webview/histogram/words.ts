/** The times of the histogram in words, as precise as its bars. */
import type { TimeSpan } from '../../src/query/timeSpan.ts';
import {
  formatAge,
  formatClock,
  formatDayTime,
  formatTime,
  isSameDay,
  type TimeZone,
} from '../format.ts';

export interface TimeLook {
  readonly zone: TimeZone;
  readonly nowMs: number;
}

/** `14:05:01`, `14:05:01.250` or, of another day, `23 Nov 14:05:01.250`. */
export function momentWords(epochMs: number, { zone, nowMs }: TimeLook): string {
  if (!isSameDay(epochMs, nowMs, zone)) return formatDayTime(epochMs, zone).replace('.000', '');
  return epochMs % 1000 === 0 ? formatClock(epochMs, zone) : formatTime(epochMs, zone);
}

/** `14:05:01.250 to 14:05:03` */
export function spanWords({ fromMs, toMs }: TimeSpan, look: TimeLook): string {
  return `${momentWords(fromMs, look)} to ${momentWords(toMs, look)}`;
}

const wholeSecondsMs = 120_000;

/** `100 ms`, `1.6 s`, `3 min 24 s`: how long a bar is. */
export function barWords(barMs: number): string {
  const isShort = barMs >= 1000 && barMs < wholeSecondsMs;
  return isShort ? `${Math.round(barMs / 100) / 10} s` : formatAge(barMs);
}
