// Finding by keyboard alone, in a real browser: completion, what is wrong with a query, menus of values, saved queries.
import { expect, test } from 'vitest';
import type { OpenOptions, PanelPage } from './harness/openPanel.ts';
import { startedHarness } from './harness/startedHarness.ts';

let panel: PanelPage;
const harness = startedHarness(() => panel);

async function open(options: OpenOptions = {}): Promise<void> {
  panel = await harness.open({ rows: 400, ...options });
  await panel.records.first().waitFor();
}

const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await panel.page.keyboard.press(key);
};
const type = (text: string): Promise<void> => panel.page.keyboard.type(text);
const list = () => panel.page.getByRole('listbox', { name: 'Completions' });
const options = (): Promise<string[]> =>
  list().getByRole('option').locator('.completion-label').allTextContents();
const chosen = () => list().getByRole('option', { selected: true }).locator('.completion-label');
const sent = async () => ((await panel.calls('filter')) as { text: string }[]).at(-1)?.text;

test('a path, an operator and a value are typed and chosen, and the filter comes into force', async () => {
  await open();
  await press('/');
  await type('$.');
  await expect
    .poll(() => options())
    .toEqual(expect.arrayContaining(['$.origin', '$.destination', '$.delay', '$.carrier']));
  await expect.poll(() => panel.filter.getAttribute('aria-expanded')).toBe('true');
  await type('dest');
  await expect.poll(() => options()).toEqual(['$.destination']);
  await press('ArrowDown');
  await expect.poll(() => chosen().textContent()).toBe('$.destination');
  await press('Tab', 'ArrowDown', 'ArrowDown');
  await expect.poll(() => chosen().textContent()).toBe('=');
  await press('Enter');
  await type('"J');
  await expect.poll(() => options()).toEqual(['JFK']);
  await panel.picture('completion');
  await press('ArrowDown', 'Enter');
  await expect.poll(() => panel.filter.inputValue()).toBe('$.destination = "JFK"');
  await list().waitFor({ state: 'detached' });
  await expect.poll(sent).toBe('$.destination = "JFK"');
  await panel.page.getByText(/^\d+ of \d+$/).waitFor();
  for (const text of await panel.records.allTextContents())
    expect(text).toContain('destination JFK');
});

test('Ctrl+Space asks for all that may be written; Escape closes the list and not the box', async () => {
  await open();
  await press('/', 'Control+ ');
  await expect.poll(() => chosen().textContent()).toBe('key:');
  await press('ArrowUp');
  await expect.poll(() => chosen().textContent()).toBe((await options()).at(-1));
  await press('Escape');
  await list().waitFor({ state: 'detached' });
  await type('key:L');
  await expect.poll(options).toEqual(['LAX', 'ATL']);
  await press('ArrowDown', 'Enter');
  await expect.poll(() => panel.filter.inputValue()).toBe('key:LAX');
  await expect.poll(sent).toBe('key:LAX');
  await panel.records.locator('mark').first().waitFor();
  expect(
    new Set(await panel.records.locator('[data-column="key"] mark').allTextContents()),
  ).toEqual(new Set(['LAX']));
  await press('Escape');
  await expect.poll(() => panel.page.evaluate('document.activeElement.role')).toBe('grid');
});

test('with nothing chosen Enter applies what is typed, and Tab leaves the box', async () => {
  await open();
  await press('/');
  await type('ke');
  await list().waitFor();
  await press('Enter');
  await expect.poll(() => sent()).toBe('ke');
  await list().waitFor({ state: 'detached' });
  await type('y');
  await list().waitFor();
  await press('Tab');
  await list().waitFor({ state: 'detached' });
  await expect.poll(() => panel.filter.inputValue()).toBe('key');
  await expect
    .poll(() => panel.page.evaluate('document.activeElement.ariaLabel'))
    .toBe('Saved queries');
});

test('a completion is taken by the pointer too, and the focus stays in the box', async () => {
  await open();
  await press('/');
  await type('$.or');
  await list().getByRole('option').first().click();
  await type(' = 1');
  await expect.poll(() => panel.filter.inputValue()).toBe('$.origin = 1');
});

test('a value is told by its place also where unseen characters are shown as signs', async () => {
  await open({ rows: 40 });
  const value = JSON.stringify({ a: 'x\u200b\u202ey', b: 'told', c: 'other' });
  await panel.host(`setValue(40, ${JSON.stringify(value)})`);
  await panel.host('append(1)');
  await panel.row(40).click();
  await panel.details.getByText('"told"').click({ button: 'right' });
  await panel.page.getByRole('menu').getByText('$.b = "told"', { exact: true }).waitFor();
});

