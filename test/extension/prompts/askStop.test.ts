// What can be answered to where a tail is to stop.
import { expect, test, vi } from 'vitest';

vi.mock('vscode', () => ({}));

const { stopOf } = await import('../../../src/extension/prompts/askStop.ts');
const at = { nowMs: Date.UTC(2026, 10, 28, 12), utcOffsetMinutes: 0 };

test.each([
  ['1000', { type: 'AFTER_RECORDS', count: 1000 }],
  [' 10,000 ', { type: 'AFTER_RECORDS', count: 10_000 }],
  ['10m', { type: 'AT_TIMESTAMP', timestampMs: at.nowMs + 600_000 }],
  ['14:05', { type: 'AT_TIMESTAMP', timestampMs: Date.UTC(2026, 10, 28, 14, 5) }],
  ['0', undefined],
  ['-3', undefined],
  ['soon', undefined],
  ['', undefined],
])('%j', (text, stop) => {
  expect(stopOf(text, at)).toEqual(stop);
});

test.each([
  ['03:30', '2027-03-27T12:00+01:00', '2027-03-28T03:30+02:00'],
  ['14:05', '2027-03-27T14:05+01:00', '2027-03-28T14:05+02:00'],
  ['14:05', '2026-10-24T20:00+02:00', '2026-10-25T14:05+01:00'],
])('the next %s after %s, when clocks are set in between, is %s', (text, now, then) => {
  const berlin = { nowMs: Date.parse(now), timeZone: 'Europe/Berlin' };
  const timestampMs = Date.parse(then);
  expect(stopOf(text, berlin)).toEqual({ type: 'AT_TIMESTAMP', timestampMs });
});
