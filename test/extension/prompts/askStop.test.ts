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
