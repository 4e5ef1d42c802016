// Debugging a consumer that knows no endpoint: F5 leads it to the engine, a breakpoint stops it, and
// the tail goes on in the panel beside the debug console.
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { root } from '../../tools/paths.mjs';
import { engineEndpoint, forgetEngine } from './support/engine.ts';
import { openWindow } from './support/openWindow.ts';
import { StreamPanel } from './support/streamPanel.ts';
import type { Workbench } from './support/workbench.ts';

beforeEach(forgetEngine);

/** The sample's consumer, with the packages that it imports in reach. */
async function openSampleWorkspace(): Promise<Workbench> {
  const window = await openWindow({ folder: path.join(root, 'tools/sampleWorkspace') });
  symlinkSync(path.join(root, 'node_modules'), path.join(window.folder, 'node_modules'));
  return window;
}

async function setBreakpoint(
  window: Workbench,
  { file, text }: { file: string; text: string },
): Promise<void> {
  await window.openFile(file);
  const line = window.page.locator('.view-line', { hasText: text }).first();
  await line.click();
  await window.page.keyboard.press('F9');
  await window.page.locator('.codicon-debug-breakpoint').first().waitFor();
}

test('a consumer launched with F5 stops at a breakpoint on a record, and the tail goes on beside it', async () => {
  const window = await openSampleWorkspace();
  const { page } = window;
  await window.openContainer('Kinesis');
  await window.runCommand('Kinesis: Try It with Sample Data');
  await StreamPanel.of(window);
  await setBreakpoint(window, { file: 'consumer.mjs', text: 'seen.count += 1' });
  await page.keyboard.press('F5');

  await page.locator('.debug-top-stack-frame-line').waitFor({ timeout: 120_000 });
  const frames = page.locator('.debug-call-stack .monaco-list-row');
  await frames.filter({ hasText: 'handle' }).first().waitFor();
  await page.getByText('Local: handle').first().click();
  await page.locator('.monaco-list-row', { hasText: 'origin =' }).first().waitFor();

  await window.runCommand('Kinesis: Tail Stream in Bottom Panel');
  await window.pick('flights');
  const beside = await StreamPanel.bottom(window);
  await vi.waitUntil(async () => (await beside.rowCount()) > 0, { timeout: 120_000 });
  const rows = await beside.rowCount();
  await vi.waitUntil(async () => (await beside.rowCount()) > rows + 200, { timeout: 120_000 });
  expect(await page.locator('.debug-top-stack-frame-line').count()).toBeGreaterThan(0);
  await window.screenshot('debugging');

  await page.keyboard.press('Shift+F5');
  await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  await window.close();
});

const engineTask = {
  label: 'engine',
  type: 'shardscope',
  streams: { declared: 2 },
  isBackground: true,
  problemMatcher: '$shardscope',
};
const launch = {
  name: 'App',
  type: 'node',
  request: 'launch',
  program: '$' + '{workspaceFolder}/app.cjs', // a variable of VS Code's
  preLaunchTask: 'engine',
};
/** Asks for the shards of a stream the task has made, and leaves the answer in a file. */
const app = `
const { writeFileSync } = require('node:fs');
const { KinesisClient, ListShardsCommand } = require('@aws-sdk/client-kinesis');
new KinesisClient({}).send(new ListShardsCommand({ StreamName: 'declared' }))
  .then(({ Shards }) => writeFileSync('shards.txt', String(Shards.length)))
  .catch((error) => writeFileSync('shards.txt', String(error)));
`;

/** The content of a file of the workspace once there is any; without, what the window says of it. */
async function contentOf(window: Workbench, name: string): Promise<string> {
  const file = path.join(window.folder, name);
  const read = (): string => (existsSync(file) ? readFileSync(file, 'utf8').trim() : '');
  const waits = { timeout: 120_000, interval: 100 };
  return vi.waitUntil(read, waits).catch(async () => {
    const said = window.page.locator('.monaco-dialog-box, .notification-toast, .debug-toolbar');
    throw new Error(`There is no ${name}. ${(await said.allInnerTexts()).join(' | ')}`);
  });
}

/** Starts what the view offers, once: a second time would be asked about. */
async function startDebugging(window: Workbench, name: string): Promise<void> {
  await window.openContainer('Run and Debug');
  const offered = window.page.locator('.start-debug-action-item', { hasText: name });
  await offered.locator('.codicon-debug-start').click();
}

test('a launch waits for the task that starts the engine, and terminals are led to it from then on', async () => {
  const files = {
    '.vscode/tasks.json': JSON.stringify({ version: '2.0.0', tasks: [engineTask] }),
    '.vscode/launch.json': JSON.stringify({ version: '0.2.0', configurations: [launch] }),
    'app.cjs': app,
  };
  const window = await openWindow({ files });
  symlinkSync(path.join(root, 'node_modules'), path.join(window.folder, 'node_modules'));
  await startDebugging(window, 'App');
  expect(await contentOf(window, 'shards.txt')).toBe('2');

  await window.runCommand('Terminal: Create New Terminal');
  await window.page.locator('.terminal .xterm-screen').first().waitFor();
  await window.page.keyboard.type('echo $AWS_ENDPOINT_URL_KINESIS > endpoint.txt\n');
  expect(await contentOf(window, 'endpoint.txt')).toBe(engineEndpoint());
  await window.close();
});
