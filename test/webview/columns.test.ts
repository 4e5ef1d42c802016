// Columns of the grid in a real browser: added, ordered and resized by keys and by the pointer, and the order check.
import { expect, test } from 'vitest';
import type { OpenOptions, PanelPage } from './harness/openPanel.ts';
import { startedHarness } from './harness/startedHarness.ts';

let panel: PanelPage;
const harness = startedHarness(() => panel);

async function open(options: OpenOptions = {}): Promise<void> {
  panel = await harness.open({ rows: 60, ...options });
  await panel.records.first().waitFor();
}

const press = (key: string): Promise<void> => panel.page.keyboard.press(key);
const heads = (): Promise<(string | undefined)[]> =>
  panel.page.evaluate(
    `[...document.querySelectorAll('[role="columnheader"]')].map((head) => head.dataset.column)`,
  );
const focused = (): Promise<string> =>
  panel.page.evaluate(`(({ dataset, ariaLabel, textContent, labels }) =>
    dataset.head ?? ariaLabel ?? labels?.[0]?.textContent ?? textContent)(document.activeElement)`);
const cell = (position: number, column: string) =>
  panel.row(position).locator(`[data-column="${column}"]`);
const head = (column: string) => panel.page.locator(`[data-head="${column}"]`);
const told = async (): Promise<unknown> => (await panel.calls('setColumns')).at(-1);
const ids = (...names: string[]) => names.map((id) => ({ id }));
const usual = ['arrived', 'shard', 'key', 'sequence', 'size', 'value'];

/** Presses Tab until that has the focus. */
async function tabTo(name: string): Promise<void> {
  for (let times = 0; times < 60; times += 1) {
    if ((await focused()).trim() === name) return;
    await press('Tab');
  }
  throw new Error(`Tab does not lead to ${name}.`);
}

test('a field of the rows at hand is added by keys alone, with its cells, and is told to the host', async () => {
  await open();
  await panel.button('Columns').focus();
  await press('Enter');
  await panel.page.getByText('in 59 of 59').first().waitFor();
  await tabTo('delay');
  await press('Space');
  await expect.poll(heads).toEqual([...usual.slice(0, 5), '$.delay', 'value']);
  await expect.poll(() => cell(59, '$.delay').textContent()).toBe('91');
  await expect
    .poll(() => told())
    .toEqual({ columns: { shown: ids(...((await heads()) as string[])) } });
  expect((await panel.calls('page')).at(-1)).toMatchObject({ paths: ['$.delay'] });
  await expect.poll(() => panel.grid.getAttribute('aria-colcount')).toBe('7');
  await expect.poll(() => cell(59, '$.delay').getAttribute('aria-colindex')).toBe('6');
  await expect.poll(() => focused()).toBe('delay');
  await press('Escape');
  await expect.poll(() => focused()).toContain('Columns');
});

