// The histogram's counts against a plain count over the rows held, whatever they do; when it is told; and the way to
// a time or a record in the rows.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  histogramBarsMax,
  histogramShardsMax,
  type TailHistogram,
} from '../../src/protocol/histogram.ts';
import { Histogram } from '../../src/tail/histogram.ts';
import { sliceRows } from '../../src/tail/histogramFeed.ts';
import { Ring } from '../../src/tail/ring.ts';
import { seek } from '../../src/tail/seek.ts';
import { View } from '../../src/tail/view.ts';
import { TEST_EPOCH_MS } from '../support/testClock.ts';
import { recordsOf, tailing } from './support/openTail.ts';
import { type Put, parts, put } from './support/ringRows.ts';

/** Counted plainly: `start of the bar, shard` -> records. */
function naive(slots: readonly number[], { ring, told }: { ring: Ring; told: TailHistogram }) {
  const counts = new Map<string, number>();
  for (const slot of slots) {
    const { store } = ring;
    if (!store.isRecord(slot) || store.arrivalOf(slot) <= 0) continue;
    const startMs = Math.floor(store.arrivalOf(slot) / told.barMs) * told.barMs;
    const cell = `${startMs} ${told.shards.length > 0 ? store.shardIdOf(slot) : ''}`;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  return counts;
}

function cellsOf(told: TailHistogram, counts: readonly number[]): Map<string, number> {
  const columns = Math.max(1, told.shards.length);
  const cells = new Map<string, number>();
  for (const [index, count] of counts.entries()) {
    const startMs = told.startMs + Math.floor(index / columns) * told.barMs;
    if (count > 0) cells.set(`${startMs} ${told.shards[index % columns] ?? ''}`, count);
  }
  return cells;
}

const slotsIn = (count: number, at: (index: number) => number): number[] =>
  Array.from({ length: count }, (_, index) => at(index));

const deed = fc.oneof(
  fc.record({
    puts: fc.array(
      fc.record({
        text: fc.constantFrom('alpha', 'beta', 'alpha beta'),
        shard: fc.oneof(fc.nat(3), fc.nat(9)),
        laterMs: fc.oneof(fc.nat(50), fc.nat(5000), fc.constantFrom(0, 0, 3e6, 4e8)),
        lateMs: fc.oneof(fc.constant(0), fc.nat(8000), fc.constantFrom(1e6, 2e12)),
        fallsMs: fc.oneof(fc.constant(0), fc.nat(300)),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  }),
  fc.record({ filter: fc.constantFrom('', 'alpha', '"alpha beta"', 'none', 'shard:2') }),
  fc.record({ view: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ counted: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ rowsMax: fc.integer({ min: 1, max: 40 }) }),
  fc.constant({ refine: true }),
  fc.constantFrom({ event: true }, { clear: true }, { anew: true }),
);

test('the counts are those of a plain count over the rows, whatever they do', () => {
  let [refined, joined, partly] = [0, 0, 0];
  const property = fc.property(fc.array(deed, { maxLength: 120, size: 'max' }), (deeds) => {
    const ring = new Ring({ rowsMax: 30, bytesMax: 1e9 });
    const view = new View(ring, parts);
    let histogram = new Histogram(ring, view);
    let nowMs = TEST_EPOCH_MS;
    const compare = (isWhole: boolean): void => {
      const told = histogram.take();
      expect(told.all.length / Math.max(1, told.shards.length)).toBeLessThanOrEqual(
        histogramBarsMax,
      );
      expect(told.startMs % told.barMs).toBe(0);
      expect(Math.log2(told.barMs / 100) % 1).toBe(0);
      expect(told.shards.length).toBeLessThanOrEqual(histogramShardsMax);
      const held = naive(
        slotsIn(ring.length, (index) => ring.at(index)),
        { ring, told },
      );
      const shown = slotsIn(view.end - view.first, (index) => view.at(view.first + index)!);
      const chosen = naive(shown, { ring, told });
      const lists = told.matching
        ? ([
            [told.all, held],
            [told.matching, chosen],
          ] as const)
        : ([[told.all, held]] as const);
      for (const [list, wanted] of lists) {
        const cells = cellsOf(told, list);
        if (isWhole) expect(cells).toEqual(wanted);
        for (const [cell, count] of cells) expect(count).toBeLessThanOrEqual(wanted.get(cell) ?? 0);
      }
      if (told.shards.length === 0 && ring.records > 0) joined++;
    };
    for (const step of deeds) {
      if ('puts' in step) {
        put(
          ring,
          ...step.puts.map(({ laterMs, lateMs, fallsMs, text, shard }) => {
            nowMs += laterMs;
            const orderMs = nowMs - lateMs;
            return { text, shard, orderMs, arrivedMs: orderMs - fallsMs };
          }),
        );
      } else if ('filter' in step) view.setFilter(step.filter, { nowMs });
      else if ('view' in step) view.advance({ rows: step.view, ms: 1e9 });
      else if ('counted' in step) histogram.advance(step.counted);
      else if ('rowsMax' in step) ring.setBounds({ rowsMax: step.rowsMax, bytesMax: 1e9 });
      else if ('event' in step) {
        ring.show([ring.keepEvent({ orderMs: nowMs, atMs: nowMs, tone: 'info', text: 'x' })]);
      } else if ('clear' in step) ring.clear();
      else if ('refine' in step) refined += histogram.refine() ? 1 : 0;
      else {
        histogram.dispose();
        histogram = new Histogram(ring, view);
      }
      partly += histogram.isComplete ? 0 : 1;
      compare(histogram.isComplete);
    }
    while (!histogram.advance(7)) compare(false);
    compare(true);
  });
  fc.assert(property, { numRuns: 300 });
  // All ways were gone.
  for (const count of [refined, joined, partly]) expect(count).toBeGreaterThan(50);
});

describe('the bars', () => {
  const filled = (records: readonly Put[], rowsMax = 1e6) => {
    const ring = new Ring({ rowsMax, bytesMax: 1e9 });
    const view = new View(ring, parts);
    const histogram = new Histogram(ring, view);
    for (const record of records) put(ring, record);
    return { ring, view, histogram };
  };
  const every = (stepMs: number, count: number, fromMs = TEST_EPOCH_MS): Put[] =>
    Array.from({ length: count }, (_, index) => ({ arrivedMs: fromMs + index * stepMs }));

  test('are 100 ms long, and twice that whenever they are too many', () => {
    const { ring, histogram } = filled(every(100, histogramBarsMax));
    expect(histogram.take()).toEqual({
      startMs: TEST_EPOCH_MS,
      barMs: 100,
      shards: ['shardId-000000000000'],
      all: Array.from({ length: histogramBarsMax }, () => 1),
    });
    put(ring, { arrivedMs: TEST_EPOCH_MS + histogramBarsMax * 100 });
    const { barMs, all } = histogram.take();
    expect([barMs, all.length, all[0], all.at(-1)]).toEqual([200, histogramBarsMax / 2 + 1, 2, 1]);
    put(ring, { arrivedMs: TEST_EPOCH_MS + 86_400_000 });
    expect(histogram.take().barMs).toBe(1_638_400);
  });

  test('become short again once most rows have gone', () => {
    const burst = every(20, 400, TEST_EPOCH_MS + 3_600_000);
    const { ring, histogram } = filled([{ arrivedMs: TEST_EPOCH_MS }, ...burst], 400);
    expect(histogram.take()).toMatchObject({ barMs: 51_200, all: [400] });
    expect(histogram.refine()).toBe(true);
    expect(histogram.isChanged).toBe(false);
    put(ring, { arrivedMs: TEST_EPOCH_MS + 3_608_000 });
    while (!histogram.advance(50)) expect(histogram.isChanged).toBe(false);
    const { barMs, all } = histogram.take();
    expect([barMs, all.length, all[3]]).toEqual([100, 81, 5]);
    expect(histogram.refine()).toBe(false);
  });

  test('tell six shards apart, and of more none', () => {
    // By their ids, whoever came first.
    const records = every(10, 6).map((record, index) => ({ ...record, shard: 5 - index }));
    const { ring, histogram } = filled(records);
    expect(histogram.take()).toMatchObject({ all: [1, 1, 1, 1, 1, 1] });
    expect(histogram.take().shards[5]).toBe('shardId-000000000005');
    put(ring, { arrivedMs: TEST_EPOCH_MS + 30, shard: 6 });
    expect(histogram.take()).toMatchObject({ shards: [], all: [7] });
  });
});

const hundred = Array.from({ length: 100 }, (_, index) => `{"n":${index}}`);

describe('a tab', () => {
  test('counts and tells nothing until it is asked, nor while it is hidden', async () => {
    const { clock, stream, shard, tab, ticks } = await tailing();
    const isCounted = () => tab.view.watcher !== undefined;
    for (const text of hundred) stream.put(shard, text);
    await clock.advance(2000);
    expect(ticks.filter(({ histogram }) => histogram)).toEqual([]);
    expect(isCounted()).toBe(false);
    tab.showHistogram(true);
    await clock.advance(1000);
    expect(ticks.at(-1)!.histogram).toMatchObject({ all: [100] });
    tab.show(false);
    expect(isCounted()).toBe(false);
    stream.put(shard, '{}');
    await clock.advance(3000);
    tab.show(true);
    await clock.advance(1000);
    expect(ticks.findLast(({ histogram }) => histogram)!.histogram!.all.at(-1)).toBe(1);
    tab.showHistogram(false);
    expect(isCounted()).toBe(false);
  });

  test('tells it with two ticks a second at most, the last change too, and not unless it changed', async () => {
    const { clock, stream, shard, tab, ticks } = await tailing();
    tab.showHistogram(true);
    await clock.advance(1000);
    ticks.length = 0;
    for (const text of hundred) {
      stream.put(shard, text);
      await clock.advance(100);
    }
    await clock.advance(1000);
    const told = ticks.flatMap(({ histogram }) => histogram ?? []);
    expect(ticks.length).toBeGreaterThan(60);
    expect(told.length).toBeGreaterThan(15);
    expect(told.length).toBeLessThanOrEqual(22);
    expect(told.at(-1)!.all.reduce((sum, count) => sum + count)).toBe(100);
    ticks.length = 0;
    await clock.advance(5000);
    expect(ticks.filter(({ histogram }) => histogram)).toEqual([]);
  });

  test('counts many rows in slices, and follows the slices of a filter', async () => {
    const { clock, stream, shard, tab, ticks } = await tailing(
      {},
      {
        bounds: { rowsMax: 1e6, bytesMax: 1e9 },
      },
    );
    for (let at = 0; at < sliceRows + 10_000; at++) stream.put(shard, at % 3 ? 'odd' : 'third');
    await clock.advance(20_000);
    ticks.length = 0;
    tab.showHistogram(true);
    await clock.advance(2000);
    const sums = ticks.flatMap(({ histogram }) => histogram?.all.reduce((a, b) => a + b, 0) ?? []);
    expect(sums).toEqual([sliceRows, sliceRows + 10_000]);
    tab.filter({ text: 'third' });
    await clock.advance(2000);
    const { histogram } = ticks.findLast((tick) => tick.histogram)!;
    expect(histogram!.matching!.reduce((a, b) => a + b)).toBe((sliceRows + 10_000) / 3);
    tab.filter({ text: '' });
    await clock.advance(2000);
    expect(ticks.findLast((tick) => tick.histogram)!.histogram).not.toHaveProperty('matching');
  });

  test('leads to the first row at a time or later, and to a record, and says when it is filtered', async () => {
    const { clock, stream, shard, tab } = await tailing();
    for (const text of hundred) {
      stream.put(shard, text);
      await clock.advance(1000);
    }
    await clock.advance(1000);
    const rows = recordsOf(tab);
    const { arrivedMs, sequenceNumber, position } = rows[40]!;
    expect(await tab.positionAt({ timestampMs: arrivedMs })).toEqual({ type: 'found', position });
    expect(await tab.positionAt({ timestampMs: arrivedMs - 999 })).toEqual({
      type: 'found',
      position,
    });
    expect(await tab.positionAt({ sequenceNumber })).toEqual({ type: 'found', position });
    // It was read from the horizon: nothing came before its first row.
    expect(await tab.positionAt({ timestampMs: rows[0]!.arrivedMs - 1 })).toEqual({
      ...{ type: 'found', position: rows[0]!.position },
    });
    expect(await tab.positionAt({ timestampMs: rows[99]!.arrivedMs + 1 })).toEqual({
      type: 'notYet',
    });
    expect(await tab.positionAt({ sequenceNumber: `${sequenceNumber}0` })).toEqual({
      type: 'notHeld',
    });
    expect(await tab.positionAt({ sequenceNumber: '4' })).toEqual({ type: 'notHeld' });
    tab.filter({ text: '$.n >= 50' });
    await clock.advance(10);
    const first = recordsOf(tab)[0]!;
    expect(await tab.positionAt({ timestampMs: arrivedMs })).toEqual({
      ...{ type: 'found', position: first.position },
    });
    expect(await tab.positionAt({ sequenceNumber })).toEqual({ type: 'filtered' });
    tab.filter({ text: '$.n < 10' });
    await clock.advance(10);
    expect(await tab.positionAt({ timestampMs: arrivedMs })).toEqual({ type: 'filtered' });
  });
});

test('seek() finds the first row that is late enough where arrival times fall', () => {
  const ring = new Ring({ rowsMax: 100, bytesMax: 1e9 });
  const view = new View(ring, parts);
  const arrivals = [100, 300, 200, 250, 300, 400];
  const reading = { start: { type: 'LATEST' }, startedMs: 0, shard: () => undefined } as const;
  let orderMs = 0;
  const records = arrivals.map((arrivedMs) => {
    orderMs = Math.max(orderMs, arrivedMs);
    return { arrivedMs, orderMs };
  });
  put(ring, ...records);
  for (let timestampMs = 100; timestampMs <= 400; timestampMs += 50) {
    const position = arrivals.findIndex((arrivedMs) => arrivedMs >= timestampMs);
    expect(seek({ timestampMs }, { ring, view, reading })).toEqual({ type: 'found', position });
  }
});
