// A window that is killed in the midst of a tail: opened again, its tail shows all that came meanwhile.
import path from 'node:path';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { beforeEach, expect, test, vi } from 'vitest';
import { shardscope } from '../process/support/engineProcess.ts';
import {
  byShard,
  isRising,
  jsonLines,
  readStored,
  startPublishers,
} from '../support/aws/scripts.ts';
import {
  createStream,
  engineEndpoint,
  enginePid,
  forgetEngine,
  kinesisClient,
} from './support/engine.ts';
import { openWindow } from './support/openWindow.ts';
import { vscodeServer } from './support/server.ts';
import { StreamPanel } from './support/streamPanel.ts';
import type { Workbench } from './support/workbench.ts';

beforeEach(forgetEngine);

const stream = 'killed';
const awayMs = 30_000;
const scratch = (name: string): string => path.join(vscodeServer().receiptsFolder, name);
const passed = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whether the editors that the page keeps have a stream panel with the state of its own. */
const keepsPanel = `(async () => {
  const outcome = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  for (const { name } of await indexedDB.databases()) {
    const database = await outcome(indexedDB.open(name));
    try {
      for (const store of database.objectStoreNames) {
        const values = await outcome(database.transaction(store).objectStore(store).getAll());
        const parts = ['editorpart.state', 'shardscope.stream', 'resume'];
        const isWhole = (one) => typeof one === 'string' && parts.every((part) => one.includes(part));
        if (values.some(isWhole)) return true;
      }
    } finally {
      database.close();
    }
  }
  return false;
})()`;

/** VS Code writes down which editors are open once a minute; what it has not, no killed window gets back. */
async function untilLayoutIsKept(window: Workbench): Promise<void> {
  const isKept = () => window.page.evaluate(keepsPanel);
  await vi.waitUntil(isKept, { timeout: 150_000, interval: 1000 });
}

/** Opens the killed window again; its tail is there, paused, and is let go on. */
async function openAgain(window: Workbench): Promise<StreamPanel> {
  await window.reopen();
  const panel = await StreamPanel.of(window);
  await panel.frame.locator('.foot-paused').waitFor();
  await panel.frame.locator('vscode-button.pause').click();
  await panel.frame.locator('.foot-live').waitFor();
  return panel;
}

test('a window killed at 1,000 records a second shows after 30 s all that came, and what retention took as a row', async () => {
  // High, so that all rows are read in few steps.
  const window = await openWindow({ viewport: { width: 1280, height: 2600 } });
  await window.openContainer('Kinesis');
  await window.runCommand('Kinesis: Start Local Engine');
  await window.statusBarItem(/Kinesis: \d+/).waitFor();
  await createStream(stream, 2);
  await window.runCommand('Kinesis: Tail Stream');
  await window.pick(stream);
  const panel = await StreamPanel.of(window);
  await panel.frame.locator('.foot-live').waitFor();
  await untilLayoutIsKept(window);
  const file = scratch('killed.ndjson');
  const target = { endpoint: engineEndpoint(), stream };
  const publishers = startPublishers({ ...target, file, recordsPerSecond: 1000 });
  await vi.waitUntil(async () => (await panel.rowCount()) > 4000, { timeout: 120_000 });
  const pid = enginePid();

  await window.kill();
  const before = publishers.count;
  await passed(awayMs);
  const meanwhile = publishers.count - before;
  const again = await openAgain(window);
  await publishers.acknowledged(publishers.count + 2000);
  await publishers.stop();
  const stored = await readStored({ ...target, output: scratch('killed-stored.ndjson') });
  await vi.waitUntil(async () => (await again.rowCount()) >= stored.length, { timeout: 120_000 });
  const shown = await again.collect();
  process.stdout.write(`${meanwhile} records while the window was away, ${shown.length} shown\n`);

  expect(enginePid()).toBe(pid);
  expect(stored.length).toBe(jsonLines(file).length);
  expect(shown.map(({ sequenceNumber }) => sequenceNumber).sort()).toEqual(
    stored.map(({ sequenceNumber }) => sequenceNumber).sort(),
  );
  for (const numbers of byShard(shown).values()) expect(isRising(numbers)).toBe(true);
  expect(await again.frame.locator('.row.event', { hasText: 'A gap' }).count()).toBe(0);

  await window.kill();
  const folder = vscodeServer().engineDataFolder;
  expect(await shardscope(['clock', 'step', '25h', '--data', folder]).exit).toBe(0);
  const client = kinesisClient();
  const put = { StreamName: stream, PartitionKey: 'k', Data: Buffer.from('after all') };
  await client.send(new PutRecordCommand(put));
  client.destroy();
  const third = await openAgain(window);
  await third.frame.locator('.row', { hasText: 'after all' }).waitFor();
  await third.frame.locator('.row.event', { hasText: 'A gap' }).first().waitFor();
  await window.close();
});
