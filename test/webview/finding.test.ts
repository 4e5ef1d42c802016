// Finding by keyboard alone, in a real browser: completion, what is wrong with a query, menus of values, saved queries.
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { Harness, type OpenOptions, type PanelPage } from './harness/openPanel.ts';

vi.setConfig({ testTimeout: 30_000 });

let harness: Harness;
let panel: PanelPage;

beforeAll(async () => {
  harness = await Harness.start();
}, 60_000);
afterAll(() => harness.stop());

async function open(options: OpenOptions = {}): Promise<void> {
  panel = await harness.open({ rows: 400, ...options });
  await panel.records.first().waitFor();
}

afterEach(async () => {
  expect(await panel.host('violations')).toEqual([]);
  expect(panel.complaints).toEqual([]);
  await panel.page.context().close();
});

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
  expect(await options()).toEqual(
    expect.arrayContaining(['$.origin', '$.destination', '$.delay', '$.carrier']),
  );
  expect(await panel.filter.getAttribute('aria-expanded')).toBe('true');
  await type('dest');
  expect(await options()).toEqual(['$.destination']);
  await press('ArrowDown');
  expect(await chosen().textContent()).toBe('$.destination');
  await press('Tab', 'ArrowDown', 'ArrowDown');
  expect(await chosen().textContent()).toBe('=');
  await press('Enter');
  await type('"J');
  expect(await options()).toEqual(['JFK']);
  await panel.picture('completion');
  await press('ArrowDown', 'Enter');
  expect(await panel.filter.inputValue()).toBe('$.destination = "JFK"');
  await list().waitFor({ state: 'detached' });
  await expect.poll(sent).toBe('$.destination = "JFK"');
  await panel.page.getByText(/^\d+ of \d+$/).waitFor();
  for (const text of await panel.records.allTextContents())
    expect(text).toContain('destination JFK');
});
