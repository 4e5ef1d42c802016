// Which queries have to be asked anew when the clock that times are shown on becomes another one.
import { expect, test } from 'vitest';
import { goesByClock } from '../../src/query/clockTimes.ts';

test.each([
  'arrived>14:05',
  'arrived:14:05..14:06:30',
  'a (b or not arrived<=2026-11-28)',
  '-arrived>"2026-11-28 14:05"',
  'arrived:2026-11-28T14:05..2026-11-29T14:05Z',
  'arrived:2026-11-28T14:05Z..2026-11-29T14:05 arrived<23:59',
])('%s goes by the clock', (text) => {
  expect(goesByClock(text)).toBe(true);
});

test.each([
  '',
  'arrived',
  '"arrived>14:05"',
  'age<5m 14:05',
  'arrived>2026-11-28T14:05:00Z',
  'arrived:2026-11-28T14:05:01.250+01:00..14:05:03',
  'arrived>',
  'arrived>25:00',
  'key:14:05',
  `arrived>${'9'.repeat(2000)}`,
])('%s does not', (text) => {
  expect(goesByClock(text)).toBe(false);
});
