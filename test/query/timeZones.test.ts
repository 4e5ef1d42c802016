// Times of a query by the clocks of a time zone, across the days on which these are set.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timeSpanOf } from '../../src/query/narrowTime.ts';
import { spanMsOf } from '../../src/query/timeSpan.ts';
import { zoneOf } from '../../src/query/timeZones.ts';
import { momentMsOf } from '../../src/query/values.ts';

const nowMs = Date.UTC(2026, 9, 25, 12);
const utc = (text: string) => Date.parse(`${text}Z`);

test.each([
  ['Europe/Berlin', '2026-10-24T14:00', '2026-10-24T12:00'],
  ['Europe/Berlin', '2026-10-25T14:00', '2026-10-25T13:00'],
  ['Europe/Berlin', '2026-07-01', '2026-06-30T22:00'],
  // Shown twice: the first time. Not shown at all: as far behind what was shown last.
  ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30'],
  ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:30'],
  // Of the last 24 hours; it is 13:00.
  ['Europe/Berlin', '13:00', '2026-10-25T12:00'],
  ['Europe/Berlin', '14:30', '2026-10-24T12:30'],
  ['America/New_York', '08:00', '2026-10-25T12:00'],
  ['America/New_York', '2026-11-01T12:00', '2026-11-01T17:00'],
  ['Australia/Lord_Howe', '2026-10-04T01:45', '2026-10-03T15:15'],
  ['Australia/Lord_Howe', '2026-10-04T02:45', '2026-10-03T15:45'],
  ['Pacific/Apia', '2011-12-31T00:30', '2011-12-30T10:30'],
  ['Asia/Kathmandu', '2026-01-01T00:00', '2025-12-31T18:15'],
  ['UTC', '2026-10-24T14:00', '2026-10-24T14:00'],
  ['Europe/Berlin', '2026-10-24T14:00+05:00', '2026-10-24T09:00'],
])('in %s %s is %s', (timeZone, text, expected) => {
  expect(momentMsOf(text, { nowMs, timeZone })).toBe(utc(expected));
});

test('a zone that is not known here is that of this machine', () => {
  for (const timeZone of ['Nowhere/At_all', '', 'Etc/Unknown']) {
    for (const text of ['2026-10-24T14:00', '11:59']) {
      expect(momentMsOf(text, { nowMs, timeZone })).toBe(momentMsOf(text, { nowMs }));
    }
  }
});

test('both ends of a span go by the clock at their own time', () => {
  const now = { nowMs, timeZone: 'Europe/Berlin' };
  expect(timeSpanOf('arrived:2026-10-24T14:00..14:30', now)).toEqual({
    fromMs: utc('2026-10-24T12:00'),
    toMs: utc('2026-10-24T12:30'),
  });
  expect(timeSpanOf('arrived:2026-10-24T23:00..04:00', now)).toEqual({
    fromMs: utc('2026-10-24T21:00'),
    toMs: utc('2026-10-25T03:00'),
  });
  expect(timeSpanOf('arrived:2026-10-24T14:00Z..14:30', now)).toEqual({
    fromMs: utc('2026-10-24T14:00'),
    toMs: utc('2026-10-24T14:30'),
  });
});

test.each([
  ['14:05..14:30', '2026-03-28T19:00', '2026-03-28T13:05', '2026-03-28T13:30'],
  ['2026-03-28T14:05..14:30', '2026-05-01T12:00', '2026-03-28T13:05', '2026-03-28T13:30'],
  ['2026-03-28T14:05..14:00', '2026-05-01T12:00', '2026-03-28T13:05', '2026-03-29T12:00'],
  ['2026-10-24T14:00..13:30', '2026-11-01T12:00', '2026-10-24T12:00', '2026-10-25T12:30'],
  ['14:05..14:00', '2026-10-25T20:00', '2026-10-25T13:05', '2026-10-26T13:00'],
  ['2026-10-25T02:10..02:05', '2026-10-26T20:00', '2026-10-25T00:10', '2026-10-26T01:05'],
  ['2026-10-24T14:05..14:05', '2026-11-01T12:00', '2026-10-24T12:05', '2026-10-25T13:05'],
])(
  '%s ends at the first such time behind its begin, by a clock that is set meanwhile',
  (text, now, from, to) => {
    expect(spanMsOf(text, { nowMs: utc(now), timeZone: 'Europe/Berlin' })).toEqual({
      fromMs: utc(from),
      toMs: utc(to),
    });
  },
);

test('whatever a clock shows is found again, and is a time at which it shows that', () => {
  const zones = ['Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC'];
  const moment = fc.integer({ min: utc('1990-01-01'), max: utc('2040-01-01') });
  fc.assert(
    fc.property(fc.constantFrom(...zones), moment, (name, epochMs) => {
      const zone = zoneOf(name)!;
      const shownMs = zone.shownAt(epochMs);
      const found = zone.momentOf(shownMs);
      expect(zone.shownAt(found)).toBe(shownMs);
      expect(found).toBeLessThanOrEqual(epochMs);
    }),
  );
});
