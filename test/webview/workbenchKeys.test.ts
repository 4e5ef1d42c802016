// Keys that are VS Code's: it hears of those that come to the panel's window, whatever part of the panel has the focus.
import { expect, test } from 'vitest';
import type { OpenOptions, PanelPage } from './harness/openPanel.ts';
import { startedHarness } from './harness/startedHarness.ts';

let panel: PanelPage;
const harness = startedHarness(() => panel);

async function open(options: OpenOptions = {}): Promise<void> {
  panel = await harness.open({ rows: 200, ...options });
  await panel.records.first().waitFor();
  await panel.page.evaluate(`(() => {
    globalThis.heard = [];
    addEventListener('keydown', ({ key }) => heard.push(key));
  })()`);
}

/** What the window hears of each key that is pressed. */
async function heard(...keys: string[]): Promise<string[]> {
  for (const key of keys) await panel.page.keyboard.press(key);
  const all = await panel.page.evaluate<string[]>('heard.splice(0)');
  return all.filter((key) => !/^(Control|Alt|Shift)$/.test(key));
}

const menu = () => panel.page.getByRole('menu');

test('function keys and combinations pass out of a menu, which closes; other keys stay in it', async () => {
  await open();
  const from = panel.button(/^From/);
  for (const key of ['F1', 'Control+P', 'Control+Shift+P', 'Alt+ArrowLeft']) {
    await from.click();
    await menu().waitFor();
    expect(await heard('ArrowDown', 'q', '/'), 'within the menu').toEqual([]);
    expect(await heard(key)).toEqual([key.split('+').at(-1)]);
    await menu().waitFor({ state: 'detached' });
    await expect.poll(() => from.evaluate((button) => button.matches(':focus'))).toBe(true);
  }
  await from.click();
  await panel.page.keyboard.press('F6');
  await menu().waitFor({ state: 'detached' });
  await expect
    .poll(() =>
      panel.page.evaluate(`document.activeElement?.closest('[data-region]').dataset.region`),
    )
    .toBe('strip');
});

test('they pass out of the list of columns, which stays, but for those that move a column', async () => {
  await open();
  await panel.button('Columns').click();
  const form = panel.page.getByRole('dialog');
  await form.getByRole('checkbox', { name: 'Shard' }).focus();
  expect(await heard('F1', 'Control+P')).toEqual(['F1', 'P']);
  expect(await heard('Alt+ArrowDown', 'Tab', 'q', 'Escape')).toEqual([]);
  await form.waitFor({ state: 'detached' });
});

test('F6 closes the list of columns, and goes on to the next part of the panel', async () => {
  await open();
  await panel.button('Columns').click();
  const form = panel.page.getByRole('dialog');
  await form.waitFor();
  await panel.page.keyboard.press('F6');
  await form.waitFor({ state: 'detached' });
  await expect
    .poll(() =>
      panel.page.evaluate(`document.activeElement?.closest('[data-region]').dataset.region`),
    )
    .toBe('strip');
});

test('in the grid and in the strip no key with Control, nor in the strip with Alt, does anything', async () => {
  await open();
  await panel.row(195).click();
  const keys = ['PageUp', 'PageDown', 'Home', 'End', 'ArrowUp', 'ArrowDown', 'Enter', 'Space'];
  const pressed = await heard(...keys.map((key) => `Control+${key}`));
  expect(pressed).toEqual(keys.map((key) => (key === 'Space' ? ' ' : key)));
  await expect.poll(() => panel.row(195).getAttribute('aria-selected')).toBe('true');
  expect(await panel.calls('pause')).toEqual([]);
  const shard = panel.button(/^Shard 2/);
  await shard.focus();
  expect(
    await heard('Alt+ArrowLeft', 'Alt+ArrowRight', 'Control+Home', 'Control+ArrowLeft'),
  ).toEqual(['ArrowLeft', 'ArrowRight', 'Home', 'ArrowLeft']);
  await expect.poll(() => shard.evaluate((button) => button.matches(':focus'))).toBe(true);
});
