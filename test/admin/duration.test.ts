// Durations as people write and read them.
import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../src/admin/duration.ts';
import { durationText } from '../../src/base/durations.ts';

describe('parseDuration()', () => {
  test.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['5min', 300_000],
    ['25h', 90_000_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
    ['1ms', 1],
    ['0s', undefined],
    ['0.1ms', undefined],
    ['5', undefined],
    ['h', undefined],
    ['-5m', undefined],
    ['5m and more', undefined],
    ['', undefined],
  ])('reads %j as %o', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });
});

describe('durationText()', () => {
  test.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1_000, '1 s'],
    [59_999, '59 s'],
    [90_000, '1 min 30 s'],
    [300_000, '5 min'],
    [5_400_000, '1 h 30 min'],
    [3_601_000, '1 h'],
    [90_000_000, '25 h'],
    [-90_000_000, '25 h'],
    [259_199_999, '71 h 59 min'],
    [259_200_000, '3 d'],
    [400 * 86_400_000 + 3_600_000, '400 d 1 h'],
    [2_000 * 86_400_000, '2,000 d'],
  ])('of %i is %s', (ms, expected) => {
    expect(durationText(ms)).toBe(expected);
  });
});
