import { expect, test } from 'vitest';
import * as format from '../../webview/format.ts';

const moment = Date.UTC(2026, 10, 23, 7, 24, 31, 418);

test('times are said with milliseconds, in the zone that was chosen', () => {
  expect(format.formatTime(moment, 'utc')).toBe('07:24:31.418');
  expect(format.formatDayTime(moment, 'utc')).toBe('23 Nov 07:24:31.418');
  expect(format.formatBothZones(moment, 'utc')).toMatch(
    /^23 Nov 2026, 07:24:31\.418 \(local \d\d:\d\d:31\)$/,
  );
});

test('isSameDay() tells apart days, months and moments near midnight', () => {
  const hour = 3_600_000;
  expect(format.isSameDay(moment, moment + hour, 'utc')).toBe(true);
  expect(format.isSameDay(moment, moment - 8 * hour, 'utc')).toBe(false);
  expect(format.isSameDay(moment, moment + 30 * 24 * hour, 'utc')).toBe(false);
});

test.each([
  [0, '0 B'],
  [312, '312 B'],
  [1024, '1 KiB'],
  [4300, '4.2 KiB'],
  [64 * 1024 * 1024, '64 MiB'],
  [3 * 1024 ** 3, '3 GiB'],
])('formatBytes(%i) is %s', (bytes, text) => {
  expect(format.formatBytes(bytes)).toBe(text);
});

test('formatBytesOf() says both in the unit of the bound', () => {
  expect(format.formatBytesOf(4.1 * 1024 ** 2, 64 * 1024 ** 2)).toBe('4.1 of 64 MiB');
  expect(format.formatBytesOf(300, 64 * 1024 ** 2)).toBe('<0.1 of 64 MiB');
});

test.each([
  [-5, '0 ms'],
  [850, '850 ms'],
  [12_400, '12 s'],
  [250_000, '4 min 10 s'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [100 * 3_600_000, '4 d 4 h'],
])('formatAge(%i) is %s', (milliseconds, text) => {
  expect(format.formatAge(milliseconds)).toBe(text);
});

test('counts, rates and shares', () => {
  expect(format.plural(1, 'shard')).toBe('1 shard');
  expect(format.plural(12_431, 'record')).toBe('12,431 records');
  expect(format.formatPerSecond(0.43)).toBe('0.4');
  expect(format.formatPerSecond(211.6)).toBe('212');
  expect(format.formatShare(0.704)).toBe('70 %');
  expect(format.formatShare(0.001)).toBe('<1 %');
  expect(format.formatPart(0.124999)).toBe('12.5 %');
});
