// The main job, end to end on the packed extension: the sample by a click, a split and a merge from the
// palette while it publishes, and then what was shown, what is stored and what was acknowledged compared.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { byShard, isRising, jsonLines, readStored, type Seen } from '../support/aws/scripts.ts';
import { forgetEngine } from './support/engine.ts';
import { openWindow } from './support/openWindow.ts';
import { vscodeServer } from './support/server.ts';
import { StreamPanel } from './support/streamPanel.ts';
import type { Workbench } from './support/workbench.ts';

beforeEach(forgetEngine);

const stream = 'flights';
const name = (shardId: string): string => `Shard ${Number(shardId.slice(-12))}`;
const idsOf = (records: readonly Seen[]): string[] =>
  records.map(({ shardId, sequenceNumber }) => `${shardId} ${sequenceNumber}`).sort();

const receiptFiles = (): string[] =>
  readdirSync(vscodeServer().receiptsFolder).filter((file) => file.startsWith(`${stream}-`));
let oldReceipts: string[] = [];

/** The acknowledgements the publisher has written down so far. */
function receipts(): Seen[] {
  const file = receiptFiles().find((name) => !oldReceipts.includes(name));
  return file ? jsonLines<Seen>(path.join(vscodeServer().receiptsFolder, file)) : [];
}

async function untilAcknowledged(count: number): Promise<Seen[]> {
  const look = (): Seen[] | undefined => {
    const seen = receipts();
    return seen.length >= count ? seen : undefined;
  };
  return (await vi.waitUntil(look, { timeout: 120_000, interval: 200 })) as Seen[];
}

const countOf = (records: readonly Seen[], shardId: string): number =>
  records.filter((record) => record.shardId === shardId).length;

/** Splits a shard in even halves from the palette; resolves to its children. */
async function splitFromPalette(
  window: Workbench,
  panel: StreamPanel,
  shardId: string,
): Promise<string[]> {
  const before = await panel.openShards();
  await window.runCommand('Kinesis: Split Shard');
  await window.pick(stream);
  await window.pick(name(shardId));
  await window.pick('Even halves');
  const after = await panel.untilOpenShards((ids) => ids.length === before.length + 1);
  return after.filter((id) => !before.includes(id));
}

async function mergeFromPalette(
  window: Workbench,
  panel: StreamPanel,
  pair: string[],
): Promise<string> {
  const before = await panel.openShards();
  await window.runCommand('Kinesis: Merge Shards');
  await window.pick(stream);
  await window.pick(name(pair[0]!));
  await window.pick(name(pair[1]!));
  const after = await panel.untilOpenShards((ids) => ids.length === before.length - 1);
  return after.find((id) => !before.includes(id))!;
}

test('what the panel shows and what is stored are what was acknowledged, through a split and a merge', async () => {
  oldReceipts = receiptFiles();
  const window = await openWindow({ viewport: { width: 1280, height: 1000 } });
  await window.openContainer('Kinesis');
  await window
    .viewWelcome('Connections')
    .getByText(/sample data/)
    .click();
  const panel = await StreamPanel.of(window);
  // It is shown for a moment, which may be over before this comes to it.
  const said = window.notification('records put into flights').waitFor({ timeout: 240_000 });
  said.catch(() => undefined);

  const first = await untilAcknowledged(300);
  const open = await panel.untilOpenShards((ids) => ids.length === 4);
  const hottest = open.toSorted((a, b) => countOf(first, b) - countOf(first, a))[0]!;
  const neighbours = [open.slice(0, 2), open.slice(2, 4)].find((pair) => !pair.includes(hottest))!;
  const halves = await splitFromPalette(window, panel, hottest);
  const merged = await mergeFromPalette(window, panel, neighbours);
  const atReshard = receipts().length;
  await window.screenshot('main-job-resharded');

  await said;
  const acknowledged = receipts();
  await vi.waitUntil(async () => (await panel.rowCount()) >= acknowledged.length, {
    timeout: 120_000,
  });
  await window.screenshot('main-job-done');
  const shown = await panel.collect();
  const { enginePort, receiptsFolder } = vscodeServer();
  const output = path.join(receiptsFolder, 'stored.ndjson');
  const stored = await readStored({ endpoint: `http://127.0.0.1:${enginePort}`, stream, output });

  expect(acknowledged.length).toBeGreaterThanOrEqual(5000);
  // The publisher went on; how soon a busy machine has resharded is not the point.
  expect(atReshard).toBeLessThan(acknowledged.length);
  for (const child of [...halves, merged]) {
    expect(countOf(stored, child), `records in ${child}`).toBeGreaterThan(0);
  }
  expect(idsOf(stored)).toEqual(idsOf(acknowledged));
  expect(idsOf(shown)).toEqual(idsOf(acknowledged));
  for (const [shardId, numbers] of byShard(shown)) {
    expect(isRising(numbers), `order of ${shardId} as shown`).toBe(true);
  }
  await window.close();
});
