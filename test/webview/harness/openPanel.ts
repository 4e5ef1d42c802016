// Opens the panel in a headless Chromium; a test sees it as a user does, and speaks for the host.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import { expect } from 'vitest';
import { chromiumOptions } from '../../../tools/chromium.mjs';
import { outDir } from '../../../tools/paths.mjs';
import { barriersIn } from '../../support/axe.ts';
import { type HarnessServer, startHarness } from './server.ts';

/** What a call of the panel to its host was. */
export interface HostCall {
  readonly method: string;
  readonly params: unknown;
}

export interface OpenOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  /** 2: what a user has at 200 %. */
  readonly zoom?: number;
  readonly isMotionReduced?: boolean;
  /** See page/main.ts. */
  readonly [option: string]: unknown;
}

/** One open panel. */
export class PanelPage {
  readonly page: Page;
  /** Exceptions and console errors. */
  readonly complaints: string[] = [];
  private readonly leave: () => Promise<void>;

  /** `leave`: gives the page to the next panel. */
  constructor(page: Page, leave: () => Promise<void>) {
    this.page = page;
    this.leave = leave;
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  async close(): Promise<void> {
    this.page.removeAllListeners('pageerror');
    this.page.removeAllListeners('console');
    await this.leave();
  }

  /** Does something as the host: `append(10)`. */
  host<T = void>(call: string): Promise<T> {
    return this.page.evaluate(`harness.${call}`);
  }

  /** Calls of one method that the panel made, oldest first. */
  async calls(method: string): Promise<unknown[]> {
    const calls = await this.host<HostCall[]>('calls');
    return calls.filter((call) => call.method === method).map(({ params }) => params);
  }

  get grid(): Locator {
    return this.page.getByRole('grid');
  }

  /** Rows of the grid that are in the page, records and events. */
  get rows(): Locator {
    return this.page.locator('[data-position]');
  }

  get records(): Locator {
    return this.page.locator('[data-sequence-number]');
  }

  row(position: number): Locator {
    return this.page.locator(`[data-position="${position}"]`);
  }

  get details(): Locator {
    return this.page.getByRole('complementary', { name: 'Details' });
  }

  get filter(): Locator {
    return this.page.getByRole('combobox', { name: 'Filter the records' });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** Pixels from the top of the window to a row. */
  async topOf(position: number): Promise<number> {
    const box = await this.row(position).boundingBox();
    if (!box) throw new Error(`row ${position} is not drawn`);
    return box.y;
  }

  /** What the axe accessibility checker finds wrong, in words; `left`: but there. */
  barriers(left?: string): Promise<string[]> {
    return barriersIn(this.page, left);
  }

  async picture(name: string): Promise<void> {
    const dir = path.join(outDir, 'webview');
    mkdirSync(dir, { recursive: true });
    await this.page.screenshot({ path: path.join(dir, `${name}.png`) });
  }
}

/** Closes the panel; it kept to its policy and had nothing to complain of. */
export async function closeClean(panel: PanelPage): Promise<void> {
  const violations = await panel.host('violations');
  await panel.close();
  expect(violations).toEqual([]);
  expect(panel.complaints).toEqual([]);
}

/** The browser and the server of one test file. */
export class Harness {
  private readonly browser: Browser;
  private readonly server: HarnessServer;
  /** Pages that show no panel now, by what they were made with: to make one takes longer than to draw a panel in it. */
  private readonly idle = new Map<string, Page[]>();

  constructor(browser: Browser, server: HarnessServer) {
    this.browser = browser;
    this.server = server;
  }

  /** `pixelRatio`: that of the screen. A zoom that a page is opened with has no part in what the browser can lay out. */
  static async start({ pixelRatio = 1 }: { pixelRatio?: number } = {}): Promise<Harness> {
    const { args, ...options } = chromiumOptions();
    const [server, browser] = await Promise.all([
      startHarness(),
      chromium.launch({
        ...options,
        args: [...args, `--force-device-scale-factor=${pixelRatio}`],
        ignoreDefaultArgs: ['--hide-scrollbars'],
      }),
    ]);
    return new Harness(browser, server);
  }

  /** Resolves when the panel is drawn. */
  async open(options: OpenOptions = {}): Promise<PanelPage> {
    const { viewport = { width: 1280, height: 860 }, zoom = 1, isMotionReduced, ...rest } = options;
    const looks = {
      viewport: { width: viewport.width / zoom, height: viewport.height / zoom },
      deviceScaleFactor: zoom,
      reducedMotion: isMotionReduced ? 'reduce' : 'no-preference',
    } as const;
    const idle = this.idlePages(JSON.stringify(looks));
    const page = idle.pop() ?? (await this.newPage(looks));
    const panel = new PanelPage(page, async () => {
      await page.goto('about:blank');
      await page.mouse.up();
      await page.mouse.move(0, 0);
      await page.setViewportSize(looks.viewport);
      idle.push(page);
    });
    await page.goto(`${this.server.origin}/?options=${encodeURIComponent(JSON.stringify(rest))}`);
    await page.locator('.panel').waitFor();
    return panel;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
  }

  private idlePages(key: string): Page[] {
    const pages = this.idle.get(key) ?? [];
    this.idle.set(key, pages);
    return pages;
  }

  private async newPage(looks: BrowserContextOptions): Promise<Page> {
    const context = await this.browser.newContext({ ...looks, timezoneId: 'Europe/Berlin' });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    return page;
  }
}
