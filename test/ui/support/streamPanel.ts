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

/** Rows in sight. */
interface Seen {
  readonly filled: number[];
  readonly records: ShownRecord[];
  readonly events: { readonly position: number; readonly text: string }[];
}

const scroller = '.grid .scroller';
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
    return (await vi.waitUntil(look, { timeout: 60_000, interval: 100 })) as string[];
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
    const records = new Map<number, ShownRecord>();
    const events = new Map<number, string>();
    const rows = await this.rowCount();
    const first = await this.firstPosition();
    for (let [expected, end] = [first, first + rows]; expected < end; ) {
      const page = await this.pageFrom(expected, { first, end });
      for (const record of page.records) records.set(record.position, record);
      for (const { position, text } of page.events) events.set(position, text);
      expected = page.next;
    }
    return {
      records: [...records.values()].sort((a, b) => a.position - b.position),
      events: [...events].sort(([a], [b]) => a - b).map(([, text]) => text),
    };
  }

  private async firstPosition(): Promise<number> {
    const first = this.frame.locator('.grid [role="row"][aria-rowindex="2"][data-position]');
    const isDrawn = async (): Promise<boolean> => {
      await this.scrollTo(0);
      return (await first.count()) > 0;
    };
    await vi.waitUntil(isDrawn, { timeout: 60_000, interval: 15 });
    return Number(await first.getAttribute('data-position'));
  }

  /** Reads the rows in sight once `from` is filled, then scrolls on by what was read. */
  private async pageFrom(
    from: number,
    { first, end }: { first: number; end: number },
  ): Promise<Seen & { next: number }> {
    const read = (): Promise<Seen> =>
      this.frame.locator('.grid [role="row"][data-position]').evaluateAll((elements) => {
        const filled = elements.filter(
          (row) => row.dataset.sequenceNumber || row.hasAttribute('data-event'),
        );
        return {
          filled: filled.map((row) => Number(row.dataset.position)),
          records: filled
            .filter((row) => row.dataset.sequenceNumber)
            .map((row) => ({
              position: Number(row.dataset.position),
              shardId: row.dataset.shardId ?? '',
              sequenceNumber: row.dataset.sequenceNumber ?? '',
            })),
          events: filled
            .filter((row) => row.hasAttribute('data-event'))
            .map((row) => ({
              position: Number(row.dataset.position),
              text: row.textContent ?? '',
            })),
        };
      });
    const page = await vi.waitUntil(
      async () => {
        const seen = await read();
        const filled = new Set(seen.filled);
        let next = from;
        while (filled.has(next)) next++;
        // A list that was short a moment ago follows its newest rows.
        if (next === from) await this.scrollTo((from - first) * rowPx);
        return next > from && (next >= end || next - from >= 5) ? { ...seen, next } : undefined;
      },
      { timeout: 60_000, interval: 15 },
    );
    const seen = page as Seen & { next: number };
    await this.frame
      .locator(scroller)
      .evaluate((element, top) => element.scrollBy({ top }), (seen.next - from) * rowPx);
    return seen;
  }

  private async scrollTo(top: number): Promise<void> {
    await this.frame
      .locator(scroller)
      .evaluate((element, to) => element.scrollTo({ top: to }), top);
  }
}
