// Takes pictures of the real workbench in every theme and state, for eyes and for the README, and
// checks what a machine can judge of each. One window for all; a plain AWS client publishes.
// README's are copies, made by `npm run pictures` after a run.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DescribeStreamSummaryCommand,
  ListShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import type { Locator } from 'playwright-core';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { root } from '../../tools/paths.mjs';
import { createStream, forgetEngine, kinesisClient } from './support/engine.ts';
import { openWindow, type WindowOptions } from './support/openWindow.ts';
import { vscodeServer } from './support/server.ts';
import { StreamPanel } from './support/streamPanel.ts';
import type { Workbench } from './support/workbench.ts';

const stream = 'flights';
const size = { width: 1160, height: 630 };
const flights = readFileSync(path.join(root, 'media/sample/flights.ndjson'), 'utf8')
  .trim()
  .split('\n');

let window: Workbench;
beforeAll(async () => {
  await forgetEngine();
  const consumer = readFileSync(path.join(root, 'tools/sampleWorkspace/consumer.mjs'), 'utf8');
  const files = { 'consumer.mjs': consumer };
  window = await openWindow({ theme: 'Dark Modern', viewport: size, files });
  await window.openContainer('Kinesis');
});

/** Puts flights ten times a second until stopped: `even` a round by origin, `hot` to one key. */
function startTraffic(target: { stream: string; even: number; hot: number }) {
  const client = kinesisClient();
  const running = new AbortController();
  let next = 0;
  const record = (isHot: boolean) => {
    const { origin, destination, ...rest } = JSON.parse(flights[next++ % flights.length]!);
    const Data = Buffer.from(JSON.stringify({ origin, destination, ...rest }));
    return { Data, PartitionKey: isHot ? 'departures' : origin };
  };
  const done = (async () => {
    while (!running.signal.aborted) {
      const even = Array.from({ length: target.even }, () => record(false));
      const hot = Array.from({ length: target.hot }, () => record(true));
      const Records = [...even, ...hot];
      await client.send(new PutRecordsCommand({ StreamName: target.stream, Records }));
      await delay(100);
    }
    client.destroy();
  })();
  const stop = (): Promise<void> => {
    running.abort();
    return done;
  };
  onTestFinished(stop);
  return { stop };
}

/** Elements of a panel whose text does not fit, where it must. */
const cutText = `[...document.querySelectorAll('.foot > *, vscode-button, .notice-words, .nothing p, .head-button, .segment-line')]
  .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
  .map((element) => element.textContent)`;

/** Leaves a picture; fails when `seen` is not to be seen, text is cut off, or the window complains. */
async function picture(name: string, seen: Locator, panel?: StreamPanel): Promise<void> {
  await seen.first().waitFor();
  await window.page.mouse.move(640, 4); // away from tooltips
  await window.screenshot(name);
  expect(window.complaints.texts).toEqual([]);
  if (!panel) return;
  expect(await panel.frame.evaluate(cutText), 'text that is cut off').toEqual([]);
  const cutTabs = await panel.frame.locator('vscode-panel-tab').evaluateAll((tabs) =>
    tabs
      .filter((tab) => {
        const details = tab.closest('.details');
        const end = details?.getBoundingClientRect().right ?? 0;
        return tab.getBoundingClientRect().right > end;
      })
      .map((tab) => tab.textContent),
  );
  expect(cutTabs, 'tabs that are cut off').toEqual([]);
  expect(await panel.frame.evaluate('document.scrollingElement.scrollTop')).toBe(0);
  const over = await panel.frame.evaluate('document.documentElement.scrollWidth - innerWidth');
  expect(over, 'pixels beyond the panel').toBe(0);
  expect(await panel.frame.locator('.row[aria-busy]').count(), 'rows without content').toBe(0);
}

const looks = {
  'Dark Modern': 'vscode-dark',
  'Light Modern': 'vscode-light',
  'Default High Contrast': 'vscode-high-contrast',
  'Default High Contrast Light': 'vscode-high-contrast-light',
} as const satisfies Record<NonNullable<WindowOptions['theme']>, string>;

