/** Sizes, ages, moments and whole numbers, as a query writes them. */
import { millisecondsIn } from '../base/durations.ts';
import { type TimeZone, zoneOf } from './timeZones.ts';

/** What the words of a query that depend on time are relative to. */
export interface Now {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Of a clock that is never set, minutes east of UTC. */
  readonly utcOffsetMinutes?: number;
  /** Else the user's time zone, by its IANA name; absent, or not known here: that of this machine. */
  readonly timeZone?: string | undefined;
}

const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1000,
  mb: 1_000_000,
  kib: 1024,
  mib: 1_048_576,
};

/** `200`, `1KB` (1,000), `1KiB` (1,024), `1.5MB`, in any case: bytes; undefined for other texts. */
export function bytesOf(text: string): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,9})?)(b|kb|mb|kib|mib)?$/i.exec(text);
  return match ? Number(match[1]) * unitBytes[(match[2] ?? '').toLowerCase()]! : undefined;
}

/** `10s`, `5m`, `1h30m`, `1.5d`, `500ms`: milliseconds; undefined for other texts. */
export function durationMsOf(text: string): number | undefined {
  if (/\d{16}|\.\d{10}/.test(text)) return undefined; // no number of a person
  return millisecondsIn(text.toLowerCase());
}

/** A whole decimal number of up to `digitsMax` digits without leading zeros; undefined for other texts. */
export function decimalOf(text: string): string | undefined {
  return /^\d+$/.test(text) && text.length <= digitsMax ? text.replace(/^0+(?=\d)/, '') : undefined;
}

/** The longest sequence number that Kinesis takes has 129 digits. */
const digitsMax = 129;

/** Year, month from 0, day, hour, minute, second, millisecond. */
type Calendar = readonly [number, number, number, number, number, number, number];

/**
 * `2026-11-28`, `2026-11-28T14:05`, with seconds, milliseconds, `Z` or `+02:00`, also with a space for
 * the T; `14:05` and `14:05:30`. Without a zone by the user's clock. A time without a day is the last
 * moment at which the clock showed it. Epoch milliseconds; undefined for other texts.
 */
export function momentMsOf(text: string, now: Now): number | undefined {
  const clockTime = clockTimeOf(text);
  if (clockTime) return lastShownMs(clockTime, now);
  const match =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(Z|[+-]\d\d:?\d\d)?)?$/i.exec(
      text,
    );
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const time = [hour, minute, second, thousandths(fraction)].map((part) => Number(part ?? 0));
  const parts = [Number(year), Number(month) - 1, Number(day), ...time] as unknown as Calendar;
  if (!exists(parts)) return undefined;
  if (zone === undefined) return localMs(parts, now);
  const offset = offsetMinutesOf(zone);
  return offset === undefined ? undefined : Date.UTC(...parts) - offset * 60_000;
}

function thousandths(fraction: string | undefined): string | undefined {
  return fraction?.padEnd(3, '0');
}

/** No month 13, no 30th of February, no hour 25. */
function exists(parts: Calendar): boolean {
  const date = new Date(Date.UTC(...parts));
  const [year, month, day, hour, minute, second] = parts;
  return (
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second
  );
}

/** `Z`, `+02:00`, `-0930`: minutes east of UTC; undefined for others. */
export function offsetMinutesOf(zone: string): number | undefined {
  if (/^z$/i.test(zone)) return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 15 || minutes > 59) return undefined;
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

function localMs(parts: Calendar, now: Now): number {
  if (now.utcOffsetMinutes !== undefined) return Date.UTC(...parts) - now.utcOffsetMinutes * 60_000;
  return userZone(now)?.momentOf(Date.UTC(...parts)) ?? new Date(...parts).getTime();
}

const userZone = ({ timeZone }: Now): TimeZone | undefined =>
  timeZone === undefined ? undefined : zoneOf(timeZone);

/** Hour, minute, second, millisecond. */
type ClockTime = readonly [number, number, number, number];

/** A time without a day, also one that no clock shows; undefined for other texts. */
function clockTimeOf(text: string): ClockTime | undefined {
  const match = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?$/.exec(text);
  if (!match) return undefined;
  const [, hour, minute, second, fraction] = match;
  const parts = [hour, minute, second, thousandths(fraction)].map((part) => Number(part ?? 0));
  return parts as unknown as ClockTime;
}

/** Undefined where no clock shows that. */
function lastShownMs(time: ClockTime, now: Now): number | undefined {
  const todayMs = shownOn(0, time, now);
  return todayMs === undefined || todayMs <= now.nowMs ? todayMs : shownOn(-1, time, now);
}

/** As `momentMsOf`, where a time without a day is the first moment behind `fromMs` at which the clock shows it. */
export function momentMsBehind(fromMs: number, text: string, now: Now): number | undefined {
  const time = clockTimeOf(text);
  if (!time) return momentMsOf(text, now);
  const then = { ...now, nowMs: fromMs };
  const sameDayMs = shownOn(0, time, then);
  return sameDayMs === undefined || sameDayMs > fromMs ? sameDayMs : shownOn(1, time, then);
}

/** On the day of `now`, or so many days later. */
function shownOn(later: number, time: ClockTime, now: Now): number | undefined {
  const [hour, minute, second] = time;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const [year, month, day] = dayOf(now);
  return localMs([year, month, day + later, ...time], now);
}

function dayOf(now: Now): [year: number, month: number, day: number] {
  const { nowMs, utcOffsetMinutes } = now;
  const shownMs =
    utcOffsetMinutes === undefined
      ? userZone(now)?.shownAt(nowMs)
      : nowMs + utcOffsetMinutes * 60_000;
  if (shownMs === undefined) {
    const date = new Date(nowMs);
    return [date.getFullYear(), date.getMonth(), date.getDate()];
  }
  const date = new Date(shownMs);
  return [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
}