test('a path that is typed is added, and what is none says why', async () => {
  await open({ columns: { shown: ids('arrived', '$.delay') } });
  await panel.button('Columns').click();
  const field = panel.page.getByRole('textbox', { name: 'Path of a JSON field' });
  for (const [typed, words] of [
    ['delay', /begins with \$\. or \$\[/],
    ['$.', /name belongs behind the dot/],
    ['$.delay', /is a column already/],
  ] as const) {
    await field.fill(typed);
    await press('Enter');
    await panel.page.getByRole('alert').filter({ hasText: words }).waitFor();
  }
  await field.fill("$['distance']");
  await press('Enter');
  await panel.page.getByRole('alert').waitFor({ state: 'detached' });
  await expect.poll(() => heads()).toEqual(['arrived', '$.delay', "$['distance']"]);
  await expect.poll(() => cell(59, "$['distance']").textContent()).toBe('949');
});

test('fixed columns are hidden and come back to their places, and all is reset', async () => {
  await open();
  await panel.button('Columns').click();
  const box = (name: string) => panel.page.getByRole('checkbox', { name });
  await expect.poll(() => box('Arrived').isDisabled()).toBe(true);
  await box('Key').uncheck();
  await box('Value').uncheck();
  await expect.poll(heads).toEqual(['arrived', 'shard', 'sequence', 'size']);
  await box('Value').check();
  await box('Key').check();
  await expect.poll(heads).toEqual(usual);
  await box('Key').focus();
  await press('Alt+ArrowDown');
  await expect.poll(heads).toEqual(['arrived', 'shard', 'sequence', 'key', 'size', 'value']);
  await panel.button('Reset').click();
  await expect.poll(heads).toEqual(usual);
  await expect.poll(() => told()).toEqual({});
});

test('a column is made wider and narrower by keys, within its bounds, header and rows alike', async () => {
  await open({ columns: { shown: ids('arrived', '$.destination', 'value') } });
  await head('$.destination').focus();
  await press('Tab');
  await expect.poll(() => focused()).toBe('Width of destination');
  const handle = panel.page.getByRole('separator', { name: 'Width of destination' });
  const now = async (): Promise<number> => Number(await handle.getAttribute('aria-valuenow'));
  const before = await now();
  await press('ArrowRight');
  await expect.poll(now).toBe(before + 8);
  await press('Shift+ArrowLeft');
  await expect.poll(now).toBe(before + 7);
  expect((await cell(59, '$.destination').boundingBox())!.width).toBe(before + 7);
  await press('Home');
  await expect.poll(now).toBe(Number(await handle.getAttribute('aria-valuemin')));
  await press('Enter');
  const fitting = await now();
  expect(fitting).toBeGreaterThan(40);
  expect(fitting).toBeLessThan(before);
  await press('End');
  await expect.poll(now).toBeGreaterThan(1500);
  await expect
    .poll(() => told())
    .toMatchObject({ columns: { shown: [{}, { widthPx: 2000 }, {}] } });
});

test('wide columns are scrolled sideways, header and rows in step', async () => {
  const wide = ['$.origin', '$.destination', '$.date'].map((id) => ({ id, widthPx: 700 }));
  await open({ columns: { shown: [...ids('arrived'), ...wide, ...ids('value')] } });
  const lefts = (): Promise<number[]> =>
    panel.page.evaluate(`[...document.querySelectorAll('[data-column="$.date"]')]
      .map((cell) => Math.round(cell.getBoundingClientRect().left))`);
  await panel.page.evaluate(`document.querySelector('.scroller').scrollLeft = 600`);
  await expect.poll(async () => new Set(await lefts()).size).toBe(1);
  const [scrolled] = await lefts();
  await head('$.origin').focus();
  await head('value').focus();
  await expect.poll(async () => new Set(await lefts()).size).toBe(1);
  expect((await lefts())[0]).toBeLessThan(scrolled!);
});

test('columns change places by keys, where the focus stays, and by dragging their headers', async () => {
  await open({ columns: { shown: ids('arrived', 'key', '$.delay', 'value') } });
  await head('arrived').focus();
  await press('ArrowRight');
  await press('ArrowRight');
  await expect.poll(() => focused()).toBe('$.delay');
  await press('Alt+ArrowLeft');
  await expect.poll(heads).toEqual(['arrived', '$.delay', 'key', 'value']);
  await expect.poll(focused).toBe('$.delay');
  await expect
    .poll(() => panel.page.locator('[role="status"]').textContent())
    .toBe('delay is column 2 of 4.');
  const from = (await head('value').boundingBox())!;
  const to = (await head('$.delay').boundingBox())!;
  await panel.page.mouse.move(from.x + 20, from.y + 8);
  await panel.page.mouse.down();
  await panel.page.mouse.move(to.x + 60, to.y + 8, { steps: 4 });
  await panel.page.mouse.move(to.x + 10, to.y + 8, { steps: 4 });
  await panel.page.mouse.up();
  await expect.poll(heads).toEqual(['arrived', 'value', '$.delay', 'key']);
  await expect.poll(() => panel.page.getByRole('menu').count()).toBe(0);
});

test('a column is resized by dragging its edge, and fits its content by a double click', async () => {
  await open({ columns: { shown: ids('arrived', '$.destination', 'value') } });
  const handle = panel.page.getByRole('separator', { name: 'Width of destination' });
  const { x, y } = (await handle.boundingBox())!;
  await panel.page.mouse.move(x + 4, y + 8);
  await panel.page.mouse.down();
  await panel.page.mouse.move(x + 104, y + 8, { steps: 5 });
  await panel.page.mouse.up();
  const width = async () => (await cell(59, '$.destination').boundingBox())!.width;
  const wide = await width();
  await handle.dblclick();
  await expect.poll(width).toBeLessThan(wide - 100);
  await expect
    .poll(() => told())
    .toMatchObject({ columns: { shown: [{}, { id: '$.destination' }, {}] } });
});

test('Escape takes back the drag of a column and of its edge, and does nothing else', async () => {
  await open({ columns: { shown: ids('arrived', '$.destination', 'value') } });
  await panel.row(59).click();
  await panel.details.waitFor();
  const { mouse } = panel.page;
  const from = (await head('value').boundingBox())!;
  await mouse.move(from.x + 20, from.y + 8);
  await mouse.down();
  await mouse.move(from.x - 200, from.y + 8, { steps: 4 });
  await panel.page.locator('.drop-before').waitFor();
  await press('Escape');
  await mouse.up();
  expect(await panel.page.locator('.drop-before').count()).toBe(0);
  expect(await panel.page.getByRole('menu').count()).toBe(0);

  const handle = panel.page.getByRole('separator', { name: 'Width of destination' });
  const width = async () => (await cell(59, '$.destination').boundingBox())!.width;
  const narrow = await width();
  const { x, y } = (await handle.boundingBox())!;
  for (const taken of ['by Escape', 'by the browser']) {
    await mouse.move(x + 4, y + 8);
    await mouse.down();
    await mouse.move(x + 104, y + 8, { steps: 5 });
    expect(await width()).toBeGreaterThan(narrow + 50);
    if (taken === 'by Escape') await press('Escape');
    else await handle.dispatchEvent('lostpointercapture');
    await mouse.up();
    await expect.poll(width).toBe(narrow);
  }
  expect(await heads()).toEqual(['arrived', '$.destination', 'value']);
  expect(await told()).toBeUndefined();
  expect(await panel.details.count()).toBe(1);
});

test('the order of a field is checked from its menu; rows out of order say so and are stepped through', async () => {
  await open({ rows: 300, columns: { shown: ids('arrived', 'key', '$.distance', 'value') } });
  await head('$.distance').focus();
  await press('Enter');
  await panel.page.getByRole('menuitem', { name: /Check the order/ }).waitFor();
  await press('Enter');
  await expect.poll(told).toMatchObject({ columns: { order: '$.distance' } });
  // From row 219 on the distances begin anew.
  await expect
    .poll(() => cell(299, '$.distance').textContent())
    .toMatch(/^▼ Out of order: 1189 after 2\d+$/);
  await expect
    .poll(() => cell(299, '$.distance').getAttribute('title'))
    .toMatch(/^Out of order: 1189 came after 2\d+ for the key [A-Z]{3}$/);
  await expect.poll(() => head('$.distance').textContent()).toBe('▼ 80 out of order,  distance');
  await panel.button('Next record out of order').focus();
  await press('Enter');
  const active = () => panel.page.locator('[aria-selected="true"]').getAttribute('data-position');
  await expect.poll(active).toBe('219');
  await press('Enter');
  await expect.poll(active).toBe('220');
  await panel.button('Previous record out of order').click();
  await expect.poll(active).toBe('219');
  await panel.button('Previous record out of order').click();
  await expect.poll(active).toBe('299');
  await head('$.distance').click();
  await panel.page.getByRole('menuitem', { name: 'Remove this column' }).click();
  await expect.poll(heads).toEqual(['arrived', 'key', 'value']);
  await expect.poll(() => told()).toEqual({ columns: { shown: ids('arrived', 'key', 'value') } });
  await panel.page.getByText('out of order').waitFor({ state: 'detached' });
});

test('columns that were remembered are shown at once, and are in what a reload brings back', async () => {
  const columns = { shown: ids('arrived', '$.carrier', 'value') };
  await open({ columns });
  await expect.poll(() => heads()).toEqual(['arrived', '$.carrier', 'value']);
  await expect.poll(() => cell(59, '$.carrier').textContent()).toBe('UA');
  await panel.host('append(1)');
  const saved = async () => (await panel.host<{ columns: unknown }[]>('states')).at(-1)?.columns;
  await expect.poll(saved).toEqual(columns);
  await expect.poll(() => panel.calls('setColumns')).toEqual([]);
});

test('a column that is hidden while its edge is dragged leaves neither its width nor the key Escape behind', async () => {
  await open();
  await panel.records.nth(-3).click();
  const width = async (id: string) =>
    Math.round((await panel.page.locator(`.row-head [data-column="${id}"]`).boundingBox())!.width);
  const before = await width('sequence');
  const { mouse } = panel.page;
  const box = (await panel.page.getByRole('separator', { name: 'Width of Key' }).boundingBox())!;
  await mouse.move(box.x + 3, box.y + 5);
  await mouse.down();
  await mouse.move(box.x + 203, box.y + 5, { steps: 3 });
  await head('key').press('Shift+F10');
  await panel.page.getByRole('menuitem', { name: 'Hide this column' }).press('Enter');
  await expect.poll(heads).not.toContain('key');
  await mouse.up();
  await expect.poll(() => width('sequence')).toBe(before);
  await panel.records.nth(-3).click();
  await press('Escape');
  await panel.details.waitFor({ state: 'detached' });
});

test('a menu is opened by its key on any header, and closing it leads back', async () => {
  await open();
  await head('arrived').focus();
  await press('Shift+F10');
  await panel.page.getByRole('menuitem', { name: 'Show local time' }).waitFor();
  await press('Escape');
  await expect.poll(() => focused()).toBe('arrived');
  await press('ArrowRight');
  await press('Enter');
  await panel.page.getByRole('menuitem', { name: 'Resize by the arrow keys' }).click();
  await expect.poll(focused).toBe('Width of Shard');
});

test('a value of a row and one of the decoded record are made columns from their menus', async () => {
  await open();
  await panel.records.nth(-3).locator('.token-number').first().click({ button: 'right' });
  await panel.page.getByRole('menuitem', { name: 'Add as column' }).click();
  await expect.poll(heads).toContain('$.delay');
  await panel.records.nth(-3).click();
  await panel.details.getByText('"carrier": "UA"').waitFor();
  await panel.details.getByRole('group', { name: /^Decoded data/ }).press('Shift+F10');
  await panel.page.getByRole('menuitem', { name: /^\$\.carrier/ }).press('Enter');
  await panel.page.getByRole('menuitem', { name: 'Add as column' }).press('Enter');
  await expect.poll(heads).toContain('$.carrier');
  await panel.details.getByRole('group', { name: /^Decoded data/ }).press('Shift+F10');
  await panel.page.getByRole('menuitem', { name: /^\$\.carrier/ }).press('Enter');
  const again = panel.page.getByRole('menuitem', { name: 'Add as column' });
  await expect.poll(() => again.isDisabled()).toBe(true);
});

test('a cell that the arrows lead to is in sight, also beyond the edge of a narrow panel', async () => {
  const fields = ['$.origin', '$.destination', '$.date', '$.delay', '$.distance', '$.carrier'];
  const columns = { shown: ids('arrived', 'shard', 'key', ...fields, 'value') };
  await open({ viewport: { width: 480, height: 500 }, columns });
  await panel.row(55).click({ position: { x: 20, y: 8 } });
  await press('Escape');
  const outside = () =>
    panel.page.evaluate(`(({ left, right }) => left < 0 || right > innerWidth)(
      document.activeElement.getBoundingClientRect())`);
  for (let times = 0; times < 9; times += 1) {
    await press('ArrowRight');
    await expect.poll(() => outside()).toBe(false);
  }
  const isInStep = () =>
    panel.page.evaluate(`(([head, scroller]) => head.scrollLeft === scroller.scrollLeft)(
      [...document.querySelectorAll('.head, .scroller')])`);
  await expect.poll(isInStep).toBe(true);
  for (let times = 0; times < 8; times += 1) {
    await press('ArrowLeft');
    await expect.poll(() => outside()).toBe(false);
  }
});

test('keys that are nothing to the edge of a column do nothing to the rows', async () => {
  await open();
  await panel.page.locator('.resize-handle').first().focus();
  await press('Space');
  await press('ArrowUp');
  await press('g');
  await expect.poll(() => panel.calls('pause')).toEqual([]);
  await expect.poll(() => panel.calls('goTo')).toEqual([]);
  await expect.poll(() => panel.page.locator('.row[aria-selected="true"]').count()).toBe(0);
});

test('the form of the columns begins at its first field, and stays in a low window as it grows', async () => {
  await open({ viewport: { width: 480, height: 380 } });
  await panel.button('Columns').click();
  await panel.page.getByText('in 59 of 59').first().waitFor();
  await expect.poll(() => panel.page.evaluate(`document.activeElement.type`)).toBe('checkbox');
  const box = (await panel.page.getByRole('dialog', { name: 'Columns' }).boundingBox())!;
  expect(box.y + box.height).toBeLessThanOrEqual(380);
});

test('ticks that change no row measure no header', async () => {
  await open();
  await panel.page.keyboard.press('Home');
  await panel.page.evaluate(`(() => {
    const own = Element.prototype.getBoundingClientRect;
    globalThis.measured = 0;
    Element.prototype.getBoundingClientRect = function () {
      if (this.closest('.row-head')) globalThis.measured += 1;
      return own.call(this);
    };
  })()`);
  for (let tick = 0; tick < 10; tick += 1) await panel.host('append(5)');
  await expect.poll(() => panel.grid.getAttribute('aria-rowcount')).toBe('111');
  await expect.poll(() => panel.page.evaluate('measured')).toBe(0);
});

test('a cell of a field has its menu wherever in the record the value is, and whatever it is', async () => {
  const paths = ['$.order.total', '$.items[*].sku', "$['order'].by", '$.order'];
  await open({ columns: { shown: ids('arrived', ...paths) } });
  const order = { total: 5, by: 'Ann' };
  const items = [{ sku: 'K7' }, { sku: 'K8' }];
  const data = JSON.stringify({ text: 'x'.repeat(1024), order, items });
  await panel.host(`setValue(60, ${JSON.stringify(data)})`);
  await panel.host('append(1)');
  const menu = panel.page.getByRole('menu');
  const choices = () => menu.getByRole('menuitem').allTextContents();
  const copied = async () => (await panel.calls('copy')).at(-1);

  await cell(60, '$.items[*].sku').click({ button: 'right' });
  await expect.poll(() => choices()).toEqual(['Copy']);
  await press('Enter');
  await expect.poll(copied).toMatchObject({ text: 'K7\nK8', what: '$.items[*].sku' });
  await cell(60, '$.order').click({ button: 'right' });
  await press('Enter');
  await expect.poll(copied).toMatchObject({ text: '{"total":5,"by":"Ann"}' });

  await cell(60, "$['order'].by").click({ button: 'right' });
  await menu.getByText('$.order.by = "Ann"', { exact: true }).waitFor();
  const another = ['Filter by this value', 'Exclude', 'Add as column', 'Copy'];
  await expect.poll(() => choices()).toEqual(another);
  await expect
    .poll(() => menu.getByRole('menuitem', { name: 'Add as column' }).isDisabled())
    .toBe(true);
  await press('Escape');
  await press('ArrowRight');
  await press('ArrowRight');
  await expect.poll(focused).toBe('5');
  await press('Shift+F10');
  await menu.getByText('$.order.total = 5', { exact: true }).waitFor();
  await panel.picture('field-cell-menu');
  await press('Enter');
  const filtered = async () => (await panel.calls('filter')).at(-1);
  await expect.poll(filtered).toMatchObject({ text: '$.order.total = 5' });
  await panel.page.getByText('1 of 60', { exact: true }).waitFor();
});