/** As a user's settings file does it, without a reload. */
async function setTheme(theme: keyof typeof looks, panel: StreamPanel): Promise<void> {
  const file = path.join(window.folder, '.vscode/settings.json');
  writeFileSync(file, JSON.stringify({ 'workbench.colorTheme': theme }));
  await panel.frame.locator(`body.${looks[theme]}`).waitFor();
}

async function openTail(name: string): Promise<StreamPanel> {
  await window.runCommand('Kinesis: Tail Stream');
  await window.pick(name);
  await window.editorTab(name).waitFor();
  return StreamPanel.of(window);
}

/** In even halves, as an application would; resolves when the stream is ACTIVE again. */
async function split(shardId: string): Promise<void> {
  const client = kinesisClient();
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: stream }));
  const range = Shards.find(({ ShardId }) => ShardId === shardId)!.HashKeyRange!;
  const middle = (BigInt(range.StartingHashKey!) + BigInt(range.EndingHashKey!) + 1n) / 2n;
  const NewStartingHashKey = String(middle);
  await client.send(
    new SplitShardCommand({ StreamName: stream, ShardToSplit: shardId, NewStartingHashKey }),
  );
  const look = async (): Promise<boolean> => {
    const summary = new DescribeStreamSummaryCommand({ StreamName: stream });
    const { StreamDescriptionSummary: said } = await client.send(summary);
    return said?.StreamStatus === 'ACTIVE';
  };
  await vi.waitUntil(look, { timeout: 120_000, interval: 50 });
  client.destroy();
}

/** Scrolls the split to the upper third and opens a record that came after it. */
async function showSplitAndRecord(panel: StreamPanel, splitPosition: number): Promise<void> {
  const rowAt = (position: number) =>
    panel.frame.locator(`.row[data-position="${position}"]:not([aria-busy])`);
  await panel.frame
    .locator('.grid .scroller')
    .evaluate((element, top) => element.scrollTo({ top }), (splitPosition - 5) * 24);
  await rowAt(splitPosition + 5).click();
  await panel.frame.locator('.details .facts').waitFor();
  await rowAt(splitPosition).waitFor();
}

test('stopped: the welcome view offers to start', async () => {
  const start = window.viewWelcome('Connections').getByText('Start Local Engine');
  await picture('welcome', start);
  await start.click();
  await picture(
    'engine-without-streams',
    window.viewWelcome('Connections').getByText('no streams'),
  );
});

test('an empty stream: what is waited for, and what can be done', async () => {
  await createStream(stream, 4);
  const panel = await openTail(stream);
  const words = panel.frame.getByText('Waiting for the first record of 4 shards');
  await picture('tail-empty', words, panel);
});

test('a hot shard', async () => {
  const panel = await StreamPanel.of(window);
  const traffic = startTraffic({ stream, even: 20, hot: 115 });
  const hot = panel.frame.locator('.segment-hot');
  await hot.waitFor();
  await vi.waitUntil(async () => (await panel.rowCount()) > 500, { timeout: 120_000 });
  await picture('hot', hot, panel);
  expect(await panel.frame.locator('.foot-live').count()).toBe(1);
  const shardId = await hot.first().getAttribute('data-shard-id');
  await traffic.stop();

  // Nothing comes before the row is found: under a tail that goes on it is on the screen for a moment only.
  await split(shardId!);
  const row = panel.frame.locator('.row.event', { hasText: 'was split' });
  const position = Number(await row.getAttribute('data-position'));
  const calm = startTraffic({ stream, even: 3, hot: 1 });
  await vi.waitUntil(async () => (await panel.rowCount()) > position + 30, { timeout: 120_000 });
  await calm.stop();
  await showSplitAndRecord(panel, position);
});

