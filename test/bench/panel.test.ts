// The tail's panel in the real workbench: what it takes, what it costs its window, and that nothing is lost.
import { setTimeout as pause } from 'node:timers/promises';
import type { Frame } from 'playwright-core';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { seededRandom } from '../support/seededRandom.ts';
import { StreamPanel } from '../ui/support/streamPanel.ts';
import {
  type BenchWindow,
  openBenchWindow,
  openTail,
  otherFile,
  rowsMax,
} from './panel/benchWindow.ts';
import { keepFigures } from './panel/keptFigures.ts';
import { PageProbe, pageWork, type Scrolled } from './panel/pageProbe.ts';
import { documentRequests, putAll, putAtRate } from './panel/puts.ts';
import { median, percentile } from './statistics.ts';

let bench: BenchWindow;

beforeAll(async () => {
  bench = await openBenchWindow();
});

afterEach(async () => {
  const { window, probe } = bench;
  await probe.ask('closeEditors');
  const isPage = (frame: Frame): boolean => frame.url().includes('/fake.html');
  await vi.waitUntil(() => !window.page.frames().some(isPage), 20_000);
});

const nowMs = (): number => performance.timeOrigin + performance.now();

test('put to pixel', async () => {
  const { window, probe, client } = bench;
  const [puts, warmUps, betweenMs] = [60, 5, 125];
  const frame = await openTail(bench, 'pixels');
  const panel = await PageProbe.in(frame, 'watchRows');
  await probe.ask('openPage');
  const bare = await PageProbe.in(await window.webview('#bare-line'), 'watchRows');
  const requests = documentRequests({ stream: 'pixels', bytes: 200, records: 1 });
  const sent: { number: string; sentMs: number; answeredMs: number }[] = [];
  const posted: { number: string; sentMs: number }[] = [];
  for (let index = 0; index < puts + warmUps; index++) {
    await pause(betweenMs);
    const sentMs = nowMs();
    const { body } = await client.send(requests[index % requests.length]!);
    const answeredMs = nowMs();
    const { SequenceNumber: number } = JSON.parse(body.toString()).Records[0];
    sent.push({ number, sentMs, answeredMs });
    await pause(betweenMs);
    posted.push({ number: `n${index}`, ...(await probe.ask('post', { number: `n${index}` })) });
  }
  await vi.waitUntil(async () => sent.at(-1)!.number in (await panel.drawnMs()), 20_000);
  await vi.waitUntil(async () => posted.at(-1)!.number in (await bare.drawnMs()), 20_000);
  const [drawn, control] = [await panel.drawnMs(), await bare.drawnMs()];
  const times = (from: 'sentMs' | 'answeredMs') =>
    sent.slice(warmUps).map((put) => drawn[put.number]! - put[from]);
  const bareTimes = posted.slice(warmUps).map(({ number, sentMs }) => control[number]! - sentMs);
  const figuresOf = (values: number[]) => ({
    p50Ms: median(values),
    p90Ms: percentile(values, 0.9),
  });
  keepFigures('putToPixel', {
    'from the answer': figuresOf(times('answeredMs')),
    'from the sending': figuresOf(times('sentMs')),
    'bare message': figuresOf(bareTimes),
  });
  expect(sent.filter(({ number }) => !(number in drawn))).toEqual([]);
  expect(posted.filter(({ number }) => !(number in control))).toEqual([]);
});

test('following 5,000 records a second', async () => {
  const { window, probe, client } = bench;
  const [recordsPerSecond, seconds] = [5000, 5];
  const frame = await openTail(bench, 'follow');
  const page = await PageProbe.in(frame, 'watchMessages');
  const work = await pageWork(window.page);
  /** Of one slice, per second. */
  const slice = async (doing: () => Promise<number>) => {
    await probe.ask('startDelay');
    const [hostMs, before, came, began] = [
      probe.mainThreadMs(),
      await work(),
      await page.came(),
      performance.now(),
    ];
    const records = await doing();
    const [after, took] = [await work(), (performance.now() - began) / 1000];
    return {
      records,
      hostMsPerSecond: (probe.mainThreadMs() - hostMs) / took,
      recordsPerSecond: records / took,
      delayP99Ms: (await probe.ask('delay')).p99Ms,
      scriptMsPerSecond: ((after.scriptSeconds - before.scriptSeconds) * 1000) / took,
      layoutMsPerSecond: ((after.layoutSeconds - before.layoutSeconds) * 1000) / took,
      messagesPerSecond: ((await page.came()).messages - came.messages) / took,
    };
  };
  const idle = async (): Promise<number> => {
    await pause(seconds * 1000);
    return 0;
  };
  const load = (): Promise<number> =>
    putAtRate(client, { stream: 'follow', bytes: 1024, records: 250, recordsPerSecond, seconds });
  await client.refresh();
  let acknowledged = await load();
  const [idles, loads] = [[await slice(idle), await slice(idle)], [] as Slice[]];
  await client.refresh();
  for (let round = 0; round < 4; round++) loads.push(await slice(load));
  for (const { records } of loads) acknowledged += records;
  await probe.untilTick(({ received }) => received === acknowledged);
  idles.push(await slice(idle));
  const tick = await probe.ask('tick');
  const [atIdle, atLoad] = [medians(idles), medians(loads)];
  keepFigures('follow', {
    idle: atIdle,
    load: atLoad,
    difference: {
      hostMsPer1000:
        ((atLoad.hostMsPerSecond - atIdle.hostMsPerSecond) * 1000) / atLoad.recordsPerSecond,
      scriptMsPerSecond: atLoad.scriptMsPerSecond - atIdle.scriptMsPerSecond,
      layoutMsPerSecond: atLoad.layoutMsPerSecond - atIdle.layoutMsPerSecond,
    },
  });
  expect(tick.records?.held).toBe(acknowledged);
  await expect.poll(() => page.rowCount()).toBe(tick.view!.end - tick.view!.first);
});

