// Several tabs of one tail: read once, shown to each as it asks; a hidden one costs nothing.
import { expect, test } from 'vitest';
import { plainDecoder } from '../../src/decode/decodeRecord.ts';
import type { RecordRow, TailPage, TailTick } from '../../src/protocol/tail.ts';
import type { TailSession } from '../../src/tail/tailSession.ts';
import { timeBox } from '../../src/worker/timeBox.ts';
import { TestClock } from '../support/testClock.ts';
import { FakeStream } from './support/fakeStream.ts';
import { numbers, openTail, recordsOf, tailing } from './support/openTail.ts';

function second(session: TailSession) {
  const ticks: TailTick[] = [];
  const tick = (tick: TailTick) => ticks.push(tick);
  return { tab: session.openTab({ tail: 2, decoder: plainDecoder, timeBox, tick }), ticks };
}

test('two tabs read a stream once, and each shows what its own filter chooses', async () => {
  const { clock, stream, shard, session, tab } = await tailing();
  for (const text of ['even 0', 'odd 1', 'even 2']) stream.put(shard, text);
  await clock.advance(500);
  const calls = stream.calls.get('GetRecords');
  const other = second(session);
  expect(numbers(recordsOf(other.tab))).toEqual(['even 0', 'odd 1', 'even 2']);
  expect(stream.calls.get('GetRecords')).toBe(calls);
  other.tab.filter({ text: 'odd' });
  stream.put(shard, 'odd 3');
  await clock.advance(500);
  expect(numbers(recordsOf(tab))).toEqual(['even 0', 'odd 1', 'even 2', 'odd 3']);
  expect(numbers(recordsOf(other.tab))).toEqual(['odd 1', 'odd 3']);
  expect(other.ticks.at(-1)).toMatchObject({ tail: 2, filter: 'odd', received: 4 });
  expect(tab.tick()).toMatchObject({ tail: 1, filter: '', received: 4 });
});

test('what one tab pauses, resumes and starts elsewhere is so in the other', async () => {
  const { clock, stream, shard, session, ticks } = await tailing();
  const other = second(session);
  stream.put(shard, 'a');
  await clock.advance(500);
  session.pause();
  await clock.advance(200);
  expect([ticks.at(-1)!.state, other.ticks.at(-1)!.state]).toEqual(['paused', 'paused']);
  session.restart({ type: 'TRIM_HORIZON' });
  await clock.advance(500);
  expect(other.ticks.at(-1)!.state).toBe('live');
  expect(numbers(recordsOf(other.tab))).toEqual(['a']);
});

test('a hidden tab tells nothing and runs no timer, and a closed one ends no reading', async () => {
  const { clock, stream, shard, session, tab, ticks } = await tailing();
  const other = second(session);
  for (let index = 0; index < 60_000; index++) stream.put(shard, `row ${index}`);
  await clock.advance(2000);
  tab.show(false);
  other.tab.show(false);
  tab.filter({ text: '"row 7"' });
  const told = ticks.length;
  // One timer for the shard's next call, one for the next listing.
  expect(clock.pendingTimers).toBe(2);
  stream.put(shard, 'row 70000');
  await clock.advance(2000);
  expect(ticks.length).toBe(told);
  tab.show(true);
  await clock.advance(100);
  expect(ticks.at(-1)!.records.matching).toBe(1112);
  session.closeTab(other.tab);
  stream.put(shard, 'row 70001');
  await clock.advance(500);
  expect(ticks.at(-1)!.records.matching).toBe(1113);
});

test('ticks say that not all were looked at until a last one has the count, of a paused tail too', async () => {
  const { clock, stream, shard, session, tab, ticks } = await tailing();
  for (let index = 0; index < 60_000; index++) stream.put(shard, `row ${index}`);
  await clock.advance(2000);
  session.pause();
  await clock.advance(200);
  ticks.length = 0;
  tab.filter({ text: '"row 7"' });
  expect(ticks).toMatchObject([{ isLooking: true, filter: '"row 7"' }]);
  await clock.advance(2000);
  expect(ticks.at(-1)!.records).toEqual({ held: 60_000, matching: 1111 });
  expect(ticks.at(-1)).not.toHaveProperty('isLooking');
  tab.filter({ text: 'row' });
  tab.show(false);
  await clock.advance(2000);
  expect(ticks.at(-1)!.isLooking).toBe(true);
  tab.show(true);
  await clock.advance(2000);
  expect(ticks.at(-1)!.records.matching).toBe(60_000);
  expect(ticks.at(-1)).not.toHaveProperty('isLooking');
});

