// What drags and keys make of a span, what the filter's text makes of it and back, and how bars become paths and words.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { histogramBarsMax, type TailHistogram } from '../../src/protocol/histogram.ts';
import type { PanelSubject } from '../../src/protocol/panel.ts';
import type { TailTick } from '../../src/protocol/tail.ts';
import { timeSpanOf } from '../../src/query/narrowTime.ts';
import type { TimeSpan } from '../../src/query/timeSpan.ts';
import {
  axisEndMs,
  axisOf,
  barAt,
  barsEndMs,
  draggedSpan,
  lookedBar,
  movedSpan,
  msAt,
  partOf,
} from '../../webview/histogram/axis.ts';
import {
  barsOf,
  countWords,
  drawingHeight,
  highestOf,
  layersOf,
  shardWords,
  wholeOf,
} from '../../webview/histogram/layers.ts';
import { barWords, momentWords } from '../../webview/histogram/words.ts';
import { initialModel } from '../../webview/state/panelModel.ts';
import { Store } from '../../webview/state/store.ts';
import { Timeline } from '../../webview/state/timeline.ts';

const startMs = Date.UTC(2026, 10, 28, 14, 5);
const histogram = (patch: Partial<TailHistogram> = {}): TailHistogram => ({
  ...{ startMs, barMs: 100, shards: [], all: Array.from({ length: 60 }, () => 1) },
  ...patch,
});
const axis = axisOf(histogram())!;
const at = (bar: number): number => startMs + bar * 100;

const histograms = fc
  .record({
    start: fc.integer({ min: 0, max: 1e9 }),
    doublings: fc.nat(20),
    bars: fc.integer({ min: 1, max: histogramBarsMax }),
  })
  .map(({ start, doublings, bars }) => {
    const barMs = 100 * 2 ** doublings;
    return histogram({ startMs: start * barMs, barMs, all: Array.from({ length: bars }, () => 1) });
  });

test('axisOf() ends with the last bar, but a few bars do not fill it', () => {
  expect(axisOf(undefined)).toBeUndefined();
  expect(axisOf(histogram({ all: [] }))).toBeUndefined();
  expect(axisEndMs(axis)).toBe(at(60));
  const small = axisOf(histogram({ all: [1] }))!;
  expect([barsEndMs(small), axisEndMs(small)]).toEqual([at(1), at(48)]);
  expect(axisOf(histogram({ shards: ['a', 'b'], all: [1, 1, 1, 1] }))).toMatchObject({ bars: 2 });
});

test('a drag is of whole bars, whichever way it goes, and of one at least', () => {
  fc.assert(
    fc.property(
      histograms,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(1000),
      (of, part, more) => {
        const on = axisOf(of)!;
        const [one, other] = [msAt(on, part), msAt(on, part + more / 1000)];
        const span = draggedSpan(on, [one, other]);
        expect(draggedSpan(on, [other, one])).toEqual(span);
        expect([span.fromMs % on.barMs, span.toMs % on.barMs]).toEqual([0, 0]);
        expect(span.toMs).toBeGreaterThan(span.fromMs);
        expect(span.fromMs).toBeLessThanOrEqual(one);
        expect(span.toMs).toBeGreaterThanOrEqual(other);
        expect(span.toMs - span.fromMs).toBeLessThan(other - one + 2 * on.barMs);
        expect(msAt(on, partOf(on, one))).toBeCloseTo(one, 0);
      },
    ),
  );
});

test('barAt() is the bar of a moment', () => {
  expect([at(0) - 1, at(0), at(59) + 99, at(60)].map((ms) => barAt(axis, ms))).toEqual([
    undefined,
    0,
    59,
    undefined,
  ]);
});

