// Which clock and which zone times of a window go by: the stream's, and the user's.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { momentMsOf } from '../../src/query/values.ts';
import { berlin, nowMs, runningAt, timesOf } from './support/times.ts';

const hourMs = 3_600_000;
const hostZone = process.env.TZ;

beforeAll(() => {
  process.env.TZ = 'Asia/Tokyo';
});

afterAll(() => {
  process.env.TZ = hostZone ?? '';
  if (hostZone === undefined) delete process.env.TZ;
});

test("a page tells the user's zone, for the whole window and for windows to come", () => {
  const kept = new Map<string, unknown>();
  const times = timesOf({ kept });
  let changes = 0;
  times.onZone(() => changes++);
  for (let page = 0; page < 2; page++) times.tell(berlin);
  expect(changes).toBe(1);
  for (const one of [times, timesOf({ kept })]) {
    expect(momentMsOf('14:05', one.of('local').now)).toBe(nowMs);
    expect(one.shown(nowMs)).toBe('2026-11-28T14:05:00.000');
    expect(one.words(nowMs)).toMatch(/GMT\+1|CET/);
    expect(one.query('arrived:14:00..15:00').timeZone).toBe(berlin);
  }
});

test('a prompt of a remote window names its zone while no page has told one', () => {
  const kept = new Map<string, unknown>();
  const noteOf = (times = timesOf({ kept })): string => times.of('local').zoneNote;
  expect(noteOf()).toContain('those of Asia/Tokyo, which may not be yours');
  const times = timesOf({ kept });
  times.tell(berlin);
  expect(noteOf(times)).toBe('');
  expect(noteOf()).toContain('those of Europe/Berlin, which may not be yours');
  expect(noteOf(timesOf({ isRemote: false }))).toBe('');
  expect(noteOf(timesOf({ setting: () => 'utc' }))).toBe('');
});

test("without a page times are this machine's, and UTC's where that is chosen", () => {
  const here = timesOf({ isRemote: false, kept: new Map([['userTimeZone', berlin]]) });
  expect(here.shown(nowMs)).toBe('2026-11-28T22:05:00.000');
  const utc = timesOf({ setting: () => 'utc' });
  utc.tell(berlin);
  expect(utc.shown(nowMs)).toBe('2026-11-28T13:05:00.000');
  expect(utc.query('').timeZone).toBe('UTC');
});

test('a zone that is not known here is not taken over', () => {
  const times = timesOf({ isRemote: false });
  times.tell('Mars/Olympus');
  expect(times.timeZone).toBeUndefined();
  expect(times.words(nowMs)).toMatch(/GMT\+9|JST/);
});

test.each([
  ['that nobody moved', { aheadMs: 0, rate: 1 }, hourMs],
  ['that was stepped', { aheadMs: 25 * hourMs, rate: 1 }, 26 * hourMs],
  ['that was stopped', { aheadMs: -10, rate: 0 }, -10],
  ['that goes faster', { aheadMs: hourMs, rate: 60 }, 61 * hourMs],
])('an hour after the status of a clock %s', (_, clock, sinceMs) => {
  const times = timesOf({ engine: runningAt(clock), laterMs: hourMs });
  expect(times.nowMs('local') - nowMs).toBe(sinceMs);
  expect(times.of('local').now.nowMs - nowMs).toBe(sinceMs);
  expect(times.nowMs('aws:prod') - nowMs).toBe(hourMs);
});