test('its split as a row and a record in full, in every theme and narrow', async () => {
  const panel = await StreamPanel.of(window);
  const traffic = startTraffic({ stream, even: 20, hot: 115 });
  const split = panel.frame.locator('.row.event', { hasText: 'was split' });
  await panel.frame.locator('.details .facts').waitFor();
  await panel.frame.locator('.segment-hot').waitFor();
  await picture('split-dark', split, panel);
  for (const [theme, name] of [
    ['Light Modern', 'split-light'],
    ['Default High Contrast', 'split-hc-dark'],
    ['Default High Contrast Light', 'split-hc-light'],
  ] as const) {
    await setTheme(theme, panel);
    await picture(name, split, panel);
  }
  await setTheme('Dark Modern', panel);
  await window.runCommand('View: Close Primary Side Bar');
  await window.page.setViewportSize({ width: 700, height: 800 });
  await picture('narrow', panel.frame.locator('.details .facts'), panel);
  await window.page.setViewportSize(size);
  await traffic.stop();
});

test('paused, and the tree with closed shards', async () => {
  const panel = await StreamPanel.of(window);
  await window.runCommand('View: Show Kinesis');
  await panel.frame.getByRole('grid').press('Escape');
  await panel.frame.locator('vscode-button.pause').click();
  await panel.frame.locator('.foot-paused').waitFor();
  await window.treeRow('Connections', stream).locator('.monaco-tl-twistie').click();
  const closed = window.treeRow('Connections', '1 closed shard');
  await closed.locator('.monaco-tl-twistie').click();
  await window.treeRow('Connections', 'child of').first().waitFor();
  await picture('paused', panel.frame.getByText(/Paused .* ago/), panel);
});

test('a paused tail is paused after a reload, with its rows', async () => {
  const before = await (await StreamPanel.of(window)).rowCount();
  await delay(1500); // the panel keeps its state once a second
  await window.reload();
  const panel = await StreamPanel.of(window);
  await picture('reloaded', panel.frame.locator('.foot-paused'));
  const note = panel.frame.locator('.row.event', { hasText: 'was reloaded' });
  await panel.frame.getByRole('grid').press('Home');
  await note.waitFor();
  await vi.waitUntil(async () => (await panel.rowCount()) >= before, { timeout: 120_000 });
});

test('the tail beside the debug console, and 64 shards', async () => {
  const traffic = startTraffic({ stream, even: 10, hot: 0 });
  await window.runCommand('View: Close All Editors');
  await window.openFile('consumer.mjs');
  await window.runCommand('Kinesis: Tail Stream in Bottom Panel');
  await window.pick(stream);
  const bottom = await StreamPanel.bottom(window);
  await vi.waitUntil(async () => (await bottom.rowCount()) > 60, { timeout: 120_000 });
  await picture('bottom', bottom.frame.locator('.foot-live'), bottom);
  await traffic.stop();
  await window.runCommand('View: Hide Panel');
  await window.runCommand('View: Close All Editors');

  await createStream('wide', 64);
  const wide = startTraffic({ stream: 'wide', even: 60, hot: 10 });
  const panel = await openTail('wide');
  await panel.untilOpenShards((ids) => ids.length === 64);
  await vi.waitUntil(async () => (await panel.rowCount()) > 500, { timeout: 120_000 });
  await picture('shards-64', panel.frame.locator('.foot-live'), panel);
  await wide.stop();
});

test('an engine that cannot start says why, and mends by one button', async () => {
  const panel = await StreamPanel.of(window);
  const folder = vscodeServer().engineDataFolder;
  window.complaints.expect(/shardscope/i); // the extension logs what it could not do
  await window.runCommand('Kinesis: Stop Local Engine');
  await panel.frame.locator('.foot-unanswered').waitFor();
  await window.statusBarItem('Kinesis: stopped').waitFor();
  await picture('engine-stopped', panel.frame.getByText('Start the engine'), panel);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  writeFileSync(folder, 'a file where the folder should be');
  await panel.frame.getByText('Start the engine').click();
  await window.statusBarItem('Kinesis: failed').waitFor();
  await picture('engine-failed', panel.frame.locator('.notice'));
  rmSync(folder);
});
