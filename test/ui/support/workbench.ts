// A window of VS Code as a user has it: what can be clicked, typed and read in it. It knows the
// workbench's own parts; what the extension draws is the tests' business.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import { outDir } from '../../../tools/paths.mjs';
import type { Complaints } from './complaints.ts';
import { extensionHosts } from './extensionHosts.ts';

const quote = (text: string): string => JSON.stringify(text);

const WEBVIEW_WAIT = { timeout: 120_000, interval: 100 };

export interface WorkbenchParts {
  page: Page;
  folder: string;
  complaints: Complaints;
  onClose: () => Promise<void>;
  /** The same window in a page of its own, as its user opens it again. */
  onReopen: () => Promise<Page>;
}

/** One open window. Locators wait by themselves; what returns a promise is done when it resolves. */
export class Workbench {
  #page: Page;
  /** The workspace folder on disk, this window's own. */
  readonly folder: string;
  readonly complaints: Complaints;
  readonly #onClose: () => Promise<void>;
  readonly #onReopen: () => Promise<Page>;

  constructor({ page, folder, complaints, onClose, onReopen }: WorkbenchParts) {
    this.#page = page;
    this.#onReopen = onReopen;
    this.folder = folder;
    this.complaints = complaints;
    this.#onClose = onClose;
  }

  get page(): Page {
    return this.#page;
  }

