// The queries that README.md shows, on records that they are said to choose.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseQuery } from '../../src/query/query.ts';
import { WrittenRecord } from './support/record.ts';

const readme = readFileSync(path.join(import.meta.dirname, '../../README.md'), 'utf8');
const section = readme.slice(readme.indexOf('| query | records |'));
const rows = section.slice(0, section.indexOf('\n\n')).split('\n').slice(2);
const queries = rows.flatMap((row) => [...row.split(' | ')[0]!.matchAll(/`([^`]+)`/g)]);

const arrivedMs = Date.UTC(2026, 10, 28, 14, 5);
const now = { nowMs: arrivedMs + 60_000, utcOffsetMinutes: 1 };
const chosen = new WrittenRecord({
  text: JSON.stringify({
    note: 'late, at the front door: order-17',
    order: { total: 120 },
    state: 'open',
    items: [{ sku: 'B-2' }, { sku: 'A-17' }],
    'odd name': null,
    gold: 1,
  }),
  key: 'customer-7',
  shard: 3,
  seq: '49674594',
  size: 1200,
  arrivedMs,
  format: 'gzip json',
});
const other = new WrittenRecord({
  text: '{"tier":"silver","vip":1,"paid":true}',
  shard: 1,
  seq: '4967',
  size: 2_000_000,
  arrivedMs: arrivedMs + 60_001 - 600_000,
});

test.each(queries.map(([, query]) => query!))('%s chooses what it is said to choose', (query) => {
  expect(queries.length).toBeGreaterThan(15);
  const { problems, matcher } = parseQuery(query);
  expect(problems).toEqual([]);
  expect(matcher(now)(chosen)).toBe(true);
  // The one other record is larger and older: these choose it too.
  const isOfBoth = query === 'size>1KB' || query.startsWith('arrived<=');
  expect(matcher(now)(other)).toBe(isOfBoth);
});
