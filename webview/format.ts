/** Times, counts, bytes, rates and ages as people read them: always with a unit, never wider than needed. */
import { KIB, MIB } from '../src/kinesis/limits.ts';

/** Whose clock times are shown on. */
export type TimeZone = 'local' | 'utc';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

interface TimeParts {
  readonly year: number;
  readonly month: string;
  readonly day: number;
  /** `07:24:31` */
  readonly clock: string;
  /** `.418` */
  readonly fraction: string;
}

const two = (value: number): string => String(value).padStart(2, '0');

function timeParts(epochMs: number, zone: TimeZone): TimeParts {
  const date = new Date(epochMs);
  const isUtc = zone === 'utc';
  const hours = isUtc ? date.getUTCHours() : date.getHours();
  const minutes = isUtc ? date.getUTCMinutes() : date.getMinutes();
  return {
    year: isUtc ? date.getUTCFullYear() : date.getFullYear(),
    month: months[isUtc ? date.getUTCMonth() : date.getMonth()] ?? '',
    day: isUtc ? date.getUTCDate() : date.getDate(),
    clock: `${two(hours)}:${two(minutes)}:${two(date.getUTCSeconds())}`,
    fraction: `.${String(date.getUTCMilliseconds()).padStart(3, '0')}`,
  };
}

/** `07:24:31.418` */
export function formatTime(epochMs: number, zone: TimeZone): string {
  const { clock, fraction } = timeParts(epochMs, zone);
  return clock + fraction;
}

/** `07:24:31`, for a moment that a person chose. */
export function formatClock(epochMs: number, zone: TimeZone): string {
  return timeParts(epochMs, zone).clock;
}

/** `23 Nov 07:24:31.418`, for a record of another day. */
export function formatDayTime(epochMs: number, zone: TimeZone): string {
  const { month, day, clock, fraction } = timeParts(epochMs, zone);
  return `${two(day)} ${month} ${clock}${fraction}`;
}

/** `23 Nov 2026, 07:24:31.418 (UTC 06:24:31)`: both zones, the chosen one in full. */
export function formatBothZones(epochMs: number, zone: TimeZone): string {
  const { year, month, day, clock, fraction } = timeParts(epochMs, zone);
  const other = zone === 'utc' ? 'local' : 'utc';
  const otherName = other === 'utc' ? 'UTC' : 'local';
  const full = `${day} ${month} ${year}, ${clock}${fraction}`;
  return `${full} (${otherName} ${timeParts(epochMs, other).clock})`;
}

/** True when both moments fall on one day of `zone`. */
export function isSameDay(epochMs: number, otherMs: number, zone: TimeZone): boolean {
  if (Math.abs(epochMs - otherMs) >= day) return false;
  return timeParts(epochMs, zone).day === timeParts(otherMs, zone).day;
}

/** `12,431` */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** `1 shard`, `4 shards`, `12,431 records`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function scaled(bytes: number): { divisor: number; unit: string } {
  if (bytes < KIB) return { divisor: 1, unit: 'B' };
  if (bytes < MIB) return { divisor: KIB, unit: 'KiB' };
  return bytes < KIB * MIB ? { divisor: MIB, unit: 'MiB' } : { divisor: KIB * MIB, unit: 'GiB' };
}

/** One digit after the point below ten, none when it is a whole number. */
function short(value: number): string {
  const tenths = Math.round(value * 10) / 10;
  return tenths < 10 && !Number.isInteger(tenths) ? tenths.toFixed(1) : formatCount(value);
}

/** `312 B`, `4.1 KiB`, `64 MiB`. */
export function formatBytes(bytes: number): string {
  const { divisor, unit } = scaled(bytes);
  return `${short(bytes / divisor)} ${unit}`;
}

/** `4.1 of 64 MiB`: a part in the unit of its bound; a part above nothing never reads as 0. */
export function formatBytesOf(bytes: number, boundBytes: number): string {
  const { divisor, unit } = scaled(boundBytes);
  const part = bytes / divisor;
  const partWords = part > 0 && part < 0.1 ? '<0.1' : short(part);
  return `${partWords} of ${short(boundBytes / divisor)} ${unit}`;
}

/** `212`, `0.5`: a number per second without its unit. */
export function formatPerSecond(rate: number): string {
  return short(rate);
}

/** `0 ms`, `850 ms`, `12 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`: at most two units. */
export function formatAge(milliseconds: number): string {
  const age = Math.max(0, Math.round(milliseconds));
  if (age < second) return `${age} ms`;
  if (age < minute) return `${Math.floor(age / second)} s`;
  if (age < hour) return pair(age, { unit: minute, name: 'min', rest: second, restName: 's' });
  if (age < day) return pair(age, { unit: hour, name: 'h', rest: minute, restName: 'min' });
  return pair(age, { unit: day, name: 'd', rest: hour, restName: 'h' });
}

/** ` 12 s ago` behind a word; nothing in the first second, in which it would only flicker. */
export function agoWords(milliseconds: number): string {
  return milliseconds < second ? '' : ` ${formatAge(milliseconds)} ago`;
}

interface Units {
  readonly unit: number;
  readonly name: string;
  readonly rest: number;
  readonly restName: string;
}

function pair(age: number, { unit, name, rest, restName }: Units): string {
  const remainder = Math.floor((age % unit) / rest);
  const whole = `${Math.floor(age / unit)} ${name}`;
  return remainder === 0 ? whole : `${whole} ${remainder} ${restName}`;
}

/** `12.5 %` of the hash space. */
export function formatPart(part: number): string {
  return `${Number((part * 100).toFixed(1))} %`;
}

/** `70 %` of a part of one; a share above nothing never reads as 0 %. */
export function formatShare(share: number): string {
  const percent = Math.round(share * 100);
  return share > 0 && percent === 0 ? '<1 %' : `${percent} %`;
}