  /** Runs a command by its full title in the palette: `Shardscope: Create Stream`. */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.type(`>${title}`);
    // the whole label: what was typed is a part of its own in longer titles too
    const label = this.page
      .locator('.quick-input-list .monaco-list-row .label-name')
      .filter({ hasText: new RegExp(`^${title.replace(/[^\w ]/g, '\\$&')}$`) });
    await this.#untilQuestionChanges(() => label.first().click());
  }

  /** The palette, input boxes and quick picks: there is one at a time. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget');
  }

  /** A row of the quick pick that is open. */
  pickRow(text: string): Locator {
    return this.quickInput.locator('.monaco-list-row', { hasText: text });
  }

  /** Chooses a row of the quick pick that is open; resolves when it is gone. */
  async pick(text: string): Promise<void> {
    const row = this.pickRow(text).first();
    await row.waitFor();
    await this.#untilQuestionChanges(() => row.click());
  }

  /** Types into the input box that is open, and no more. */
  async type(text: string): Promise<void> {
    await this.quickInput.locator('input').first().fill(text);
  }

  /** Answers the input box that is open; resolves when it is gone, so the answer must be valid. */
  async answer(text: string): Promise<void> {
    await this.type(text);
    await this.#untilQuestionChanges(() => this.page.keyboard.press('Enter'));
  }

  /** Shows a view container by the title of its icon in the activity bar. */
  async openContainer(title: string): Promise<void> {
    const icon = this.page.locator(`.action-label[aria-label^=${quote(title)}]`);
    const item = this.page.locator('.activitybar .action-item', { has: icon });
    await item.waitFor();
    const checked = this.page.locator('.activitybar .action-item.checked', { has: icon });
    if ((await checked.count()) > 0) return; // a second click would close it
    await item.click();
    await checked.waitFor();
  }

  /** The tree of a view, by the view's name. */
  tree(viewName: string): Locator {
    return this.page.locator(`.pane-body .monaco-list[aria-label=${quote(viewName)}]`);
  }

  /** The rows of a view's tree that hold this text. */
  treeRow(viewName: string, text: string | RegExp): Locator {
    return this.tree(viewName).locator('.monaco-list-row', { hasText: text });
  }

  /** What a view shows when it has nothing: its welcome text. */
  viewWelcome(viewName: string): Locator {
    return this.pane(viewName).locator('.welcome-view-content');
  }

  /** A view with its header. */
  pane(viewName: string): Locator {
    const header = this.page.locator(`.pane-header[aria-label^=${quote(viewName)}]`);
    return this.page.locator('.sidebar .pane', { has: header });
  }

  /** Clicks a button in the title of a view. */
  async clickViewAction(viewName: string, label: string): Promise<void> {
    const header = this.pane(viewName).locator('.pane-header');
    const isMerged = !(await header.isVisible()); // one view alone has the container's title
    const title = isMerged ? this.page.locator('.sidebar .composite.title') : header;
    await title.hover();
    await title
      .locator(`.action-label[aria-label^=${quote(label)}]`)
      .first()
      .click();
  }

  /** Clicks a button in a row of a tree. */
  async clickRowAction(row: Locator, label: string): Promise<void> {
    await row.hover();
    await row.locator(`.action-label[aria-label^=${quote(label)}]`).click();
  }

  /** Chooses from the context menu of something. */
  async chooseFromMenu(target: Locator, item: string): Promise<void> {
    await target.click({ button: 'right' });
    await this.menuItem(item).click();
  }

  /** An entry of the context menu that is open. */
  menuItem(label: string): Locator {
    return this.page.locator('.monaco-menu').getByText(label, { exact: true });
  }

  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar .statusbar-item', { hasText: text });
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  /** Clicks a button of a notification. */
  async answerNotification(text: string | RegExp, button: string): Promise<void> {
    const toast = this.notification(text);
    await toast.getByRole('button', { name: button, exact: true }).click();
  }

  /** A modal dialog. */
  dialog(text: string | RegExp): Locator {
    return this.page.locator('.monaco-dialog-box', { hasText: text });
  }

  /** Clicks a button of a modal dialog. */
  async answerDialog(text: string | RegExp, button: string): Promise<void> {
    const dialog = this.dialog(text);
    await dialog.getByRole('button', { name: button, exact: true }).click();
  }

  editorTab(title: string): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: title });
  }

  /** Opens a file of the workspace folder by its name. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+p');
    await this.type(name);
    await this.pick(name);
    await this.editorTab(name).waitFor();
  }

  /** The document of the webview that holds this selector; waits until there is one. */
  async webview(selector: string): Promise<Frame> {
    const wanted = `a webview with ${selector}`;
    return vi
      .waitUntil(() => this.#findFrame(selector), WEBVIEW_WAIT)
      .catch((error: Error) => {
        throw new Error(`waited in vain for ${wanted}`, { cause: error });
      }) as Promise<Frame>;
  }

  /** Reloads the window as its command does; resolves when it is drawn again. */
  async reload(): Promise<void> {
    this.complaints.pause();
    await this.page.keyboard.press('F1');
    await this.type('>Developer: Reload Window');
    const row = this.pickRow('Developer: Reload Window').first();
    await row.waitFor();
    const loaded = this.page.waitForEvent('load', { timeout: 120_000 });
    await row.click();
    await loaded;
    this.complaints.resume();
    await this.page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 120_000 });
  }

  /** Ends the window's page and its extension host as a crash does, with nothing said or saved. */
  async kill(): Promise<void> {
    this.complaints.pause();
    for (const pid of extensionHosts()) process.kill(pid, 'SIGKILL');
    const session = await this.page.context().newCDPSession(this.page);
    const crashed = this.page.waitForEvent('crash');
    session.send('Page.crash').catch(() => undefined); // nobody is left to answer
    await crashed;
  }

  /** Opens the window again after `kill`; resolves when it is drawn. */
  async reopen(): Promise<void> {
    this.#page = await this.#onReopen();
    this.complaints.resume();
  }

  /** Leaves a picture in out/shots/NAME.png. */
  async screenshot(name: string): Promise<void> {
    const dir = path.join(outDir, 'shots');
    mkdirSync(dir, { recursive: true });
    await this.page.screenshot({ path: path.join(dir, `${name}.png`) });
  }

  /** Closes the window; rejects when it had complaints. */
  async close(): Promise<void> {
    this.complaints.pause();
    await this.#onClose();
    expect(this.complaints.texts, 'what the window complained of').toEqual([]);
  }

  /** What the quick input asks now; empty when it is closed. */
  async #question(): Promise<string> {
    if (!(await this.quickInput.isVisible())) return '';
    const input = this.quickInput.locator('input').first();
    const asked = [
      await input.inputValue(),
      await input.getAttribute('placeholder'),
      await this.quickInput.locator('.quick-input-titlebar').textContent(),
      await this.quickInput.locator('.quick-input-message').textContent(),
    ];
    return asked.join('|');
  }

  /** The next answer must not go to the question before it. */
  async #untilQuestionChanges(act: () => Promise<void>): Promise<void> {
    const before = await this.#question();
    await act();
    const isNext = async (): Promise<boolean> => (await this.#question()) !== before;
    await vi.waitUntil(isNext, { timeout: 120_000, interval: 30 });
  }

  async #findFrame(selector: string): Promise<Frame | undefined> {
    for (const frame of this.page.frames()) {
      // The extension's document; the frame around it is the workbench's. One may go away meanwhile.
      const isOurs = frame.url().includes('/fake.html');
      if (
        isOurs &&
        (await frame
          .locator(selector)
          .count()
          .catch(() => 0)) > 0
      )
        return frame;
    }
    return undefined;
  }
}
