// Columns of a tab as its panel asks for them: cells with a page, fields, the order of a field.
import { expect, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
import { maskText } from '../../src/decode/mask.ts';
import type { RecordRow } from '../../src/protocol/tail.ts';
import { Masking } from '../../src/tail/masking.ts';
import { timeBox } from '../../src/worker/timeBox.ts';
import { recordsOf, tailing } from './support/openTail.ts';

const json = (n: number, more: object = {}): string => JSON.stringify({ n, ...more });

async function rows(...texts: string[]) {
  const tail = await tailing();
  const put = async (...more: string[]): Promise<void> => {
    for (const text of more) tail.stream.put(tail.shard, text);
    await tail.clock.advance(500);
  };
  await put(...texts);
  const page = (paths?: string[]): RecordRow[] => {
    const { first, end } = tail.tab.view;
    const asked = { from: first, count: end - first, ...(paths ? { paths } : {}) };
    return tail.tab.page(asked).rows.filter((row) => row.kind === 'record');
  };
  return { ...tail, put, page };
}

test('a page brings the cells that it was asked for, and says which these are', async () => {
  const { tab, page } = await rows(json(1, { a: { b: 'x' } }), 'no JSON', json(2));
  expect(page(['$.n', '$.a.b']).map(({ cells }) => cells)).toEqual([
    ['1', 'x'],
    ['', ''],
    ['2', ''],
  ]);
  expect(tab.page({ from: 0, count: 1, paths: ['$.n'] }).paths).toEqual(['$.n']);
  expect(page().map((row) => 'cells' in row)).toEqual([false, false, false]);
});

test('fields are those of the records asked for', async () => {
  const { tab } = await rows(json(1, { old: true }), json(2), json(3, { new: true }));
  const { view } = tab;
  const all = tab.columns.fields({ from: view.first, count: 1000 });
  expect(all.fields.map(({ path, count }) => [path, count])).toEqual([
    ['$.n', 3],
    ['$.old', 1],
    ['$.new', 1],
  ]);
  const some = tab.columns.fields({ from: view.end - 2, count: 2 });
  expect(some.fields.map(({ path }) => path)).toEqual(['$.n', '$.new']);
});

test('rows out of order are flagged among those held and those that come, and found one after another', async () => {
  const { tab, ticks, clock, put, page } = await rows(json(5), json(3), json(6));
  tab.columns.watchOrder('$.n');
  await clock.advance(200);
  expect(page().map(({ brokenAfter }) => brokenAfter)).toEqual([undefined, '5', undefined]);
  await put(json(4), json(7));
  expect(ticks.at(-1)!.order).toMatchObject({ path: '$.n', flagged: 2, waiting: 0, keys: 1 });
  const broken = recordsOf(tab).filter(({ brokenAfter }) => brokenAfter !== undefined);
  const [first, second] = broken.map(({ position }) => position);
  expect(tab.columns.nextBroken({ step: 1 })).toBe(first);
  expect(tab.columns.nextBroken({ from: first, step: 1 })).toBe(second);
  expect(tab.columns.nextBroken({ from: second, step: 1 })).toBeUndefined();
  expect(tab.columns.nextBroken({ step: -1 })).toBe(second);
  tab.filter({ text: '$.n > 3' });
  const { position } = recordsOf(tab).find((row) => row.brokenAfter !== undefined)!;
  expect(tab.columns.nextBroken({ step: 1 })).toBe(position);
});

test('the order is checked in slices, of a path only, and not while the tab is hidden', async () => {
  const texts = Array.from({ length: 60_000 }, (_, at) => json(at % 1000));
  const { tab } = await rows();
  tab.columns.watchOrder('$.n[*]');
  tab.columns.watchOrder('no path');
  expect(tab.tick().order).toBeUndefined();
  const many = await rows(...texts);
  await many.clock.advance(5000);
  const held = many.tab.tick().held.rows;
  many.tab.columns.watchOrder('$.n');
  many.tab.show(false);
  await many.clock.advance(500);
  expect(many.tab.tick().order).toMatchObject({ waiting: held, flagged: 0 });
  many.tab.show(true);
  await many.clock.advance(500);
  expect(many.tab.tick().order).toMatchObject({ waiting: 0, flagged: 59_999 - 999 - 59 });
  many.tab.columns.watchOrder(undefined);
  expect(many.tab.tick().order).toBeUndefined();
});

test.each([
  ['a name', 'n'],
  ['a path', '$.n'],
  ['an expression', '/ann\\d+/'],
])(
  'what %s hides is in no cell, no example and no flag; the order is checked all the same',
  async (_, pattern) => {
    const { session, clock } = await rows();
    const { ring } = session;
    const slots = ['ann1', 'ann9', 'ann4', 'ann5'].map((n, orderMs) => {
      const data = new TextEncoder().encode(JSON.stringify({ n, m: 1 }));
      const place = { shardId: 'shardId-000000000000', arrivedMs: 0, orderMs };
      return ring.keepRecord({ ...place, partitionKey: 'key', sequenceNumber: '1', data });
    });
    ring.show(slots);
    const masking = new Masking(timeBox);
    masking.set([pattern]);
    const options = { tail: 2, decoder: plainDecoder, timeBox, masking, tick: () => undefined };
    const tab = session.openTab(options);
    tab.columns.watchOrder('$.n');
    await clock.advance(200);
    const paths = ['$.n', '$.m'];
    const told = () => {
      const asked = { from: tab.view.first, count: 10 };
      return { page: tab.page({ ...asked, paths }).rows, found: tab.columns.fields(asked) };
    };
    const check = (): void => {
      const { page, found } = told();
      expect(JSON.stringify([page, found])).not.toMatch(/ann\d/);
      expect((page as RecordRow[]).map(({ cells }) => cells?.[0])).toContain(maskText);
      const broken = (page as RecordRow[]).map(({ brokenAfter }) => brokenAfter);
      expect(broken.slice(-2)).toEqual([maskText, maskText]);
      expect(found.fields.map(({ example }) => example)).toEqual([maskText, '1']);
    };
    check();
    session.setBounds({ rowsMax: 2, bytesMax: 1e9 });
    check();
    masking.set([]);
    const open = told().page as RecordRow[];
    expect(open.map(({ cells, brokenAfter }) => [cells, brokenAfter])).toEqual([
      [['ann4', '1'], 'ann9'],
      [['ann5', '1'], 'ann9'],
    ]);
  },
);
