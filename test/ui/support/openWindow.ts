// Opens windows of the shared VS Code server in a headless Chromium, each in a browser context and
// a workspace folder of its own, and watches what they do that nobody asked for.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

import { chromiumOptions } from '../../../tools/chromium.mjs';
import { packedVsix } from '../../../tools/manifest.mjs';
import { BUILTINS_FOR_TESTS, startServer, windowUrl } from '../../../tools/vscodeServer.mjs';
import { Complaints } from './complaints.ts';
import { vscodeServer } from './server.ts';
import { Workbench } from './workbench.ts';

const ACTION_TIMEOUT_MS = 120_000;

export interface WindowOptions {
  /** A folder to open a copy of; without it an empty one is opened. */
  folder?: string;
  /** Files to write into the folder, by relative path. */
  files?: Record<string, string>;
  /** Workspace settings. Machine-scoped ones do not count here: the whole server shares them. */
  settings?: Record<string, unknown>;
  /** `Dark Modern` without it. */
  theme?: 'Dark Modern' | 'Light Modern' | 'Default High Contrast' | 'Default High Contrast Light';
  viewport?: { width: number; height: number };
  /** Folders of further extensions. Windows with the same ones share a server of their own. */
  developmentExtensions?: string[];
}

type Server = Awaited<ReturnType<typeof startServer>>;

let browser: Browser | undefined;
const ownServers = new Map<string, Server>();
const windows = new Set<Workbench>();

/** The windows that are open now. */
export const openWindows = (): Iterable<Workbench> => windows;

function makeFolder({ folder, files = {}, settings, theme }: WindowOptions): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'shardscope-folder-'));
  if (folder) cpSync(folder, dir, { recursive: true });
  const workspaceSettings = { ...(theme && { 'workbench.colorTheme': theme }), ...settings };
  const written = { ...files, '.vscode/settings.json': JSON.stringify(workspaceSettings, null, 2) };
  for (const [name, text] of Object.entries(written)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
  }
  return dir;
}

/** Refuses every request to anything but the server, and keeps a complaint. */
async function stayOnMachine(context: BrowserContext, origin: string, complaints: Complaints) {
  const isForeign = (url: URL): boolean => /^https?:$/.test(url.protocol) && url.origin !== origin;
  await context.route(isForeign, (route) => {
    complaints.add(`a request to ${new URL(route.request().url()).origin}`);
    return route.abort();
  });
}

/** The server that a window is on. A window's address can name one extension only, so further ones
 *  are built-ins of a server. */
async function originFor({ developmentExtensions }: WindowOptions): Promise<string> {
  if (!developmentExtensions) return vscodeServer().origin;
  const key = developmentExtensions.join();
  const builtins = [...BUILTINS_FOR_TESTS, ...developmentExtensions];
  const server = ownServers.get(key) ?? (await startServer({ vsix: [packedVsix()], builtins }));
  ownServers.set(key, server);
  return server.origin;
}

async function loadWorkbench(page: Page, url: string): Promise<void> {
  page.setDefaultTimeout(ACTION_TIMEOUT_MS);
  await page.goto(url);
  await page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 120_000 });
}

/** Opens a window; resolves when its workbench is drawn. */
export async function openWindow(options: WindowOptions = {}): Promise<Workbench> {
  browser ??= await chromium.launch(chromiumOptions());
  const { viewport = { width: 1280, height: 800 } } = options;
  const folder = makeFolder(options);
  const origin = await originFor(options);
  const context = await browser.newContext({ viewport });
  const complaints = new Complaints();
  await stayOnMachine(context, origin, complaints);
  const page = await context.newPage();
  complaints.listenTo(page);
  const window = new Workbench({
    page,
    folder,
    complaints,
    async onClose() {
      windows.delete(window);
      await context.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
    async onReopen() {
      const next = await context.newPage();
      complaints.listenTo(next);
      await loadWorkbench(next, windowUrl(origin, { folder }));
      return next;
    },
  });
  windows.add(window);
  await loadWorkbench(page, windowUrl(origin, { folder }));
  return window;
}

/** Closes all windows and the browser; rejects when a window had complaints. */
export async function closeBrowser(): Promise<void> {
  const results = await Promise.allSettled([...windows].map((window) => window.close()));
  await browser?.close();
  await Promise.all([...ownServers.values()].map((server) => server.stop()));
  browser = undefined;
  ownServers.clear();
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