test('who follows gets each of the newest rows with a tick, once, up to as many as are drawn', async () => {
  const { clock, stream, shard, session } = await tailing();
  const pages: (TailPage | undefined)[] = [];
  const tick = (_: TailTick, newest?: TailPage) => pages.push(newest);
  const tab = session.openTab({ tail: 2, decoder: plainDecoder, timeBox, tick });
  const come = async (texts: string[], waitMs = 500) => {
    pages.length = 0;
    for (const text of texts) stream.put(shard, text);
    await clock.advance(waitMs);
    return pages.flatMap((page) => page ?? []);
  };
  const texts = (of: TailPage[]) => of.flatMap(({ rows }) => numbers(rows as RecordRow[]));
  expect(await come(['unseen'])).toEqual([]);
  tab.followNewest({ count: 3, paths: ['$.n'] });
  const first = await come(['{"n":1}']);
  expect(texts(first)).toEqual(['unseen', '{"n":1}']);
  expect(first[0]).toMatchObject({ from: 0, generation: tab.view.generation, paths: ['$.n'] });
  expect(texts(await come(['2']))).toEqual(['2']);
  expect(texts(await come(['3', '4', '5', '6', '7']))).toEqual(['5', '6', '7']);
  expect(await come([])).toEqual([]);
  pages.length = 0;
  tab.filter({ text: '2 or 7' });
  await clock.advance(500);
  expect(texts(pages.flatMap((page) => page ?? []))).toEqual(['2', '7']);
  tab.followNewest({ count: 0 });
  expect(await come(['27'])).toEqual([]);
});

test('a tail that may hold less gives up its oldest rows at once', async () => {
  const { clock, stream, shard, session, tab } = await tailing();
  for (let index = 0; index < 100; index++) stream.put(shard, `${index}`);
  await clock.advance(500);
  session.setBounds({ rowsMax: 10, bytesMax: 1e9 });
  await clock.advance(200);
  expect(numbers(recordsOf(tab))).toEqual(Array.from({ length: 10 }, (_, at) => `${90 + at}`));
  expect(tab.tick()).toMatchObject({ held: { rows: 10 }, bounds: { rowsMax: 10 } });
});

test('ticks come at most ten times a second, and less often while rows go by faster than can be read', async () => {
  const { clock, stream, shard, ticks } = await tailing();
  const ticksOf = async (rowsPerSecond: number) => {
    const before = ticks.length;
    for (let step = 0; step < 40; step++) {
      for (let row = 0; row < rowsPerSecond / 20; row++) stream.put(shard, 'x');
      await clock.advance(50);
    }
    return (ticks.length - before) / 2;
  };
  await ticksOf(200);
  expect(await ticksOf(200)).toBeLessThanOrEqual(10);
  expect(await ticksOf(200)).toBeGreaterThan(3);
  await ticksOf(3000);
  expect(await ticksOf(3000)).toBe(5);
  await ticksOf(5000);
  expect(await ticksOf(5000)).toBeLessThanOrEqual(3.5);
});

test('times in a filter are those that the user saw then, also before the clocks were set', async () => {
  const clock = new TestClock(Date.UTC(2026, 9, 24, 12, 30));
  const stream = new FakeStream({ clock, shards: 1 });
  const { session, tab } = openTail({ stream, clock });
  stream.put(stream.shards[0]!, 'a day ago');
  await clock.advance(500);
  session.pause();
  await clock.advance(23.5 * 60 * 60_000);
  const found = (text: string, timeZone?: string) => {
    tab.filter({ text, timeZone });
    return tab.tick().records.matching;
  };
  // In Berlin it was 14:30 two hours east of UTC; it is 13:00 one hour east of it.
  expect(found('arrived>=2026-10-24T14:00', 'Europe/Berlin')).toBe(1);
  expect(found('arrived>=2026-10-24T14:31', 'Europe/Berlin')).toBe(0);
  expect(found('arrived>=14:30 arrived<14:31', 'Europe/Berlin')).toBe(1);
  expect(found('arrived>=2026-10-24T14:00', 'UTC')).toBe(0);
});
