// The journal of calls as lines.
import { expect, test } from 'vitest';
import type { JournalEntry } from '../../src/admin/controls.ts';
import { journalText } from '../../src/extension/commands/journalText.ts';

const atMs = Date.UTC(2026, 10, 25, 14, 2, 5, 123);
const shown = (ms: number): string => new Date(ms).toISOString().slice(0, -1);
const entry = (over: Partial<JournalEntry>): JournalEntry => ({
  number: 1,
  atMs,
  durationMs: 0.25,
  operation: 'ListStreams',
  ...over,
});

test('one call is one line, in columns', () => {
  const text = journalText(
    [
      entry({}),
      entry({
        durationMs: 1234.5678,
        operation: 'PutRecords',
        stream: 'orders',
        records: 500,
        failedRecords: 2,
        accessKeyId: 'AKIAONE',
        userAgent: 'aws-sdk-js/3.0',
      }),
      entry({ operation: 'GetRecords', stream: 'orders', error: 'ExpiredIteratorException' }),
    ],
    shown,
  );
  expect(text.split('\n')).toEqual([
    'The last 3 calls of the local engine, the newest last',
    '',
    'TIME                         MS  OPERATION    STREAM  RECORDS  RESULT                    ACCESS KEY  CLIENT',
    '2026-11-25 14:02:05.123     0.3  ListStreams  -             -  ok                        -           -',
    '2026-11-25 14:02:05.123  1234.6  PutRecords   orders      500  2 failed                  AKIAONE     aws-sdk-js/3.0',
    '2026-11-25 14:02:05.123     0.3  GetRecords   orders        -  ExpiredIteratorException  -           -',
  ]);
});

test('what clients say of themselves adds no lines', () => {
  const text = journalText([entry({ userAgent: 'a\r\nb\u0007c\u2028' })], shown);
  expect(text.split('\n')).toHaveLength(4);
  expect(text).toMatch(/a b c$/m);
});

test('says that there was none', () => {
  expect(journalText([], shown)).toMatch(/^No calls since the engine was started\./);
});
