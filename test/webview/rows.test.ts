// The rows in sight while more come than can be fetched in time: what was drawn stays until the next is here.
import { describe, expect, test } from 'vitest';
import type { NewestAsked, TailPage, TailTick } from '../../src/protocol/tail.ts';
import { initialModel, type PanelModel } from '../../webview/state/panelModel.ts';
import { Rows } from '../../webview/state/rows.ts';
import { Store } from '../../webview/state/store.ts';
import { inSight } from '../../webview/state/viewport.ts';

type Asked = {
  from: number;
  count: number;
  answer(held: number, generation?: number): Promise<void>;
  refuse(): Promise<void>;
};

function pageOf({ from, end }: { from: number; end: number }): TailPage {
  const rows = Array.from({ length: end - from }, (_, index) => ({
    kind: 'event' as const,
    position: from + index,
    id: from + index,
    atMs: 0,
    tone: 'info' as const,
    text: '',
  }));
  return { generation: 1, revision: 0, from, rows };
}

function setUp() {
  const store = new Store<PanelModel>(initialModel);
  const asked: Asked[] = [];
  const newest: NewestAsked[] = [];
  const fetch = ({ from, count }: { from: number; count: number }): Promise<TailPage> =>
    new Promise((resolve, reject) => {
      const refuse = async (): Promise<void> => {
        reject(new Error('No such rows.'));
        await new Promise((done) => setImmediate(done));
      };
      const answer = async (held: number, generation = 1): Promise<void> => {
        resolve({ ...pageOf({ from, end: Math.min(from + count, held) }), generation });
        await new Promise((done) => setImmediate(done));
      };
      asked.push({ from, count, answer, refuse });
    });
  const rows = new Rows({
    ...{ store, fetch },
    now: () => 0,
    asked: () => ({}),
    followNewest: (wanted) => newest.push(wanted),
  });
  rows.resized(240);
  const hold = (end: number, page?: TailPage, generation = 1): void => {
    const moves = { revision: 0, from: 0, list: [], late: 0 };
    const tick = { tail: 1, generation, moves, view: { first: 0, end } };
    rows.follow(tick as unknown as TailTick, page);
  };
  /** The first and the last drawn row, and how many of all in sight are not here. */
  const drawn = () => {
    const { first, end } = inSight(store.get().viewport);
    const lacking = Array.from({ length: end - first }, (_, index) => first + index).filter(
      (position) => !rows.get(position),
    );
    return { end, lacking: lacking.length };
  };
  return { store, asked, newest, hold, drawn, rows };
}

test('follow() keeps the rows drawn until the newest are here', async () => {
  const { asked, hold, drawn } = setUp();
  hold(0);
  hold(20);
  expect(drawn()).toEqual({ end: 0, lacking: 0 });
  await asked[0]!.answer(20);
  expect(drawn()).toEqual({ end: 20, lacking: 0 });
  hold(60);
  expect(drawn()).toEqual({ end: 20, lacking: 0 });
  await asked.at(-1)!.answer(60);
  expect(drawn()).toEqual({ end: 60, lacking: 0 });
});

test('follow() draws what came even when it is overtaken by each tick', async () => {
  const { asked, hold, drawn } = setUp();
  hold(0);
  let end = 0;
  const ends: number[] = [];
  for (let round = 0; round < 20; round++) {
    hold(end + 125);
    const pending = asked.at(-1)!;
    end += 250;
    hold(end);
    await pending.answer(end - 125);
    ends.push(drawn().end);
    expect(drawn().lacking).toBe(0);
  }
  expect(new Set(ends).size).toBeGreaterThan(15);
});

test('rows that come with a tick are drawn at once, and no page is asked for', () => {
  const { asked, newest, hold, drawn } = setUp();
  hold(0);
  expect(newest).toEqual([{ count: 50 }]);
  hold(5, pageOf({ from: 0, end: 5 }));
  expect(drawn()).toEqual({ end: 5, lacking: 0 });
  hold(500, pageOf({ from: 480, end: 500 }));
  expect(drawn()).toEqual({ end: 500, lacking: 0 });
  hold(503, pageOf({ from: 500, end: 503 }));
  expect(drawn()).toEqual({ end: 503, lacking: 0 });
  expect(asked).toEqual([]);
});