test('a choice in the middle of a query leaves the caret behind it', async () => {
  await open();
  await panel.filter.fill('$.de late');
  await panel.filter.press('Home');
  for (let at = 0; at < 4; at += 1) await press('ArrowRight');
  await press('Control+ ', 'Tab');
  await expect.poll(() => panel.filter.inputValue()).toBe('$.destination late');
  await type('!');
  await expect.poll(() => panel.filter.inputValue()).toBe('$.destination! late');
});

test('what is wrong with a query is said under the box, its place marked; all records are shown', async () => {
  await open();
  await panel.filter.fill('LAX size>many');
  const alert = panel.page.getByRole('alert');
  await alert.getByText(/"many" is none/).waitFor();
  await expect.poll(() => alert.locator('mark').textContent()).toBe('size>many');
  await panel.picture('query-wrong');
  await expect.poll(() => panel.page.getByText(/^\d+ of \d+$/).count()).toBe(0);
  await panel.filter.fill('LAX size>1');
  await alert.waitFor({ state: 'detached' });
});

test('by keys a cell is filtered by, another one excluded, and one copied', async () => {
  await open();
  await panel.host("command('focusGrid')");
  await press('End', 'ArrowRight', 'ArrowRight', 'ArrowRight');
  const key = await panel.page.evaluate<string>('document.activeElement.textContent');
  await expect.poll(() => panel.page.evaluate('document.activeElement.dataset.column')).toBe('key');
  await press('Shift+F10');
  await panel.page.getByRole('menu').getByText(`key=${key}`).waitFor();
  await panel.picture('cell-menu');
  await press('Enter');
  await expect.poll(sent).toBe(`key=${key}`);
  await panel.page.getByText(/^\d+ of \d+$/).waitFor();
  await expect
    .poll(() => panel.page.evaluate(`document.activeElement.closest('[role=grid]') !== null`))
    .toBe(true);
  // Of the value, one of several is chosen first.
  await press('End');
  await expect.poll(() => panel.page.evaluate('document.activeElement.dataset.column')).toBe('key');
  await press('ArrowRight', 'ArrowRight', 'ArrowRight', 'ContextMenu');
  await panel.page.getByRole('menuitem', { name: /^\$\.destination/ }).focus();
  await panel.picture('cell-values');
  await press('Enter', 'ArrowDown', 'Enter');
  await expect.poll(sent).toMatch(new RegExp(`^key=${key} \\$\\.destination != "[A-Z]{3}"$`));
  // The row as a whole offers all its values.
  await press(
    'End',
    'ArrowLeft',
    'ArrowLeft',
    'ArrowLeft',
    'ArrowLeft',
    'ArrowLeft',
    'ArrowLeft',
    'Shift+F10',
  );
  await panel.page.getByRole('menuitem', { name: /^Shard/ }).press('Enter');
  await press('End', 'Enter');
  expect((await panel.calls('copy')).at(-1)).toMatchObject({
    text: expect.stringMatching(/^shardId-/),
  });
  await panel.page.getByRole('menu').waitFor({ state: 'detached' });
  await expect.poll(() => panel.page.evaluate('document.activeElement.role')).toBe('row');
});

test('by the pointer the value under it is meant, in a row and in the decoded record', async () => {
  await open();
  const row = panel.records.nth(-3);
  await row.locator('.token-number').first().click({ button: 'right' });
  await panel.page
    .getByRole('menu')
    .getByText(/^\$\.delay = \d+$/)
    .waitFor();
  await panel.picture('value-menu');
  await press('Escape');
  await row.locator('.token-string').first().click({ button: 'right' });
  await panel.page.getByRole('menuitem', { name: 'Filter by this value' }).click();
  await expect.poll(sent).toMatch(/^\$\.origin = "[A-Z]{3}"$/);
  await panel.records.nth(-3).click();
  await panel.details.locator('.token-number').nth(1).click({ button: 'right' });
  await panel.page.getByRole('menuitem', { name: 'Exclude' }).click();
  await expect.poll(sent).toMatch(/^\$\.origin = "[A-Z]{3}" \$\.distance != \d+$/);
});

test('a value whose record has to be fetched first is added to the filter that is set by then', async () => {
  await open({ rows: 40 });
  await panel.host(`setValue(40, '{"name": "one two"}')`);
  await panel.host('append(1)');
  await panel.row(40).locator('.token-string').click({ button: 'right' });
  await panel.host('holdPages()');
  await panel.page.getByRole('menuitem', { name: 'Filter by this value' }).click();
  await panel.host("useQuery('format=json')");
  await expect.poll(sent).toBe('format=json');
  await panel.host('givePages()');
  await expect.poll(sent).toBe('format=json $.name = "one two"');
});

