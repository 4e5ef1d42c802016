// Sizes, ages, moments and decimal numbers as a query writes them.

import { describe, expect, test } from 'vitest';
import { compareDecimals } from '../../src/base/decimals.ts';
import { bytesOf, decimalOf, durationMsOf, momentMsOf } from '../../src/query/values.ts';

test.each([
  ['200', 200],
  ['1KB', 1000],
  ['1kib', 1024],
  ['1.5MB', 1_500_000],
  ['2MiB', 2_097_152],
  ['7B', 7],
  ['1GB', undefined],
  ['-1', undefined],
  ['1 KB', undefined],
  ['', undefined],
])('bytesOf(%j)', (text, expected) => {
  expect(bytesOf(text)).toBe(expected);
});

test.each([
  ['10s', 10_000],
  ['500ms', 500],
  ['1h30m', 5_400_000],
  ['1.5d', 129_600_000],
  ['2min', 120_000],
  ['5', undefined],
  ['5y', undefined],
  ['s', undefined],
])('durationMsOf(%j)', (text, expected) => {
  expect(durationMsOf(text)).toBe(expected);
});

test('decimalOf() and compareDecimals() go by value', () => {
  expect(decimalOf('000')).toBe('0');
  expect(decimalOf('0042')).toBe('42');
  expect(decimalOf('4x')).toBeUndefined();
  expect(decimalOf('-4')).toBeUndefined();
  const sorted = ['0', '9', '10', '99', '100', '4'.repeat(56), '5'.repeat(56)];
  expect(sorted.toReversed().sort(compareDecimals)).toEqual(sorted);
});

describe('momentMsOf()', () => {
  const nowMs = Date.UTC(2026, 2, 1, 12);

  test.each([
    ['2026-03-01T10:00:00Z', Date.UTC(2026, 2, 1, 10)],
    ['2026-03-01T10:00:00.5+02:00', Date.UTC(2026, 2, 1, 8, 0, 0, 500)],
    ['2026-03-01t10:00-0930', Date.UTC(2026, 2, 1, 19, 30)],
    ['2026-03-01', Date.UTC(2026, 1, 28, 23)],
    ['2026-03-01 10:00', Date.UTC(2026, 2, 1, 9)],
    ['13:00', nowMs],
    ['13:00:00.001', nowMs + 1 - 86_400_000],
    ['9:30', Date.UTC(2026, 2, 1, 8, 30)],
    ['24:00', undefined],
    ['12:60', undefined],
    ['2026-13-01', undefined],
    ['2026-02-29', undefined],
    ['2024-02-29', Date.UTC(2024, 1, 28, 23)],
    ['2026-03-01T10:00+16:00', undefined],
    ['0050-01-01', undefined],
    ['today', undefined],
  ])('%s, one hour east of UTC', (text, expected) => {
    expect(momentMsOf(text, { nowMs, utcOffsetMinutes: 60 })).toBe(expected);
  });

  test('goes by the time zone of the machine without an offset', () => {
    const noonMs = new Date(2026, 2, 1, 12).getTime();
    const local = { nowMs: noonMs };
    expect(momentMsOf('2026-03-01T10:00', local)).toBe(new Date(2026, 2, 1, 10).getTime());
    expect(momentMsOf('11:59', local)).toBe(noonMs - 60_000);
    expect(momentMsOf('12:01', local)).toBe(new Date(2026, 1, 28, 12, 1).getTime());
  });
});