test('of rows that came with ticks no more are kept than of others', () => {
  const { asked, hold, drawn, rows } = setUp();
  hold(0);
  for (let end = 50; end <= 100_000; end += 50) hold(end, pageOf({ from: end - 50, end }));
  expect([...rows.fetched()].length).toBeLessThanOrEqual(2000);
  expect(drawn()).toEqual({ end: 100_000, lacking: 0 });
  expect(asked).toEqual([]);
});

test('rows with other cells than are shown now do not count as come', () => {
  const { asked, hold, drawn } = setUp();
  hold(0);
  hold(5, { ...pageOf({ from: 0, end: 5 }), paths: ['$.a'] });
  expect(drawn()).toEqual({ end: 0, lacking: 0 });
  expect(asked).toHaveLength(1);
});

test('the newest rows are wanted with ticks while the list follows them, as many as are drawn', () => {
  const { newest, hold, rows } = setUp();
  hold(100, pageOf({ from: 80, end: 100 }));
  rows.holdStill();
  rows.goToNewest();
  rows.resized(250);
  rows.resized(1040);
  expect(newest.map(({ count }) => count)).toEqual([50, 0, 50, 100]);
});

test('refresh() has the rows in sight fetched again, and never keeps those from being shown that are on their way', async () => {
  const { asked, hold, drawn, rows } = setUp();
  hold(0);
  hold(20);
  rows.refresh();
  rows.refresh();
  expect(asked).toHaveLength(1);
  await asked[0]!.answer(20);
  expect(drawn()).toEqual({ end: 20, lacking: 0 });
  expect(asked).toHaveLength(2);
  await asked[1]!.answer(20);
  expect(asked).toHaveLength(2);
  rows.refresh();
  expect(asked).toHaveLength(3);
  expect(drawn()).toEqual({ end: 20, lacking: 0 });
  hold(60);
  rows.refresh();
  await asked[2]!.answer(60);
  await asked[3]!.answer(60);
  expect(drawn()).toEqual({ end: 60, lacking: 0 });
});

describe('rows of another filter', () => {
  const filtered = (end: number) => {
    const list = setUp();
    const { store, hold, rows, asked } = list;
    hold(100, pageOf({ from: 50, end: 100 }));
    rows.holdStill();
    hold(end, undefined, 2);
    return { ...list, page: asked.at(-1), picture: () => store.get().before };
  };

  test('are drawn once those in sight are here, and what was drawn until then', async () => {
    const { store, picture, page } = filtered(40);
    const { viewport, rows } = picture()!;
    expect([viewport.range.end, rows.get(99)?.id]).toEqual([100, 99]);
    expect(store.get().viewport.range.end).toBe(40);
    await page!.answer(40, 2);
    expect(picture()).toBeUndefined();
  });

  test('are drawn at once where there is none', () => {
    expect(filtered(0).picture()).toBeUndefined();
  });

  test('come although a page of those before could not be read', async () => {
    const { store, asked, hold, rows } = setUp();
    hold(100, pageOf({ from: 50, end: 100 }));
    rows.reveal(45);
    hold(40, undefined, 2);
    expect(asked).toHaveLength(1);
    await asked[0]!.refuse();
    expect(store.get()).toMatchObject({ rowsProblem: undefined, before: {} });
    await asked[1]!.answer(40, 2);
    expect(store.get().before).toBeUndefined();
  });

  test('are drawn as they come where those before may be seen no more', () => {
    const { rows, picture } = filtered(40);
    rows.refetch();
    expect(picture()).toBeUndefined();
  });

  test('are drawn where a place among them is found, not before', async () => {
    const { rows, picture, page } = filtered(40);
    const key = {};
    rows.seek(key);
    await page!.answer(40, 2);
    expect(picture()).toBeDefined();
    rows.found({});
    expect(picture()).toBeDefined();
    rows.found(key);
    expect(picture()).toBeUndefined();
  });
});
