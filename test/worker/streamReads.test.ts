// By which budget the streams of a window are read: one for each stream of a connection on AWS.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nullLogger } from '../../src/base/logger.ts';
import { awsPaceOf } from '../../src/tail/pace.ts';
import { Connections } from '../../src/worker/connections.ts';
import { runExport } from '../../src/worker/runExport.ts';
import { StreamReads } from '../../src/worker/streamReads.ts';
import { Tails } from '../../src/worker/tails.ts';
import { TestClock } from '../support/testClock.ts';

function made(): StreamReads {
  const connections = new Connections();
  onTestFinished(() => connections.dispose());
  for (const id of ['work', 'home']) {
    const endpoint = 'http://127.0.0.1:1';
    connections.set({ kind: 'aws', id, profile: id, region: 'us-east-1', endpoint });
  }
  connections.set({
    kind: 'local',
    id: 'local',
    endpoint: 'http://127.0.0.1:1',
    nonce: 'n',
    region: 'us-east-1',
  });
  return new StreamReads(connections, new TestClock());
}

test('all that read a stream of a connection share its budget, also after one of them is done', () => {
  const streams = made();
  const tail = streams.open({ connection: 'work', stream: 'orders' });
  const range = streams.open({ connection: 'work', stream: 'orders' });
  expect(tail.reads).toMatchObject({
    place: 'aws',
    stream: 'orders',
    pace: awsPaceOf({ readsPerSecond: 1 }),
  });
  expect(tail.reads.budget).toBeDefined();
  expect(range.reads.budget).toBe(tail.reads.budget);
  range.dispose();
  range.dispose();
  expect(streams.open({ connection: 'work', stream: 'orders' }).reads.budget).toBe(
    tail.reads.budget,
  );
});

test('another stream and another connection have another budget, and the local engine has none', () => {
  const streams = made();
  const { budget } = streams.open({ connection: 'work', stream: 'orders' }).reads;
  expect(streams.open({ connection: 'work', stream: 'flights' }).reads.budget).not.toBe(budget);
  expect(streams.open({ connection: 'home', stream: 'orders' }).reads.budget).not.toBe(budget);
  const local = streams.open({ connection: 'local', stream: 'orders' }).reads;
  expect([local.place, local.budget]).toEqual(['local', undefined]);
});

test('the setting as it is now holds for all that read the stream', () => {
  const streams = made();
  const asked = { connection: 'work', stream: 'orders' };
  const { budget } = streams.open({ ...asked, awsReadsPerSecond: 5 }).reads;
  expect(budget?.pace).toEqual({ callIntervalMs: 200, bytesPerSecond: 2 * 1024 * 1024 });
  streams.open({ ...asked, awsReadsPerSecond: 0.5 });
  expect(budget?.pace).toEqual({ callIntervalMs: 2000, bytesPerSecond: 1024 * 1024 });
});

test('a budget is kept while anybody reads, and no longer', () => {
  const streams = made();
  const opened = ['orders', 'orders', 'flights'].map((stream) =>
    streams.open({ connection: 'work', stream }),
  );
  expect(streams.budgetCount).toBe(2);
  for (const read of opened) read.dispose();
  expect(streams.budgetCount).toBe(0);
  expect(() => streams.open({ connection: 'gone', stream: 'orders' })).toThrow(/no connection/);
});

test('tails and exports take the budget of their stream and give it back, also where no file can be created', async () => {
  const reads = made();
  const counts: number[] = [];
  const { open } = reads;
  reads.open = (asked) => {
    const opened = open.call(reads, asked);
    counts.push(reads.budgetCount);
    return opened;
  };
  const logger = nullLogger;
  const tails = new Tails({ reads, logger, tick: () => undefined });
  const place = { connection: 'work', stream: 'orders', start: { type: 'LATEST' } } as const;
  const bounds = { rowsMax: 10, bytesMax: 1000, windowBytesMax: 1000 };
  const { tail } = tails.open({ ...place, ...bounds });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'export-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const signal = AbortSignal.abort();
  const exported = (stream: string, file: string) =>
    runExport(
      {
        ...{ job: 1, format: 'jsonl', path: file, part: `${file}.part` },
        what: { type: 'range', ...place, stream, query: { text: '' } },
      },
      { reads, tails, logger, signal, progress: () => undefined },
    );
  const file = path.join(folder, 'a.jsonl');
  expect(await exported('orders', file)).toMatchObject({ end: 'cancelled' });
  await expect(exported('flights', path.join(folder, 'no', 'a.jsonl'))).rejects.toThrow(
    /could not be created/,
  );
  expect([...counts, reads.budgetCount]).toEqual([1, 1, 2, 1]);
  tails.close(tail);
  expect(reads.budgetCount).toBe(0);
});
