// The stream panel as a user reads it: its strip and the rows of its grid, from first to last.
import type { Frame } from 'playwright-core';
import { vi } from 'vitest';
import type { Workbench } from './workbench.ts';

/** A record as the panel shows it. */
export interface ShownRecord {
  readonly position: number;
  readonly shardId: string;
  readonly sequenceNumber: string;
}

/** All rows of a panel, from first to last. */
export interface ShownRows {
  readonly records: ShownRecord[];
  /** What happened, in words. */
  readonly events: string[];
}

const rowPx = 24;

export class StreamPanel {
  readonly frame: Frame;

  private constructor(frame: Frame) {
    this.frame = frame;
  }

  /** Waits until a panel is drawn. */
  static async of(window: Workbench): Promise<StreamPanel> {
    return new StreamPanel(await window.webview('[data-region="grid"]'));
  }

  /** The panel at the bottom, beside the debug console. */
  static async bottom(window: Workbench): Promise<StreamPanel> {
    return new StreamPanel(await window.webview('body[data-where="bottom"] [data-region="grid"]'));
  }

  /** The open shards of the strip, in the order of the hash range. */
  openShards(): Promise<string[]> {
    return this.frame
      .locator('.segment[data-shard-id]')
      .evaluateAll((segments) => segments.map((segment) => segment.dataset.shardId ?? ''));
  }

  async untilOpenShards(condition: (ids: string[]) => boolean): Promise<string[]> {
    const look = async (): Promise<string[] | undefined> => {
      const ids = await this.openShards();
      return condition(ids) ? ids : undefined;
    };
    return (await vi.waitUntil(look, { timeout: 120_000, interval: 100 })) as string[];
  }

  /** The number of rows the grid says it has, its header aside. */
  async rowCount(): Promise<number> {
    return Number(await this.frame.locator('.grid').getAttribute('aria-rowcount')) - 1;
  }

  /** The records of `collectRows`. */
  async collect(): Promise<ShownRecord[]> {
    return (await this.collectRows()).records;
  }

  /** Scrolls from the first row to the last, page by page, and reads every row on the way. */
  async collectRows(): Promise<ShownRows> {
    const grid = this.frame.locator('.grid');
    return grid.evaluate(readAllRows, { rowPx, stillMsMax: 120_000 });
  }
}

/** An element of the page, as far as it matters here. */
interface PageElement {
  readonly dataset: Readonly<Record<string, string | undefined>>;
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  scrollTo(to: { top: number }): void;
}

/**
 * Runs in the page, so that it does not matter how fast the test reaches it. A list that became shorter on the way is
 * another one, and read anew.
 */
async function readAllRows(
  grid: PageElement,
  { rowPx, stillMsMax }: { rowPx: number; stillMsMax: number },
): Promise<ShownRows> {
  const scroller = grid.querySelector('.scroller')!;
  const rowCount = (): number => Number(grid.getAttribute('aria-rowcount')) - 1;
  const drawn = (): PageElement[] => [...grid.querySelectorAll('[role="row"][data-position]')];
  const firstPosition = (): number | undefined => {
    const row = drawn().find((each) => each.getAttribute('aria-rowindex') === '2');
    return row && Number(row.dataset.position);
  };
  const records = new Map<number, ShownRecord>();
  const events = new Map<number, string>();
  const take = (row: PageElement): void => {
    const position = Number(row.dataset.position);
    const { shardId = '', sequenceNumber } = row.dataset;
    if (sequenceNumber) records.set(position, { position, shardId, sequenceNumber });
    else if (row.getAttribute('data-event') !== null) events.set(position, row.textContent ?? '');
  };
  const isRead = (position: number): boolean => records.has(position) || events.has(position);

  let count = rowCount();
  let first: number | undefined;
  let next = 0;
  let movedMs = performance.now();
  while (first === undefined || next < first + count) {
    if (performance.now() - movedMs > stillMsMax) {
      throw new Error(`row ${next} of ${count} from ${first} on was not drawn`);
    }
    if (first === undefined || rowCount() < count) {
      scroller.scrollTo({ top: 0 });
      await new Promise((resolve) => setTimeout(resolve, 15));
      records.clear();
      events.clear();
      count = rowCount();
      first = firstPosition();
      next = first ?? 0;
      continue;
    }
    drawn().forEach(take);
    const before = next;
    while (next < first + count && isRead(next)) next++;
    if (next > before) movedMs = performance.now();
    // Also where nothing came: a list that was short a moment ago follows its newest rows.
    scroller.scrollTo({ top: (next - first) * rowPx });
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  return {
    records: [...records.values()].sort((a, b) => a.position - b.position),
    events: [...events].sort(([a], [b]) => a - b).map(([, text]) => text),
  };
}
