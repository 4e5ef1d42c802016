/** A stretch of time as a query writes it: `14:05..14:06:30`, from the first moment on, up to before the second. */
import { momentMsBehind, momentMsOf, type Now, offsetMinutesOf } from './values.ts';

/** Epoch milliseconds; `toMs` is no longer in it. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * Two moments with `..` between. The second one goes by the zone of the first where it has none of its own, and a
 * time without a day is the first one behind the beginning. Undefined for other texts.
 */
export function spanMsOf(text: string, now: Now): TimeSpan | undefined {
  const [begin, end, ...more] = text.split('..');
  if (begin === undefined || end === undefined || more.length > 0) return undefined;
  const fromMs = momentMsOf(begin, now);
  if (fromMs === undefined) return undefined;
  const zone = /\d(Z|[+-]\d\d:?\d\d)$/i.exec(begin.slice('2026-11-28'.length))?.[1];
  const utcOffsetMinutes = zone === undefined ? undefined : offsetMinutesOf(zone);
  const then = { ...now, ...(utcOffsetMinutes !== undefined && { utcOffsetMinutes }) };
  const toMs = momentMsBehind(fromMs, end, then);
  return toMs === undefined ? undefined : { fromMs, toMs };
}

/**
 * The text of a span of whole milliseconds, by a clock so many minutes east of UTC. It names its day
 * and its zone: it means the same tomorrow, and to somebody elsewhere.
 */
export function spanText({ fromMs, toMs }: TimeSpan, utcOffsetMinutes: number): string {
  const begin = isoParts(fromMs, utcOffsetMinutes);
  const end = isoParts(toMs, utcOffsetMinutes);
  const isFirstBehind = toMs > fromMs && toMs - fromMs <= dayMs;
  const endDay = isFirstBehind ? '' : `${end.day}T`;
  return `${begin.day}T${begin.clock}${zoneText(utcOffsetMinutes)}..${endDay}${end.clock}`;
}

function isoParts(epochMs: number, utcOffsetMinutes: number): { day: string; clock: string } {
  const text = new Date(epochMs + utcOffsetMinutes * minuteMs).toISOString();
  return { day: text.slice(0, 10), clock: text.slice(11, -1).replace('.000', '') };
}

/** `Z`, `+02:00`, `-09:30` */
function zoneText(utcOffsetMinutes: number): string {
  if (utcOffsetMinutes === 0) return 'Z';
  const minutes = Math.abs(utcOffsetMinutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  const sign = utcOffsetMinutes < 0 ? '-' : '+';
  return `${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
