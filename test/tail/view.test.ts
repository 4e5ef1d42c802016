// What is held and what of it is seen: bounds, positions, filters.

import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
import type { RecordRow } from '../../src/protocol/tail.ts';
import { Ring } from '../../src/tail/ring.ts';
import { RowChooser } from '../../src/tail/rowChooser.ts';
import { type HeldRecord, type NewRecord, RowStore } from '../../src/tail/rowStore.ts';
import { fullRecord, rawBytesMax, tailRows } from '../../src/tail/rows.ts';
import { View } from '../../src/tail/view.ts';
import { timeBox } from '../../src/worker/timeBox.ts';
import { TestClock } from '../support/testClock.ts';
import { FakeStream } from './support/fakeStream.ts';
import { openTail, recordsOf } from './support/openTail.ts';

const all = { rows: 1e9, ms: 1e9 };
const parts = { decoder: plainDecoder, timeBox, monotonic: () => 0 };
const shardId = 'shardId-000000000000';

const recordOf = (text: string, orderMs: number): NewRecord => ({
  ...{ shardId, sequenceNumber: '1', partitionKey: 'key', arrivedMs: orderMs, orderMs },
  data: new TextEncoder().encode(text),
});

test('a view shows what a plain array with the same filter would, and tells how rows moved', () => {
  const deed = fc.oneof(
    fc.record({
      text: fc.constantFrom('alpha', 'beta', 'alpha beta', 'gamma'),
      lateBy: fc.oneof(fc.constant(0), fc.nat(12)),
    }),
    fc.record({ filter: fc.constantFrom('', 'alpha', 'alpha beta', 'none') }),
    fc.record({ advance: fc.integer({ min: 1, max: 4 }) }),
  );
  const property = fc.property(
    fc.array(deed, { maxLength: 200 }),
    fc.integer({ min: 1, max: 20 }),
    (deeds, rowsMax) => {
      const ring = new Ring({ rowsMax, bytesMax: 1e9 });
      const view = new View(ring, parts);
      /** The id of the row at each position, as somebody knows it who was told of every move. */
      let known = new Map<number, number>();
      let used = -1;
      let filter = '';
      let model: { text: string; orderMs: number }[] = [];
      const idAt = (position: number) => ring.store.idOf(view.at(position)!);
      for (const [index, step] of deeds.entries()) {
        if ('text' in step) {
          const orderMs = index - step.lateBy;
          ring.show([ring.keepRecord(recordOf(step.text, orderMs))]);
          const place = model.findLastIndex((row) => row.orderMs <= orderMs) + 1;
          model.splice(place, 0, { text: step.text, orderMs });
          model = model.slice(-rowsMax);
        } else if ('filter' in step) {
          used = Math.max(used, ...known.keys());
          filter = step.filter;
          view.setFilter(filter, { nowMs: 0 });
          known = new Map();
        } else view.advance({ rows: step.advance, ms: 1e9 });
        for (const { at, count } of view.takeMoves()!) {
          const moved = [...known].map(([at0, id]) => [at0 >= at ? at0 + count : at0, id] as const);
          known = new Map(moved);
        }
        for (let position = view.first; position < view.end; position++) {
          expect(position).toBeGreaterThan(used);
          expect(known.get(position) ?? idAt(position)).toBe(idAt(position));
          known.set(position, idAt(position));
        }
      }
      view.advance(all);
      const terms = filter.split(' ').filter(Boolean);
      const wanted = model
        .map(({ text }) => text)
        .filter((text) => terms.every((term) => text.includes(term)));
      const shown: string[] = [];
      for (let at = view.first; at < view.end; at++) {
        shown.push(new TextDecoder().decode(ring.store.dataOf(view.at(at)!)));
      }
      expect(shown).toEqual(wanted);
      expect([view.matching, ring.records]).toEqual([wanted.length, model.length]);
    },
  );
  fc.assert(property, { numRuns: 300 });
});

test('each move is told, and of very many that they cannot be', () => {
  const ring = new Ring({ rowsMax: 50_000, bytesMax: 1e9 });
  const view = new View(ring, parts);
  view.advance(all);
  const show = (from: number, to: number): void =>
    void ring.show(
      Array.from({ length: (to - from) / 2 }, (_, at) =>
        ring.keepRecord(recordOf('a', from + 2 * at)),
      ),
    );
  show(0, 24_000);
  expect(view.takeMoves()).toEqual([]);
  show(1, 201);
  expect(view.takeMoves()).toHaveLength(100);
  show(1001, 23_001);
  expect([view.hasMoved, view.takeMoves(), view.hasMoved]).toEqual([true, undefined, false]);
});