test.each<[string, boolean, TimeSpan | undefined, TimeSpan | 'all' | undefined]>([
  ['ArrowRight', false, undefined, { fromMs: at(1), toMs: at(60) }],
  ['ArrowLeft', true, undefined, { fromMs: at(0), toMs: at(59) }],
  ['ArrowLeft', false, undefined, 'all'],
  ['ArrowRight', true, undefined, 'all'],
  ['ArrowRight', false, { fromMs: at(3), toMs: at(5) }, { fromMs: at(4), toMs: at(5) }],
  ['ArrowRight', false, { fromMs: at(4), toMs: at(5) }, { fromMs: at(4), toMs: at(5) }],
  ['ArrowLeft', true, { fromMs: at(4), toMs: at(5) }, { fromMs: at(4), toMs: at(5) }],
  ['ArrowLeft', false, { fromMs: at(1), toMs: at(60) }, 'all'],
  ['PageUp', false, { fromMs: at(3), toMs: at(50) }, { fromMs: at(11), toMs: at(50) }],
  ['PageDown', true, { fromMs: at(3), toMs: at(50) }, { fromMs: at(3), toMs: at(42) }],
  ['Home', false, { fromMs: at(3), toMs: at(50) }, { fromMs: at(0), toMs: at(50) }],
  ['Home', true, { fromMs: at(3), toMs: at(50) }, { fromMs: at(3), toMs: at(4) }],
  ['End', false, { fromMs: at(3), toMs: at(50) }, { fromMs: at(49), toMs: at(50) }],
  ['End', true, { fromMs: at(3), toMs: at(50) }, { fromMs: at(3), toMs: at(60) }],
  // Between two bars, as somebody wrote it.
  ['ArrowRight', false, { fromMs: at(3) + 1, toMs: at(50) }, { fromMs: at(4), toMs: at(50) }],
  ['ArrowLeft', false, { fromMs: at(3) + 1, toMs: at(50) }, { fromMs: at(3), toMs: at(50) }],
  // Partly gone.
  ['ArrowRight', false, { fromMs: at(-30), toMs: at(5) }, { fromMs: at(0), toMs: at(5) }],
  ['Tab', false, undefined, undefined],
  // Its rows are gone, or in part: the nearest bar is left of it.
  ['ArrowRight', false, { fromMs: at(-30), toMs: at(-20) }, { fromMs: at(0), toMs: at(1) }],
  ['ArrowRight', true, { fromMs: at(-30), toMs: at(-20) }, { fromMs: at(0), toMs: at(1) }],
  ['PageDown', true, { fromMs: at(-30), toMs: at(-20) }, { fromMs: at(0), toMs: at(1) }],
  ['ArrowLeft', true, { fromMs: at(90), toMs: at(95) }, { fromMs: at(59), toMs: at(60) }],
  ['ArrowLeft', false, { fromMs: at(90), toMs: at(95) }, { fromMs: at(59), toMs: at(60) }],
  ['ArrowRight', true, { fromMs: at(-3), toMs: at(5) }, { fromMs: at(0), toMs: at(6) }],
  ['ArrowLeft', false, { fromMs: at(50), toMs: at(95) }, { fromMs: at(49), toMs: at(60) }],
])('%s (end: %s) moves an edge of %j', (key, isEnd, span, expected) => {
  expect(movedSpan(axis, { span, key, isEnd })).toEqual(expected);
});

test.each<[number | undefined, -1 | 0 | 1 | undefined, number | undefined]>([
  [undefined, undefined, undefined],
  [undefined, 1, 0],
  [undefined, -1, 59],
  [at(7), 1, 8],
  [at(7) + 1, -1, 6],
  [at(59), 1, 59],
  [at(0), -1, 0],
  // Bars that are gone, and those that were not there yet.
  [at(-5), 0, 0],
  [at(90), 0, 59],
])('lookedBar() of %s, a step of %s, is %s', (atMs, step, bar) => {
  expect(lookedBar(axis, { atMs, ...(step === undefined ? {} : { step }) })).toBe(bar);
  expect(lookedBar({ ...axis, bars: 0 }, { atMs, step: 1 })).toBeUndefined();
});

