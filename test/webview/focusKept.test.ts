// The focus stays in its part of the panel when what had it goes, whoever made it go.
import { expect, test } from 'vitest';
import type { OpenOptions, PanelPage } from './harness/openPanel.ts';
import { startedHarness } from './harness/startedHarness.ts';

let panel: PanelPage;
const harness = startedHarness(() => panel);

async function open(options: OpenOptions = {}): Promise<void> {
  panel = await harness.open(options);
  if (options.rows) await panel.records.first().waitFor();
}

const press = (key: string): Promise<void> => panel.page.keyboard.press(key);
/** Of the region with the focus its name, and what in it has it. */
const focused = (): Promise<string> =>
  panel.page.evaluate(`(() => {
    const { activeElement: at } = document;
    const region = at?.closest('[data-region]')?.dataset.region ?? 'none';
    return region + ': ' + (at?.ariaLabel ?? at?.textContent ?? '').trim().slice(0, 24);
  })()`);

const sayLive = `say({ state: 'live', problem: undefined })`;
const failed = { state: 'failed', problem: { message: 'It ended.', action: 'startEngine' } };

test.each([
  [
    'the button of a problem that is over',
    { rows: 100, patch: failed },
    'Start the engine',
    sayLive,
  ],
  ['"Put a record" where the first comes', {}, 'Put a record', 'append(3)'],
  [
    '"Jump to live" where it is live again',
    { rows: 100, patch: { state: 'paused', pausedSinceMs: 0 } },
    'Jump to live',
    sayLive,
  ],
])('of %s it comes to the records', async (_, options, name, act) => {
  await open(options);
  await panel.button(name).focus();
  await panel.host(act);
  await expect.poll(focused).toMatch(/^grid: /);
  await press('ArrowUp');
  await expect.poll(() => panel.page.locator('.row:focus').count()).toBe(1);
});

test('of "Clear the filter" it comes to the records when one matches', async () => {
  await open({ rows: 100 });
  await panel.filter.fill('Timbuktu');
  await panel.button('Clear the filter').focus();
  await panel.host(`setValue(100, 'Timbuktu')`);
  await panel.host('append(3)');
  await expect.poll(focused).toMatch(/^grid: /);
});

test('of "Clear" of the span it comes to the bars, of the last "Show more" it stays in the details', async () => {
  await open({ rows: 2000 });
  await panel.host(`setValue(2000, 'word '.repeat(20000))`);
  await panel.host('append(1)');
  await panel.page.getByRole('slider').focus();
  await press('PageUp');
  await panel.page.locator('.timeline-clear').focus();
  await press('Enter');
  await expect.poll(focused).toMatch(/^histogram: Span of time/);
  await panel.row(2000).click();
  const more = panel.button(/^Show more/);
  await more.focus();
  await press('Enter');
  await more.waitFor({ state: 'detached' });
  await expect.poll(focused).toMatch(/^details: /);
});

test('Pause keeps it when there is nothing more to pause, and does nothing then', async () => {
  await open({ rows: 100 });
  await panel.button('Pause').focus();
  await panel.host(`say({ state: 'ended' })`);
  await expect.poll(() => panel.button('Pause').isDisabled()).toBe(true);
  await expect.poll(focused).toMatch(/^toolbar: .*Pause/);
  await press('Enter');
  await press('F6');
  await expect.poll(focused).toMatch(/^strip: /);
  expect(await panel.calls('pause')).toEqual([]);
});

test('of a shard that is split it comes to a child of it', async () => {
  await open({ rows: 100 });
  await panel.button(/^Shard 1 /).press('Enter');
  await panel.page.getByRole('menuitem', { name: 'Split…' }).press('Enter');
  await panel.host('split()');
  await expect.poll(focused).toMatch(/^strip: Shard 4 /);
  await press('ArrowRight');
  await expect.poll(focused).toMatch(/^strip: Shard 5 /);
});

test('nobody who pressed beside everything gets it back', async () => {
  await open({ rows: 100 });
  await panel.button('Pause').click();
  await panel.page.locator('.foot-state').click();
  await expect.poll(focused).toMatch(/^none: /);
  await panel.host('append(500)');
  await panel.button('Resume').first().waitFor();
  await expect.poll(focused).toMatch(/^none: /);
});
