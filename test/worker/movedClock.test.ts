// Tails and exports of an engine whose clock was moved: each "now" is the engine's, as the window tells it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ClockStatus } from '../../src/admin/controls.ts';
import type { ExportedRange } from '../../src/protocol/export.ts';
import type { TailStart } from '../../src/protocol/tail.ts';
import { nodeClock } from '../../src/worker/nodeClock.ts';
import { LocalEngine } from './support/localEngine.ts';
import { TestWorker } from './support/testWorker.ts';

const hourMs = 3_600_000;
const connection = 'local';
const stream = 'flights';
const holds = { rowsMax: 1000, bytesMax: 2 ** 24, windowBytesMax: 2 ** 24 };
const utf8 = new TextEncoder();

/** An engine, and a worker that knows its clock; `step` moves it, and only `tell` says so. */
async function opened() {
  let aheadMs = 0;
  const clock = { ...nodeClock, now: () => nodeClock.now() + aheadMs };
  const local = await LocalEngine.start({}, clock);
  onTestFinished(() => local.stop());
  const worker = new TestWorker();
  await worker.channel.call('connect', local.connection);
  await local.engine.createStream({ StreamName: stream, ShardCount: 1 });
  await local.untilActive(stream);
  const step = (ms: number): void => {
    aheadMs += ms;
  };
  const tell = async (): Promise<void> => {
    const nowMs = clock.now();
    const status: ClockStatus = { nowMs, now: new Date(nowMs).toISOString(), aheadMs, rate: 1 };
    await worker.channel.call('setClock', { connection, clock: status });
  };
  const put = (text: string) =>
    local.engine.putRecord({ StreamName: stream, PartitionKey: 'k', Data: utf8.encode(text) });
  const open = async (start: TailStart): Promise<number> =>
    (await worker.channel.call('openTail', { connection, stream, start, ...holds })).tail;
  return { clock, worker, step, tell, put, open };
}

/** What is in the file, and what the export warned of. */
async function exported(worker: TestWorker, range: Pick<ExportedRange, 'start' | 'query'>) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'export-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'a.jsonl');
  const { end, warnings } = await worker.channel.call('exportRecords', {
    ...{ job: 1, format: 'jsonl', path: file, part: `${file}.part` },
    what: { type: 'range', connection, stream, ...range },
  });
  expect(end).toBe('done');
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return { data: lines.map((line) => JSON.parse(line).data), warnings };
}

test("a tail that is to stop in ten minutes stops when the engine's clock was stepped past them", async () => {
  const { clock, worker, step, tell, open } = await opened();
  const tail = await open({ type: 'TRIM_HORIZON' });
  await worker.tick(tail, ({ state }) => state === 'live');
  const stop = { type: 'AT_TIMESTAMP', timestampMs: clock.now() + 600_000 } as const;
  await worker.channel.call('stopTail', { tail, stop });
  step(hourMs);
  await tell();
  await worker.tick(tail, ({ state }) => state === 'paused');
  expect(await worker.records(tail)).toEqual([]);
});

test("a tail that is to stop in ten minutes reads on while the engine's clock is a day ahead", async () => {
  const { clock, worker, step, tell, put, open } = await opened();
  step(25 * hourMs);
  await tell();
  const tail = await open({ type: 'TRIM_HORIZON' });
  const stop = { type: 'AT_TIMESTAMP', timestampMs: clock.now() + 600_000 } as const;
  await worker.channel.call('stopTail', { tail, stop });
  for (const text of ['a', 'b']) await put(text);
  const { state } = await worker.tick(tail, ({ records }) => records.held === 2);
  expect(state).toBe('live');
});

test("ages in filters of tails and exports are those on the engine's clock", async () => {
  const { worker, step, tell, put, open } = await opened();
  await put('old');
  step(3 * hourMs);
  await put('new');
  await tell();
  const tail = await open({ type: 'TRIM_HORIZON' });
  await worker.tick(tail, ({ records }) => records.held === 2);
  const text = 'age>2h';
  await worker.channel.call('filterTail', { tail, text });
  await worker.tick(tail, ({ filter, records }) => filter === text && records.matching === 1);
  expect((await worker.records(tail)).map(({ preview }) => preview)).toEqual(['old']);
  const { data } = await exported(worker, { start: { type: 'TRIM_HORIZON' }, query: { text } });
  expect(data).toEqual(['old']);
});

test("a start that lies ahead of the engine's clock is told, by a row and by an export", async () => {
  const { clock, worker, step, tell, put, open } = await opened();
  await put('there');
  step(-2 * hourMs);
  await tell();
  const start = { type: 'AT_TIMESTAMP', timestampMs: clock.now() + 1.5 * hourMs } as const;
  const told = expect.stringMatching(
    /lies 1 h \d+ min ahead of the stream's clock.*Begin at an earlier/,
  );
  const tail = await open(start);
  await worker.tick(tail, ({ state }) => state === 'live');
  expect(await worker.events(tail)).toEqual([told]);
  const { warnings } = await exported(worker, { start, query: { text: '' } });
  expect(warnings).toEqual([told]);
});
