// The engine's life as a window sees it: killed again and again under load, and outliving reloads.
import path from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import {
  byShard,
  isRising,
  jsonLines,
  type Publishers,
  readStored,
  type Seen,
  type StoredRecord,
  startPublishers,
} from '../support/aws/scripts.ts';
import { seededRandom } from '../support/seededRandom.ts';
import { createStream, engineEndpoint, enginePid, forgetEngine } from './support/engine.ts';
import { openWindow } from './support/openWindow.ts';
import { vscodeServer } from './support/server.ts';
import { StreamPanel } from './support/streamPanel.ts';
import type { Workbench } from './support/workbench.ts';

beforeEach(forgetEngine);

const kills = 20;
const scratch = (name: string): string => path.join(vscodeServer().receiptsFolder, name);

interface Acknowledgement extends Seen {
  readonly id: string;
}

async function startEngine(window: Workbench): Promise<void> {
  await window.openContainer('Kinesis');
  await window.runCommand('Kinesis: Start Local Engine');
  await window.statusBarItem(/Kinesis: \d+/).waitFor();
}

async function openTail(window: Workbench, stream: string): Promise<StreamPanel> {
  await window.runCommand('Kinesis: Tail Stream');
  await window.pick(stream);
  return StreamPanel.of(window);
}

/** Kills the engine; resolves when the tree has said so and another one acknowledges puts. */
async function killEngine(
  window: Workbench,
  publishers: Publishers,
  { kill, goOn }: Kill,
): Promise<void> {
  const pid = enginePid()!;
  process.kill(pid, 'SIGKILL');
  const said = kill === 1 ? /restarted \d\d:/ : `restarted ${kill} times`;
  await window.treeRow('Connections', said).waitFor();
  expect(enginePid()).not.toBe(pid);
  await publishers.acknowledged(publishers.count + goOn);
}

interface Kill {
  /** From 1. */
  readonly kill: number;
  /** Acknowledgements to wait for afterwards. */
  readonly goOn: number;
}

/** Everything acknowledged is stored as acknowledged, nothing is stored twice, order holds. */
function expectNothingLost(acknowledged: Acknowledgement[], stored: StoredRecord[]): void {
  const places = new Map(stored.map((record) => [record.sequenceNumber, record]));
  expect(places.size, 'sequence numbers given twice').toBe(stored.length);
  const lost = acknowledged.filter(({ id, shardId, sequenceNumber }) => {
    const record = places.get(sequenceNumber);
    return !record || record.shardId !== shardId || !record.text.startsWith(id);
  });
  expect(lost).toEqual([]);
  for (const numbers of byShard(stored).values()) expect(isRising(numbers)).toBe(true);
}

test('an engine killed 20 times under load comes back each time with everything it acknowledged', async () => {
  const window = await openWindow();
  window.complaints.expect(/engine|does not answer|ECONNRE/i);
  await startEngine(window);
  await createStream('kills');
  const panel = await openTail(window, 'kills');
  const file = scratch('kills.ndjson');
  const publishers = startPublishers({ endpoint: engineEndpoint(), stream: 'kills', file });
  await publishers.acknowledged(200);
  const random = seededRandom(20261123);
  for (let kill = 1; kill <= kills; kill++) {
    await killEngine(window, publishers, { kill, goOn: random.integer(20, 600) });
  }
  const totals = await publishers.stop();
  const acknowledged = jsonLines<Acknowledgement>(file);
  const target = {
    endpoint: engineEndpoint(),
    stream: 'kills',
    output: scratch('kills-stored.ndjson'),
  };
  const stored = await readStored(target);
  process.stdout.write(
    `${kills} kills: ${totals.acknowledged} acknowledged, ${totals.failures} calls failed, ${stored.length} stored\n`,
  );

  expect(totals.failures).toBeGreaterThan(kills);
  expect(acknowledged).toHaveLength(totals.acknowledged);
  expectNothingLost(acknowledged, stored);
  await window.treeRow('Connections', /Local engine.*port/).waitFor();
  await vi.waitUntil(async () => (await panel.rowCount()) >= stored.length, { timeout: 120_000 });
  const shown = (await panel.collect()).map(({ sequenceNumber }) => sequenceNumber);
  expect(shown.toSorted()).toEqual(stored.map(({ sequenceNumber }) => sequenceNumber).sort());
  await window.close();
});

test('reloading the window, also with all views closed, interrupts no publisher and loses nothing', async () => {
  const window = await openWindow();
  await startEngine(window);
  await createStream('reloads');
  const panel = await openTail(window, 'reloads');
  const file = scratch('reloads.ndjson');
  const publishers = startPublishers({ endpoint: engineEndpoint(), stream: 'reloads', file });
  await publishers.acknowledged(500);
  await vi.waitUntil(async () => (await panel.rowCount()) > 500, { timeout: 120_000 });
  const pid = enginePid();

  await window.reload();
  const again = await StreamPanel.of(window);
  await again.frame.locator('.foot-paused').waitFor();
  // The last row says that it is held: all that is shown is drawn by then.
  await again.frame.locator('.row.event', { hasText: 'What has come since waits' }).waitFor();
  const rowsBefore = await again.rowCount();
  await publishers.acknowledged(publishers.count + 1000);
  expect(await again.rowCount()).toBe(rowsBefore);
  await again.frame.locator('vscode-button.pause').click();
  await vi.waitUntil(async () => (await again.rowCount()) > 1500, { timeout: 120_000 });

  await window.runCommand('View: Close All Editors');
  await window.runCommand('View: Close Primary Side Bar');
  await window.reload();
  await publishers.acknowledged(publishers.count + 1000);
  const totals = await publishers.stop();
  const acknowledged = jsonLines<Acknowledgement>(file);
  const target = {
    endpoint: engineEndpoint(),
    stream: 'reloads',
    output: scratch('reloads-stored.ndjson'),
  };

  expect(enginePid()).toBe(pid);
  expect(totals.failures).toBe(0);
  expectNothingLost(acknowledged, await readStored(target));
  await window.close();
});
