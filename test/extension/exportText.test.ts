// The sentences about an export: how far it is, and how it ended.
import { expect, test } from 'vitest';
import { progressText, resultText } from '../../src/extension/commands/exportText.ts';

const at = Date.UTC(2026, 10, 28, 14, 5);
const words = (ms: number): string => `${new Date(ms).toISOString()} of the user`;

test('progress tells records, bytes, how far in time, and what it waits for', () => {
  const said = { job: 1, records: 1200, bytes: 4.1 * 1024 ** 2, looked: 1200, reachedMs: at };
  expect(progressText(said, words)).toBe(
    '1,200 records, 4.1 MiB, up to 2026-11-28T14:05:00.000Z of the user.',
  );
  expect(progressText({ ...said, looked: 5000, reachedMs: undefined }, words)).toBe(
    '1,200 of 5,000 records, 4.1 MiB.',
  );
  expect(progressText({ ...said, total: 9000, waiting: 'AWS does not answer.' }, words)).toBe(
    '1,200 of 9,000 records, 4.1 MiB, up to 2026-11-28T14:05:00.000Z of the user. AWS does not answer.',
  );
});

test('the end tells what is in the file, what is missing, and what became of the rest', () => {
  const named = { stream: 'orders', file: 'orders.csv' };
  const done = { end: 'done', records: 1, bytes: 512, dropped: 0, warnings: [] } as const;
  expect(resultText(done, named)).toBe('1 record of orders exported into orders.csv, 512 B.');
  expect(resultText({ ...done, dropped: 2, warnings: ['A gap: …'] }, named)).toBe(
    '1 record of orders exported into orders.csv, 512 B. 2 rows had left the tail before they could be written. A gap: …',
  );
  expect(resultText({ ...done, end: 'cancelled' }, named)).toBe(
    'The export of orders was cancelled. Nothing of it was kept.',
  );
  const failed = { ...done, end: 'failed', failure: 'The stream was deleted.' } as const;
  expect(resultText(failed, named)).toBe(
    'The export of orders failed. The stream was deleted. Until then 1 record had been written.',
  );
});