test('an expression that is slow and not endless lets others have their turn, and is given up in the end', () => {
  const store = new RowStore(1e9);
  const slots = Array.from({ length: 4000 }, (_, n) =>
    store.addRecord(recordOf(`${n} ${'a'.repeat(25)}!`, n)),
  );
  const monotonic = () => performance.now();
  const chooser = new RowChooser(store, { decoder: plainDecoder, timeBox, monotonic });
  chooser.ask('/(a+)+$/', { nowMs: 0 });
  let [turns, looked] = [0, 0];
  for (; !chooser.choosesAll && looked < slots.length; turns++) {
    looked += chooser.choose(slots.slice(looked), 10).length;
  }
  expect(turns).toBeGreaterThan(3);
  expect(looked).toBeLessThan(slots.length);
  expect(chooser.problem).toMatch(/takes too long/);
  chooser.ask('399', { nowMs: 0 });
  expect([chooser.problem, chooser.choose(slots.slice(398, 400), 1e9)]).toEqual([
    undefined,
    [false, true],
  ]);
});

describe('the time of a slice', () => {
  const packed = (n: number): NewRecord => ({
    ...recordOf('', n),
    data: gzipSync(`${n} ${'needle '.repeat(300_000)}`),
  });

  /** A clock that goes on by 1 ms for each 100,000 characters that come out of a record, and counts the looks at it. */
  function slowly() {
    const state = { ms: 0, looks: 0 };
    const searchText = (data: Uint8Array): string => {
      const text = plainDecoder.searchText(data);
      state.ms += text.length / 100_000;
      return text;
    };
    const monotonic = (): number => {
      state.looks++;
      return state.ms;
    };
    return { state, parts: { timeBox, monotonic, decoder: { ...plainDecoder, searchText } } };
  }

  test('is kept where few bytes unpack to many, but for the last row', () => {
    const store = new RowStore(1e9);
    const slots = Array.from({ length: 16 }, (_, n) => store.addRecord(packed(n)));
    const { parts, state } = slowly();
    const chooser = new RowChooser(store, parts);
    chooser.ask('needle', { nowMs: 0 });
    // Each takes 21 ms.
    expect(chooser.choose(slots, 20)).toEqual([true]);
    expect(chooser.choose(slots, 50)).toEqual([true, true, true]);
    expect(state.ms).toBeLessThan(4 * 22);
  });

  test('is kept for rows that come, too', () => {
    const ring = new Ring({ rowsMax: 100, bytesMax: 1e9 });
    const { parts, state } = slowly();
    const view = new View(ring, parts);
    view.setFilter('needle', { nowMs: 0 });
    ring.show(Array.from({ length: 16 }, (_, n) => ring.keepRecord(packed(n))));
    expect([view.matching, view.isComplete]).toEqual([1, false]);
    expect(state.ms).toBeLessThan(22);
    while (!view.advance({ rows: 8192, ms: 20 }));
    expect(view.matching).toBe(16);
  });

  test('is seldom looked at where rows are what they are', () => {
    const store = new RowStore(1e9);
    const slots = Array.from({ length: 1600 }, (_, n) =>
      store.addRecord(recordOf(`{"n":${n}}`, n)),
    );
    const { parts, state } = slowly();
    const chooser = new RowChooser(store, parts);
    chooser.ask('needle', { nowMs: 0 });
    expect(chooser.choose(slots, 20)).toHaveLength(1600);
    expect(state.looks).toBeLessThanOrEqual(1600 / 16 + 1);
  });
});

