// A span of time in a query text: what it means, how it is written, and how it comes in and goes out again.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { narrowToTime, timeSpanOf, widenTime } from '../../src/query/narrowTime.ts';
import { parseQuery } from '../../src/query/query.ts';
import { spanMsOf, spanText, type TimeSpan } from '../../src/query/timeSpan.ts';
import { WrittenRecord } from './support/record.ts';

const nowMs = Date.UTC(2026, 10, 28, 14, 30);
const now = { nowMs, utcOffsetMinutes: 60 };
const at = (hour: number, minute = 0, second = 0, ms = 0): number =>
  Date.UTC(2026, 10, 28, hour, minute, second, ms);
const span: TimeSpan = { fromMs: at(13, 5, 1, 250), toMs: at(13, 5, 3) };

test.each<[string, number, number]>([
  ['14:05..14:06', at(13, 5), at(13, 6)],
  ['14:05:01.250..14:05:03', at(13, 5, 1, 250), at(13, 5, 3)],
  // The end is the first moment behind the beginning at which the clock shows it.
  ['23:59..00:01', at(22, 59) - 86_400_000, at(23, 1) - 86_400_000],
  ['14:05..14:05', at(13, 5), at(13, 5) + 86_400_000],
  ['2026-11-28T14:05:01.250Z..14:05:03', at(14, 5, 1, 250), at(14, 5, 3)],
  ['2026-11-28T14:05-09:30..2026-11-29', at(23, 35), at(9, 30) + 86_400_000],
  ['2026-11-28..2026-11-28T01:00Z', at(0) - 3_600_000, at(1)],
])('spanMsOf(%j)', (text, fromMs, toMs) => {
  expect(spanMsOf(text, now)).toEqual({ fromMs, toMs });
});

test.each(['14:05', '14:05..', '..14:05', '14:05..25:00', '14:05..14:06..14:07', 'a..b', ''])(
  'spanMsOf(%j) is none',
  (text) => {
    expect(spanMsOf(text, now)).toBeUndefined();
    expect(parseQuery(`arrived:"${text}"`).problems).toHaveLength(1);
  },
);

const moment = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2090, 0) });
const length = fc.oneof(
  fc.integer({ min: 1, max: 90_000_000 }),
  fc.constantFrom(86_400_000, 1e10, 0, -1, -240_000, -1e10),
);
const offset = fc.integer({ min: -57, max: 56 }).map((quarters) => quarters * 15);

test('a span reads back as it was written, whatever the clock of its reader', () => {
  fc.assert(
    fc.property(moment, length, offset, offset, (fromMs, lengthMs, written, read) => {
      const wanted = { fromMs, toMs: fromMs + lengthMs };
      const text = `arrived:${spanText(wanted, written)}`;
      expect(parseQuery(text).problems).toEqual([]);
      expect(timeSpanOf(text, { nowMs, utcOffsetMinutes: read })).toEqual(wanted);
      expect(timeSpanOf(text, { nowMs })).toEqual(wanted);
    }),
    { numRuns: 1000 },
  );
});

test.each<[string, number, string]>([
  ['', 60, 'arrived:2026-11-28T14:05:01.250+01:00..14:05:03'],
  ['', 0, 'arrived:2026-11-28T13:05:01.250Z..13:05:03'],
  ['late  $.a > 1', -570, 'late  $.a > 1 arrived:2026-11-28T03:35:01.250-09:30..03:35:03'],
  ['a arrived:14:05..14:06 b', 0, 'a arrived:2026-11-28T13:05:01.250Z..13:05:03 b'],
  ['arrived>14:05', 0, 'arrived>14:05 arrived:2026-11-28T13:05:01.250Z..13:05:03'],
  ['a or b', 0, '(a or b) arrived:2026-11-28T13:05:01.250Z..13:05:03'],
  // Under `not` or in a choice it is no span that every record is in.
  [
    'not arrived:1:00..2:00',
    0,
    'not arrived:1:00..2:00 arrived:2026-11-28T13:05:01.250Z..13:05:03',
  ],
  ['a size>', 0, 'a arrived:2026-11-28T13:05:01.250Z..13:05:03'],
  ['"to the end', 0, '"to the end" arrived:2026-11-28T13:05:01.250Z..13:05:03'],
])('narrowToTime(%j)', (text, utcOffsetMinutes, expected) => {
  const result = narrowToTime(text, { span, utcOffsetMinutes });
  expect(result).toBe(expected);
  expect(timeSpanOf(result, now)).toEqual(span);
  expect(narrowToTime(result, { span, utcOffsetMinutes })).toBe(result);
});

test.each([
  ['arrived:14:05..14:06', ''],
  ['a  b arrived:14:05..14:06', 'a  b'],
  ['arrived:14:05..14:06 a  b', 'a  b'],
  ['a arrived:14:05..14:06 b', 'a b'],
  ['a and arrived:14:05..14:06', 'a'],
  ['(a or b) arrived:14:05..14:06', '(a or b)'],
  ['a arrived:14:05..14:06 size>', 'a size>'],
  ['not arrived:14:05..14:06', 'not arrived:14:05..14:06'],
  ['arrived>14:05 b', 'arrived>14:05 b'],
])('widenTime(%j)', (text, expected) => {
  expect(widenTime(text)).toBe(expected);
});

const piece = fc.constantFrom('a', 'or ', '-', '(', ')', '"', ' ', 'not ', 'key:a', 'and ', '$.a');
const anyText = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));

describe('a span', () => {
  test('chooses of what was chosen before what arrived in it, and goes without a trace', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const chosen = parseQuery(text).matcher(now);
        const narrowed = narrowToTime(text, { span, utcOffsetMinutes: 60 });
        const after = parseQuery(narrowed);
        expect(after.problems).toEqual([]);
        const wide = parseQuery(widenTime(narrowed)).matcher(now);
        for (const arrivedMs of [span.fromMs - 1, span.fromMs, span.toMs - 1, span.toMs]) {
          for (const key of ['a', 'b']) {
            const record = new WrittenRecord({ text: '{"a":"a"}', key, arrivedMs });
            const isIn = arrivedMs >= span.fromMs && arrivedMs < span.toMs;
            expect(after.matcher(now)(record)).toBe(chosen(record) && isIn);
            expect(wide(record)).toBe(chosen(record));
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