test('facts and decoded values of the details are filtered by with keys alone; matches are marked there', async () => {
  await open();
  await panel.records.nth(-3).click();
  await panel.details.getByText('"carrier": "UA"').waitFor();
  await panel.details.getByRole('button', { name: /^Format:/ }).press('Enter');
  await press('Enter');
  await expect.poll(sent).toBe('format=json');
  await panel.details.getByRole('group', { name: /^Decoded data/ }).press('Shift+F10');
  await panel.page.getByRole('menuitem', { name: /^\$\.carrier/ }).press('Enter');
  await panel.picture('details-values');
  await press('Enter');
  await expect.poll(sent).toBe('format=json $.carrier = "UA"');
  await panel.filter.fill('UA');
  await panel.details.locator('mark').getByText('UA').waitFor();
});

test('a shard of the strip is shown alone or hidden, and by one press with Ctrl', async () => {
  await open();
  await panel.button(/^Shard 2 /).press('Enter');
  await panel.page.getByRole('menu').waitFor();
  await panel.picture('shard-menu');
  await press('Enter');
  await expect.poll(sent).toBe('shard:2');
  await panel.button(/^Shard 3 /).press('Enter');
  await panel.page.getByRole('menuitem', { name: 'Hide shard 3' }).press('Enter');
  await expect.poll(sent).toBe('shard:2 shard!=3');
  await panel.button(/^Shard 0 /).click({ modifiers: ['Control'] });
  await expect.poll(sent).toBe('shard:0');
  await panel.button(/^Shard 0 /).press('Control+Enter');
  await expect.poll(sent).toBe('');
  await expect.poll(() => panel.page.getByRole('menu').count()).toBe(0);
});

const kept = {
  saved: [
    { name: 'delayed', text: '$.delay > 100' },
    { name: 'from LAX', text: 'key=LAX' },
  ],
  recent: ['SEA or BOS'],
};

test('saved queries and those used last are chosen by keys; this one is saved, others renamed', async () => {
  await open({ queries: kept });
  await press('/');
  await type('JFK');
  await press('Enter', 'Tab');
  await expect
    .poll(() => panel.page.evaluate('document.activeElement.ariaLabel'))
    .toBe('Saved queries');
  await expect.poll(() => panel.calls('noteQuery')).toEqual([{ text: 'JFK' }]);
  await press('Enter');
  await panel.page.getByRole('menu', { name: 'Saved queries' }).waitFor();
  await panel.picture('saved-queries');
  await press('ArrowDown', 'Enter');
  await expect.poll(() => panel.filter.inputValue()).toBe('key=LAX');
  await expect.poll(sent).toBe('key=LAX');
  const menu = panel.button('Saved queries');
  await menu.press('Enter');
  await panel.page.getByRole('menuitem', { name: 'SEA or BOS' }).press('Enter');
  await expect.poll(sent).toBe('SEA or BOS');
  await menu.press('Enter');
  await panel.page.getByRole('menuitem', { name: 'Save this query…' }).press('Enter');
  await menu.press('Enter');
  await panel.page.getByRole('menuitem', { name: 'Rename or delete…' }).press('Enter');
  await expect.poll(() => panel.calls('manageQueries')).toEqual([{ text: 'SEA or BOS' }]);
  await expect.poll(() => panel.calls('saveQuery')).toEqual([{ text: 'SEA or BOS' }]);
  await panel.host("useQuery('$.delay > 100')");
  await expect.poll(sent).toBe('$.delay > 100');
});

test('a query that is wrong is not saved, and without any the menu says so', async () => {
  await open();
  await panel.filter.fill('size>');
  await panel.page.getByRole('alert').waitFor();
  await panel.button('Saved queries').press('Enter');
  await panel.page.getByText('No query of this stream was used or saved yet.').waitFor();
  await expect
    .poll(() => panel.page.getByRole('menuitem', { name: 'Save this query…' }).isDisabled())
    .toBe(true);
});

const looks: Record<string, OpenOptions> = {
  light: { theme: 'light' },
  'hc-dark': { theme: 'hc-dark' },
  'hc-light': { theme: 'hc-light' },
  narrow: { viewport: { width: 480, height: 700 } },
  zoomed: { zoom: 2 },
  bottom: { where: 'bottom', viewport: { width: 520, height: 260 } },
};

