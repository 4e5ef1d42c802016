// Collects what went wrong in a page without anybody looking: exceptions, console errors, requests
// that would have left the machine.
import type { ConsoleMessage, Page } from 'playwright-core';

/** A line of VS Code's own log, or of an extension host's. It counts when it names the extension. */
const LOG_LINE = /^%c( +ERR|\[Extension Host\])/;
const EXTENSION = /shardscope\.shardscope/;

/** What the workbench itself prints here, whatever extension is installed. */
const OF_WORKBENCH = [
  /404 .*\/(serviceWorker\.js|vsda_bg\.wasm|vsda\.js|favicon[^/]*|update\/check)\)$/,
  /A bad HTTP response code \(404\) was received when fetching the script/,
  /Activating extension 'vscode\.[\w-]+' failed: Not Found/, // built-ins that we leave out
];

/** The complaints about one window. */
export class Complaints {
  readonly #texts: string[] = [];
  #isPaused = false;
  readonly #expected: RegExp[] = [...OF_WORKBENCH];

  /** Complaints that match are the point of a test, not a failure of it. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  add(text: string): void {
    this.#texts.push(text);
  }

  /** Hears nothing until `resume`: a window that goes away says a lot about what it lost. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  listenTo(page: Page): void {
    page.on('pageerror', (error) => this.add(`an exception: ${error.message}`));
    page.on('console', (message) => this.#addConsoleError(message));
  }

  /** Those that were not expected, each once. */
  get texts(): string[] {
    const isNews = (text: string): boolean => !this.#expected.some((known) => known.test(text));
    return [...new Set(this.#texts.filter(isNews))];
  }

  #addConsoleError(message: ConsoleMessage): void {
    const text = message.text();
    if (message.type() !== 'error' || this.#isPaused) return;
    if (LOG_LINE.test(text) && !EXTENSION.test(text)) return;
    this.add(`a console error: ${text} (${message.location().url})`);
  }
}