describe('the timeline', () => {
  const timeline = (zone: 'local' | 'utc', offset: number) => {
    const store = new Store({ ...initialModel, zone });
    const shown: boolean[] = [];
    const asked: unknown[] = [];
    let isRefused = false;
    const refuse = (): void => {
      isRefused = true;
    };
    const parts = {
      store,
      show: (isShown: boolean) => void shown.push(isShown),
      positionAt: async () => {
        if (isRefused) throw new Error('The tail is not open.');
        return { type: 'found', position: 7 } as const;
      },
      lead: (position: number) => void asked.push(position),
      save: () => {},
      utcOffsetMinutes: () => (zone === 'utc' ? 0 : offset),
      filter: (text: string, when: string) => {
        asked.push([text, when]);
        store.update({ filter: text });
      },
    };
    return { store, shown, asked, refuse, timeline: new Timeline(parts) };
  };

  test('a span goes into the text of the filter and comes back the same, in any zone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1e12, max: 3e12 }),
        fc.integer({ min: 1, max: 1e9 }),
        fc.constantFrom('local', 'utc'),
        fc.integer({ min: -48, max: 56 }),
        fc.constantFrom('', 'late', '$.a > 1', 'shard:1 -b'),
        (fromMs, lengthMs, zone, quarters, text) => {
          const it = timeline(zone, quarters * 15);
          const span = { fromMs, toMs: fromMs + lengthMs };
          it.store.update({ filter: text });
          it.timeline.narrow(span, 'now');
          const { filter } = it.store.get();
          expect(filter.startsWith(text)).toBe(true);
          for (const utcOffsetMinutes of [0, quarters * 15, 60]) {
            expect(timeSpanOf(filter, { nowMs: startMs, utcOffsetMinutes })).toEqual(span);
          }
          it.timeline.widen();
          expect(it.store.get().filter).toBe(text);
        },
      ),
    );
  });

  test('is asked for with each new tail while it is shown, and forgotten when it is folded away', () => {
    const it = timeline('utc', 0);
    const tick = (tail: number) => ({ tail, histogram: histogram() }) as TailTick;
    const met = (tail: number): void => {
      it.timeline.meetTail();
      it.store.update({ tick: tick(tail) });
      it.timeline.take(tick(tail));
    };
    met(1);
    // Where the panel is decides whether it is shown.
    expect(it.shown).toEqual([]);
    it.store.update({ subject: { where: 'editor' } as PanelSubject });
    it.timeline.settle();
    it.timeline.take(tick(1));
    expect(it.store.get().histogram).toBeDefined();
    met(2);
    expect(it.shown).toEqual([true, true]);
    it.timeline.toggle();
    expect(it.store.get()).toMatchObject({ isHistogramShown: false, histogram: undefined });
    it.timeline.take(tick(2));
    met(3);
    expect(it.store.get().histogram).toBeUndefined();
    it.timeline.toggle();
    expect(it.shown).toEqual([true, true, false, true]);
  });

  test('goes to a time, and tells why it could not', async () => {
    const it = timeline('utc', 0);
    await it.timeline.goTo(startMs);
    expect(it.asked).toEqual([7]);
    it.refuse();
    await it.timeline.goTo(startMs);
    expect(it.store.get().refusal).toBe('The tail is not open.');
  });
});

describe('the bars', () => {
  const two = histogram({
    shards: ['shardId-000000000000', 'shardId-000000000012'],
    all: [100, 100, 1, 0],
    matching: [50, 0, 1, 0],
  });

  test('are one path for all records and one for each shard that has some', () => {
    const layers = layersOf(two);
    expect(layers.map(({ name }) => name)).toEqual(['behind', 'shard-0']);
    // The first bar is as high as the drawing, what matches a quarter of it; one record is seen too.
    expect(layers[0]!.path).toBe(`M0 0h8.5v${drawingHeight}h-8.5zM10 95h8.5v5h-8.5z`);
    expect(layers[1]!.path).toBe('M0 75h8.5v25h-8.5zM10 95h8.5v5h-8.5z');
    expect(layersOf({ ...two, matching: two.all }).map(({ name }) => name)).toHaveLength(3);
    const { matching: _, ...unfiltered } = two;
    expect(layersOf(unfiltered).map(({ name, path }) => [name, path.slice(0, 18)])).toEqual([
      ['shard-0', 'M0 50h8.5v50h-8.5z'],
      ['shard-1', 'M0 0h8.5v50h-8.5z'],
    ]);
  });

  test('are words too: how many, how many match, and the share of each shard', () => {
    const [first, second] = barsOf(two);
    expect(highestOf([first!, second!])).toBe(200);
    expect(countWords(first!, true)).toBe('200 records, 50 match');
    expect(countWords(second!, true)).toBe('1 record, 1 matches');
    expect(countWords(second!, false)).toBe('1 record');
    expect(shardWords(two, first!).map(({ words }) => words)).toEqual([
      'Shard 0: 100 (50 %), 50 match',
      'Shard 12: 100 (50 %), 0 match',
    ]);
    expect(shardWords(two, second!)).toHaveLength(1);
    expect(wholeOf(two)).toMatchObject({ all: 201, matching: 51 });
    expect(shardWords(histogram(), wholeOf(histogram()))).toEqual([]);
  });

  test('say how long they are and when they begin, as precisely as they are', () => {
    expect([100, 800, 1600, 51_200, 204_800, 3_276_800].map(barWords)).toEqual([
      ...['100 ms', '800 ms', '1.6 s', '51.2 s', '3 min 24 s', '54 min 36 s'],
    ]);
    const look = { zone: 'utc', nowMs: startMs } as const;
    expect(momentWords(startMs + 1250, look)).toBe('14:05:01.250');
    expect(momentWords(startMs + 1000, look)).toBe('14:05:01');
    expect(momentWords(startMs - 86_400_000, look)).toBe('27 Nov 14:05:00');
  });
});