test.each(Object.entries(looks))('all of it is in the window: %s', async (name, options) => {
  await open({ ...options, queries: kept });
  const { width, height } = panel.page.viewportSize()!;
  const isWhole = async (selector: string, what: string): Promise<void> => {
    const shown = panel.page.locator(selector);
    await shown.waitFor();
    await panel.picture(`finding-${name}-${what}`);
    await expect.poll(() => panel.barriers()).toEqual([]);
    const box = (await shown.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.y).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(width);
    expect(box.y + box.height).toBeLessThanOrEqual(height);
  };
  await press('/');
  await type('$.delay > ');
  await press('ArrowDown');
  await isWhole('.completions', 'completions');
  const field = (await panel.filter.boundingBox())!;
  expect((await list().boundingBox())!.y).toBeGreaterThanOrEqual(field.y + field.height);
  await panel.filter.fill('LAX size>many and $.delay > "a text');
  await isWhole('.filter-problem', 'problem');
  await panel.filter.fill('key:A');
  await press('Escape');
  await panel.records.locator('mark').first().waitFor();
  await panel.button('Saved queries').press('Enter');
  await isWhole('.popup', 'queries');
  await press('Escape');
  await panel.records.last().click({ button: 'right', position: { x: 20, y: 8 } });
  await isWhole('.popup', 'cell');
});

test('a menu closes by a press beside it, also on what it was asked for; a button closes its own', async () => {
  await open();
  const menu = panel.page.getByRole('menu');
  await panel.records.last().click();
  await panel.details.locator('.token-number').first().click({ button: 'right' });
  await menu.waitFor();
  await panel.details.locator('.token-name').last().click({ force: true });
  await expect.poll(() => menu.count()).toBe(0);
  await panel.records.last().click({ button: 'right', position: { x: 20, y: 8 } });
  await menu.waitFor();
  await panel.records.last().click({ position: { x: 500, y: 8 }, force: true });
  await expect.poll(() => menu.count()).toBe(0);
  const button = panel.details.locator('.value-button').first();
  await button.press('Enter');
  await menu.waitFor();
  await button.dispatchEvent('click');
  await expect.poll(() => menu.count()).toBe(0);
});

test('in menus, columns and completions nothing is unseen or turned either', async () => {
  await open();
  const hostile = JSON.stringify({ 'n\u202eame': 'v\u202ealue\u200b' });
  await panel.host(`setValue(400, ${JSON.stringify(hostile)})`);
  await panel.host('append(10)');
  await panel.row(400).getByText('U+202E').first().waitFor();
  const unseen = () =>
    panel.page.evaluate(`[...document.querySelectorAll('body *')].flatMap((element) =>
      [...[...element.attributes].map(({ name, value }) => [name, value]),
       ...[...element.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => ['text', data])]
        .filter(([name, value]) => !name.startsWith('data-') && /[\u202e\u200b]/.test(value))
        .map(([name]) => name + ' of ' + element.className))`);
  await panel.row(400).click();
  await panel.row(400).press('Shift+F10');
  const item = panel.page.getByRole('menuitem').filter({ hasText: 'U+202E' });
  await item.first().waitFor();
  await expect.poll(() => unseen()).toEqual([]);
  await item.first().press('Enter');
  await panel.page.getByRole('menuitem', { name: 'Add as column' }).waitFor();
  await expect.poll(() => unseen()).toEqual([]);
  await panel.page.getByRole('menuitem', { name: 'Add as column' }).press('Enter');
  await panel.button('Columns').click();
  await panel.page.getByText('Not shown').waitFor();
  await expect.poll(() => unseen()).toEqual([]);
  await panel.page.keyboard.press('Escape');
  await panel.filter.focus();
  await panel.page.keyboard.type('$.');
  await panel.page.getByRole('option').filter({ hasText: 'U+202E' }).first().waitFor();
  await expect.poll(() => unseen()).toEqual([]);
});

test('while the rows are looked through nothing says that none matches, nor how many do', async () => {
  await open();
  await panel.host(`say({ isLooking: true })`);
  await panel.filter.fill('Timbuktu');
  await panel.page
    .getByText(/^None matches so far: still looking through the \d+ records held\.$/)
    .waitFor();
  await panel.page.getByText(/^0… of \d+$/).waitFor();
  await panel.button('Clear the filter').waitFor();
  const status = panel.page.getByText(/records match\.$/);
  await expect.poll(() => status.count()).toBe(0);
  await panel.picture('filter-looking');
  await panel.host(`say({ isLooking: false })`);
  await panel.page.getByText(/^None of the \d+ records held matches the filter\.$/).waitFor();
  await status.getByText(/^0 of \d+ records match\.$/).waitFor();
});
