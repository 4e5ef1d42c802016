import { expect, test } from 'vitest';
import { pageRowsMax, type TailPage, type TailRow } from '../../src/protocol/tail.ts';
import { Pager } from '../../webview/state/pager.ts';
import { RowCache } from '../../webview/state/rowCache.ts';
import { RowSlots } from '../../webview/state/rowSlots.ts';

const event = (position: number): TailRow => ({
  kind: 'event',
  position,
  id: position,
  atMs: 0,
  tone: 'info',
  text: `${position}`,
});

function pageOf(from: number, count: number, generation = 1): TailPage {
  const rows = Array.from({ length: count }, (_, at) => event(from + at));
  return { generation, revision: 0, from, rows };
}

const cacheOf = (...pages: TailPage[]): RowCache => {
  const cache = new RowCache();
  cache.reset(1);
  for (const page of pages) cache.add(page);
  return cache;
};

test('gap() widens to whole blocks inside of what is held', () => {
  const held = { first: 0, end: 1000 };
  expect(cacheOf().gap({ first: 120, end: 160 }, held)).toEqual({ first: 100, end: 200 });
  expect(cacheOf().gap({ first: 970, end: 1000 }, held)).toEqual({ first: 950, end: 1000 });
});

test('expire() has rows fetched again, which show what they did until then, wherever they move', () => {
  const cache = cacheOf(pageOf(0, 100));
  cache.expire();
  expect(cache.covers({ first: 0, end: 1 })).toBe(false);
  expect(cache.get(40)).toMatchObject({ text: '40' });
  cache.move([{ at: 10, count: 5 }], 1);
  expect(cache.get(45)).toMatchObject({ text: '40', position: 45 });
  expect(cache.gap({ first: 40, end: 50 }, { first: 0, end: 105 })).toEqual({
    first: 0,
    end: 50,
  });
  cache.add({ ...pageOf(0, 50), revision: 1 });
  expect(cache.get(45)).toMatchObject({ text: '45' });
  expect(cache.get(60)).toMatchObject({ text: '55' });
  cache.reset(2);
  expect(cache.get(60)).toBeUndefined();
});

test('gap() asks for what is missing only', () => {
  const cache = cacheOf(pageOf(100, 100));
  const held = { first: 0, end: 1000 };
  expect(cache.gap({ first: 120, end: 160 }, held)).toBeUndefined();
  expect(cache.gap({ first: 180, end: 220 }, held)).toEqual({ first: 200, end: 250 });
});

test('gap() is never more than a page', () => {
  const gap = cacheOf().gap({ first: 0, end: 5000 }, { first: 0, end: 5000 });
  expect(gap).toEqual({ first: 0, end: pageRowsMax });
});

test('trim() keeps a bounded number of rows around the sight', () => {
  const cache = cacheOf();
  for (let from = 0; from < 100_000; from += 200) {
    cache.add(pageOf(from, 200));
    cache.trim({ first: from, end: from + 40 });
    expect(cache.size).toBeLessThanOrEqual(2200);
  }
  expect(cache.get(99_990)).toBeDefined();
});

/** A pager whose pages come when the test says so. */
function pagerWith(cache: RowCache) {
  const asked: { from: number; count: number }[] = [];
  const waiting: ((page: TailPage) => void)[] = [];
  let rows = 0;
  const pager = new Pager({
    cache,
    fetch: (params) => {
      asked.push(params);
      return new Promise((resolve) => waiting.push(resolve));
    },
    onPage: () => {
      rows += 1;
      return false;
    },
    onFailure: () => {},
  });
  const answer = async (page: TailPage): Promise<void> => {
    waiting.shift()?.(page);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { pager, asked, answer, rowsCame: () => rows };
}

const held = { first: 0, end: 1000 };

test('want() has one request under way at most, and then asks for the latest wish', async () => {
  const { pager, asked, answer } = pagerWith(cacheOf());
  pager.want({ first: 0, end: 40 }, held);
  pager.want({ first: 300, end: 340 }, held);
  pager.want({ first: 600, end: 640 }, held);
  expect(asked).toEqual([{ from: 0, count: 50 }]);
  await answer(pageOf(0, 50));
  expect(asked.slice(1)).toEqual([{ from: 600, count: 50 }]);
});

test('want() does not ask again and again when a page is empty', async () => {
  const { pager, asked, answer } = pagerWith(cacheOf());
  pager.want({ first: 0, end: 40 }, held);
  await answer(pageOf(0, 0));
  expect(asked).toHaveLength(1);
});

test('a page that brings nothing new, since a tick did, leaves no other wish open', async () => {
  const cache = cacheOf();
  const { pager, asked, answer } = pagerWith(cache);
  pager.want({ first: 0, end: 40 }, held);
  cache.add(pageOf(0, 50));
  pager.want({ first: 300, end: 340 }, held);
  await answer(pageOf(0, 50));
  expect(asked.slice(1)).toEqual([{ from: 300, count: 50 }]);
});

test('a page of another generation is not taken', async () => {
  const cache = cacheOf();
  const { pager, asked, answer, rowsCame } = pagerWith(cache);
  pager.want({ first: 0, end: 40 }, held);
  cache.reset(2);
  await answer(pageOf(0, 50, 1));
  expect(rowsCame()).toBe(0);
  expect(asked).toHaveLength(2);
});

test('assign() keeps the slot of a row that stays and gives those of rows that left to new ones', () => {
  const slots = new RowSlots();
  const before = slots.assign([0, 1, 2, 3]);
  const after = slots.assign([2, 3, 4, 5]);
  expect(after.slice(0, 2)).toEqual(before.slice(2));
  expect(new Set(after)).toEqual(new Set(before));
});