type Slice = Record<
  | 'records'
  | 'hostMsPerSecond'
  | 'recordsPerSecond'
  | 'delayP99Ms'
  | 'scriptMsPerSecond'
  | 'layoutMsPerSecond'
  | 'messagesPerSecond',
  number
>;

function medians(slices: readonly Slice[]): Omit<Slice, 'records'> {
  const of = (name: keyof Slice): number => median(slices.map((slice) => slice[name]));
  return {
    hostMsPerSecond: of('hostMsPerSecond'),
    recordsPerSecond: of('recordsPerSecond'),
    delayP99Ms: of('delayP99Ms'),
    scriptMsPerSecond: of('scriptMsPerSecond'),
    layoutMsPerSecond: of('layoutMsPerSecond'),
    messagesPerSecond: of('messagesPerSecond'),
  };
}

/** Ticks of the worker, and what the host asks of it for the page; the tree asks it for other things. */
const isOfTail = (what: string): boolean => /tick|tail/i.test(what);

test('hidden', async () => {
  const { window, probe, client } = bench;
  const frame = await openTail(bench, 'hidden');
  const load = { stream: 'hidden', bytes: 200, records: 100, recordsPerSecond: 1000, seconds: 5 };
  const counted = async () => {
    await client.refresh();
    await probe.ask('startCounts');
    const records = await putAtRate(client, load);
    const counts = await probe.ask('counts');
    const ofTail = Object.entries(counts).filter(([what]) => isOfTail(what));
    return { ofTail, records, messages: ofTail.reduce((sum, [, count]) => sum + count, 0) };
  };
  const shown = await counted();
  await window.openFile(otherFile);
  await vi.waitUntil(() => frame.isDetached(), 20_000);
  const hidden = await counted();
  await window.editorTab('hidden').click();
  await StreamPanel.of(window);
  const acknowledged = shown.records + hidden.records;
  const tick = await probe.untilTick(({ received }) => received === acknowledged);
  keepFigures('hidden', {
    shown: { messages: shown.messages },
    hidden: { messages: hidden.messages },
  });
  expect(shown.messages).toBeGreaterThan(0);
  expect(hidden.ofTail).toEqual([]);
  expect(tick.records?.held).toBe(acknowledged);
});

test('a million rows under the thumb', async () => {
  const { probe, client } = bench;
  const frame = await openTail(bench, 'million');
  const random = seededRandom(20);
  await putAll(client, rowsMax, { stream: 'million', bytes: 200, records: 500 });
  const tick = await probe.untilTick(({ received }) => received === rowsMax);
  const page = await PageProbe.in(frame, 'watchMessages');
  await expect.poll(() => page.rowCount(), { timeout: 20_000 }).toBe(rowsMax);
  const moves: Scrolled[] = [];
  for (let move = 0; move < 40; move++) moves.push(await page.scrollTo(random.fraction()));
  const frames = moves.map((move) => move.frames);
  const blankAtRest = moves.reduce((sum, move) => sum + move.blankAtRest, 0);
  keepFigures('millionRows', {
    thumb: {
      framesP50: median(frames),
      framesP95: percentile(frames, 0.95),
      framesMax: Math.max(...frames),
      pageP50Ms: median(moves.map(({ pageMs }) => pageMs)),
      drawP50Ms: median(moves.map(({ drawMs }) => drawMs)),
      blankAtRest,
    },
    held: { rows: tick.held!.rows, MiB: tick.held!.bytes / 2 ** 20 },
  });
  expect(moves).toHaveLength(40);
  expect(blankAtRest).toBe(0);
  expect(tick.held!.rows).toBe(rowsMax);
});