describe('a tail', () => {
  const filled = async (
    bounds: { rowsMax: number; bytesMax: number },
    texts: (string | Uint8Array)[],
  ) => {
    const clock = new TestClock();
    const stream = new FakeStream({ clock, shards: 1 });
    for (const text of texts) stream.put(stream.shards[0]!, text);
    const { tab } = openTail({ stream, clock }, { bounds });
    await clock.advance(500);
    return { tab, clock };
  };

  test('holds no more bytes than allowed, whatever the stream does', async () => {
    const texts = Array.from({ length: 300 }, (_, n) => `${n} ${'x'.repeat(10_000)}`);
    const { tab } = await filled({ rowsMax: 1e6, bytesMax: 500_000 }, texts);
    const { held, view, received } = tab.tick();
    expect(held.bytes).toBeLessThanOrEqual(500_000);
    expect(received).toBe(300);
    expect(view).toEqual({ first: 300 - held.rows, end: 300 });
    expect(recordsOf(tab).at(-1)!.preview).toMatch(/^299 /);
    expect(tab.page({ from: 0, count: 10 })).toMatchObject({ from: view.first, rows: [] });
    expect(tab.record({ position: 0 })).toBeUndefined();
  });

  test('finds text behind a preview and inside gzip, and marks it where it shows', async () => {
    const texts = [`${'x'.repeat(3000)} needle`, gzipSync('a needle in gzip'), 'hay'];
    const { tab, clock } = await filled({ rowsMax: 100, bytesMax: 1e9 }, texts);
    tab.filter({ text: 'NEEDLE' });
    await clock.advance(10);
    const rows = recordsOf(tab);
    expect(rows.map((row) => row.format)).toEqual(['text', 'gzip text']);
    expect(rows[0]!.matches).toEqual([]);
    expect(rows[1]!.matches).toEqual([{ start: 2, end: 8 }]);
    const full = rows.map(({ position, id }) => tab.record({ position, id })!);
    expect(full.map(({ decodedMatches }) => decodedMatches)).toEqual([
      [{ start: 3001, end: 3007 }],
      [{ start: 2, end: 8 }],
    ]);
    expect(tab.tick()).toMatchObject({ filter: 'NEEDLE', records: { held: 3, matching: 2 } });
  });

  test('an expression that would take for ever chooses nothing, says so, and the tail goes on', async () => {
    const texts = Array.from({ length: 50 }, (_, n) => `${n} ${'a'.repeat(40)}!`);
    const { tab, clock } = await filled({ rowsMax: 1000, bytesMax: 1e9 }, texts);
    tab.filter({ text: '/^\\d+ (a+)+$/' });
    await clock.advance(1000);
    const { filter, filterProblem, records, state } = tab.tick();
    expect({ filter, state, matching: records.matching }).toEqual({
      filter: '/^\\d+ (a+)+$/',
      state: 'live',
      matching: 50,
    });
    expect(filterProblem).toMatch(/takes too long/);
    expect(recordsOf(tab)).toHaveLength(50);
    tab.filter({ text: '/^1\\d? a/' });
    await clock.advance(1000);
    expect(tab.tick()).toMatchObject({ records: { matching: 11 } });
    expect(tab.tick().filterProblem).toBeUndefined();
    expect(recordsOf(tab)[0]!.matches).toEqual([{ start: 0, end: 3 }]);
  });

  test('compares many rows in slices, the newest first', async () => {
    const texts = Array.from({ length: 24_000 }, (_, n) => `row ${n % 2 === 0 ? 'even' : 'odd'}`);
    const { tab, clock } = await filled({ rowsMax: 1e6, bytesMax: 1e9 }, texts);
    await clock.advance(1000);
    tab.filter({ text: 'even' });
    expect(tab.tick().records.matching).toBe(500);
    const { first, end } = tab.tick().view;
    expect(recordsOf(tab).at(-1)!.preview).toBe('row even');
    await clock.advance(1);
    expect(tab.tick().records.matching).toBe(12_000);
    expect(tab.tick().view).toEqual({ first: first - 11_500, end });
  });
});

test('marks of a page are those of its own row, in the data and in the key; an event has none', () => {
  const store = new RowStore(1e6);
  const chooser = new RowChooser(store, parts);
  chooser.ask('needle key:/k\\d/', { nowMs: 0 });
  const record = (text: string, partitionKey: string) =>
    store.row(store.addRecord({ ...recordOf(text, 0), partitionKey }));
  const event = { atMs: 0, orderMs: 0, tone: 'info', text: 'A needle.' } as const;
  const rows = [
    record('a needle', 'k1'),
    store.row(store.addEvent(event)),
    record('hay', 'a needle k2'),
  ];
  const look = { decoder: plainDecoder, marksIn: chooser.marksIn.bind(chooser) };
  const shown = tailRows(7, { rows, look });
  expect(shown.map(({ kind, position }) => [kind, position])).toEqual([
    ['record', 7],
    ['event', 8],
    ['record', 9],
  ]);
  expect(shown[0]).toMatchObject({
    matches: [{ start: 2, end: 8 }],
    keyMatches: [{ start: 0, end: 2 }],
  });
  expect(shown[1]).not.toHaveProperty('keyMatches');
  expect(shown[2]).toMatchObject({
    matches: [],
    keyMatches: [
      { start: 2, end: 8 },
      { start: 9, end: 11 },
    ],
  });
});

test('a long record is shown with its first bytes, and with all of them for a copy', () => {
  const store = new RowStore(1e6);
  const data = new Uint8Array(rawBytesMax + 1).fill(0x61);
  const slot = store.addRecord({ ...recordOf('', 0), data });
  const held = store.row(slot) as HeldRecord;
  const look = { decoder: plainDecoder, marksIn: () => [] };
  const [row] = tailRows(0, { rows: [held], look }) as [RecordRow];
  const parts = { record: held, shard: undefined, look };
  expect(fullRecord(row, parts).raw).toEqual(data.subarray(1));
  expect(fullRecord(row, { ...parts, isWhole: true }).raw).toEqual(data);
});

test('a record without a partition key is shown with an empty one, and has no hash key', () => {
  const store = new RowStore(1e6);
  const slot = store.addRecord({ ...recordOf('{"a":1}', 0), partitionKey: '' });
  const held = store.row(slot) as HeldRecord;
  const look = { decoder: plainDecoder, marksIn: () => [] };
  const [row] = tailRows(0, { rows: [held], look }) as [RecordRow];
  expect(row.partitionKey).toBe('');
  const full = fullRecord(row, { record: held, shard: undefined, look });
  expect([full.hashKey, full.decoded]).toEqual(['', '{\n  "a": 1\n}']);
});
