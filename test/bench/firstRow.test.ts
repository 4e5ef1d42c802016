// From the click on a stream to its first row in the panel, in the real workbench: a line of the bench.
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { beforeEach, expect, test } from 'vitest';
import { createStream, forgetEngine, kinesisClient } from '../ui/support/engine.ts';
import { openWindow } from '../ui/support/openWindow.ts';
import type { Workbench } from '../ui/support/workbench.ts';
import { keepFigures } from './panel/keptFigures.ts';
import { median } from './statistics.ts';

const stream = 'bench';
const rounds = 7;

/** Puts a record every few milliseconds until disposed, so that a tail from now has something to show. */
function traffic(): { stop(): Promise<void> } {
  const client = kinesisClient();
  let isOver = false;
  const run = async (): Promise<void> => {
    for (let index = 0; !isOver; index++) {
      const Data = Buffer.from(JSON.stringify({ index }));
      await client.send(
        new PutRecordCommand({ StreamName: stream, PartitionKey: String(index), Data }),
      );
    }
  };
  const running = run();
  return {
    stop: async () => {
      isOver = true;
      await running;
      client.destroy();
    },
  };
}

/** Milliseconds from the click on the stream's tail button to a drawn row; the panel is closed again. */
async function clickToFirstRow(window: Workbench): Promise<number> {
  const row = window.treeRow('Connections', stream);
  await row.hover();
  const button = row.locator('.action-label[aria-label^="Tail Stream"]');
  await button.waitFor();
  const began = performance.now();
  await button.click();
  const frame = await window.webview('[role="row"][data-sequence-number]');
  await frame.locator('[role="row"][data-sequence-number]').first().waitFor();
  const elapsed = performance.now() - began;
  await window.runCommand('View: Close All Editors');
  return elapsed;
}

beforeEach(forgetEngine);

test('click to first row', async () => {
  const window = await openWindow();
  await window.openContainer('Kinesis');
  await window.runCommand('Kinesis: Start Local Engine');
  await window.statusBarItem(/Kinesis: \d+/).waitFor();
  await createStream(stream, 4);
  const publishing = traffic();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await clickToFirstRow(window));
  await publishing.stop();
  const [first = 0, ...later] = times;
  process.stdout.write(
    `click to first row: ${first.toFixed(0)} ms with the worker's start, then ${median(later).toFixed(0)} ms (median of ${later.length})\n`,
  );
  keepFigures('firstRow', { click: { firstMs: first, thenMs: median(later) } });
  expect(times).toHaveLength(rounds);
  await window.close();
});
