// What a user of a tail does and what an application puts meanwhile: for tests of the panel in the real workbench.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Frame, Locator } from 'playwright-core';
import { vi } from 'vitest';
import { root } from '../../../tools/paths.mjs';
import { kinesisClient } from './engine.ts';
import { type ShownRows, StreamPanel } from './streamPanel.ts';
import type { Workbench } from './workbench.ts';

const flights = readFileSync(path.join(root, 'media/sample/flights.ndjson'), 'utf8')
  .trim()
  .split('\n');
let next = 0;

/** Puts that many flights in one call, by their origin; resolves to their lines. */
export async function putFlights(stream: string, count: number): Promise<string[]> {
  const lines = Array.from({ length: count }, () => flights[next++ % flights.length]!);
  const records = lines.map((line) => {
    const { origin } = JSON.parse(line) as { origin: string };
    return { PartitionKey: origin, Data: Buffer.from(line) };
  });
  await putAll(stream, records);
  return lines;
}

/** Puts records of so many bytes each, in one call, with keys of their own. */
export function putLarge(
  stream: string,
  { count, bytes }: { count: number; bytes: number },
): Promise<void> {
  const Data = Buffer.alloc(bytes, 'large ');
  const records = Array.from({ length: count }, (_, at) => ({ PartitionKey: `large ${at}`, Data }));
  return putAll(stream, records);
}

async function putAll(
  stream: string,
  Records: { PartitionKey: string; Data: Uint8Array }[],
): Promise<void> {
  const client = kinesisClient();
  const { FailedRecordCount } = await client.send(
    new PutRecordsCommand({ StreamName: stream, Records }),
  );
  client.destroy();
  if (FailedRecordCount) throw new Error(`${FailedRecordCount} records were refused`);
}

/** A stream panel as its user has it: everything by its name. */
export class TailUser {
  readonly window: Workbench;
  readonly panel: StreamPanel;

  constructor(window: Workbench, panel: StreamPanel) {
    this.window = window;
    this.panel = panel;
  }

  static async tail(window: Workbench, stream: string): Promise<TailUser> {
    await window.runCommand('Kinesis: Tail Stream');
    await window.pick(stream);
    await window.editorTab(stream).waitFor();
    return new TailUser(window, await StreamPanel.of(window));
  }

  get frame(): Frame {
    return this.panel.frame;
  }

  get grid(): Locator {
    return this.frame.getByRole('grid');
  }

  get records(): Locator {
    return this.frame.locator('[data-sequence-number]');
  }

  record(sequenceNumber: string): Locator {
    return this.frame.locator(`[data-sequence-number="${sequenceNumber}"]`);
  }

  /** A row of what happened, in sight. */
  event(text: string | RegExp): Locator {
    return this.frame.locator('.row.event', { hasText: text });
  }

  get filter(): Locator {
    return this.frame.getByRole('combobox', { name: 'Filter the records' });
  }

  /** `12 of 300`, in the filter box. */
  get count(): Locator {
    return this.frame.locator('.filter-count');
  }

  get slider(): Locator {
    return this.frame.getByRole('slider', { name: 'Span of time that the list shows' });
  }

  get details(): Locator {
    return this.frame.getByRole('complementary', { name: 'Details' });
  }

  get paused(): Locator {
    return this.frame.locator('.foot-paused');
  }

  get live(): Locator {
    return this.frame.locator('.foot-live');
  }

  button(name: string | RegExp): Locator {
    return this.frame.getByRole('button', { name });
  }

  async choose(menu: string | RegExp, item: string | RegExp): Promise<void> {
    await this.button(menu).click();
    await this.frame.getByRole('menuitem', { name: item }).click();
  }

  /** True when what is typed goes there, of all that the window shows. */
  isFocused(element: Locator): Promise<boolean> {
    return element.evaluate((it) => it.ownerDocument.hasFocus() && it.matches(':focus-within'));
  }

  /** Presses keys where the focus is. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.window.page.keyboard.press(key);
  }

  /** Resolves when the tail says that it holds so many records. */
  async untilHeld(count: number): Promise<void> {
    await this.frame
      .locator('.foot', { hasText: new RegExp(`(?<!\\d)${count.toLocaleString('en-US')} held`) })
      .waitFor({ timeout: 120_000 });
  }

  /** Resolves when all rows in sight are here: those of a place that was just gone to come a moment later. */
  async untilFilled(): Promise<void> {
    const rows = '.grid [role="row"][data-position]';
    await this.frame.locator(rows).first().waitFor();
    const empty = this.frame.locator(`${rows}:not([data-sequence-number], [data-event])`);
    await until(async () => (await empty.count()) === 0);
  }

  /** All rows, once there are so many records among them: held ones wait for their place in the order. */
  async rows(records = 0): Promise<ShownRows> {
    const look = async (): Promise<ShownRows | undefined> => {
      const shown = await this.panel.collectRows();
      return shown.records.length >= records ? shown : undefined;
    };
    return (await vi.waitUntil(look, { timeout: 120_000, interval: 100 })) as ShownRows;
  }

  async activeNumber(): Promise<string | null> {
    return this.frame.locator('.row[aria-selected="true"]').getAttribute('data-sequence-number');
  }

  /** The sequence numbers of all records that are shown, from first to last, once there are so many. */
  async numbers(records = 0): Promise<string[]> {
    return (await this.rows(records)).records.map(({ sequenceNumber }) => sequenceNumber);
  }
}

/** Waits for something that is neither an element nor of this process. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  await vi.waitUntil(condition, { timeout: 120_000, interval: 50 });
}
