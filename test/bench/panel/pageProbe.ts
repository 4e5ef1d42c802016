// The page's side of the measurements, put into a webview that is open.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';

const script = readFileSync(path.join(import.meta.dirname, 'pageProbe.js'), 'utf8');

/** One move of the thumb, as the page saw it. */
export interface Scrolled {
  readonly frames: number;
  readonly pageMs: number;
  readonly drawMs: number;
  readonly blankAtRest: number;
}

export interface Came {
  readonly messages: number;
  readonly ticks: number;
  readonly pages: number;
}

/** What the page's thread did since it began, in seconds, by Chromium's own counters. */
export interface PageWork {
  readonly scriptSeconds: number;
  readonly layoutSeconds: number;
}

export class PageProbe {
  private readonly frame: Frame;

  private constructor(frame: Frame) {
    this.frame = frame;
  }

  static async in(frame: Frame, ...watched: ('watchRows' | 'watchMessages')[]): Promise<PageProbe> {
    const calls = watched.map((name) => `benchProbe.${name}();`).join('');
    await frame.evaluate(`${script}${calls}`);
    return new PageProbe(frame);
  }

  /** By sequence number, in epoch milliseconds. */
  drawnMs(): Promise<Record<string, number>> {
    return this.frame.evaluate('benchProbe.drawnMs');
  }

  came(): Promise<Came> {
    return this.frame.evaluate('benchProbe.came');
  }

  scrollTo(share: number): Promise<Scrolled> {
    return this.frame.evaluate(`benchProbe.scrollTo(${share})`);
  }

  rowCount(): Promise<number> {
    return this.frame.evaluate(
      `Number(document.querySelector('.grid').getAttribute('aria-rowcount')) - 1`,
    );
  }
}

/** Reads the counters of the page's thread: a webview of this server shares it with the workbench. */
export async function pageWork(page: Page): Promise<() => Promise<PageWork>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name: string): number => metrics.find((metric) => metric.name === name)!.value;
    return {
      scriptSeconds: of('ScriptDuration'),
      layoutSeconds: of('LayoutDuration') + of('RecalcStyleDuration'),
    };
  };
}
