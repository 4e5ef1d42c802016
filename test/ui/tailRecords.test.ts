// The records of a tail in the real workbench, by its user's hands: columns, details, editors, comparing, exports on disk,
// what a reload brings back, and how all of it looks.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readStored, type StoredRecord } from '../support/aws/scripts.ts';
import { barriersIn } from '../support/axe.ts';
import { createStream, engineEndpoint, forgetEngine } from './support/engine.ts';
import { openWindow, type WindowOptions } from './support/openWindow.ts';
import { vscodeServer } from './support/server.ts';
import { StreamPanel } from './support/streamPanel.ts';
import { putFlights, TailUser, until } from './support/tailUser.ts';
import type { Workbench } from './support/workbench.ts';

const stream = 'arrivals';
// So wide that a comparison stands side by side.
const size = { width: 1400, height: 900 };
let window: Workbench;
let user: TailUser;
let stored: StoredRecord[];

interface Flight {
  readonly delay: number;
  readonly origin: string;
}
const flightOf = ({ text }: StoredRecord): Flight => JSON.parse(text) as Flight;

beforeAll(async () => {
  await forgetEngine();
  window = await openWindow({ theme: 'Dark Modern', viewport: size });
  await window.openContainer('Kinesis');
  await window.runCommand('Kinesis: Start Local Engine');
  await window.statusBarItem(/Kinesis: \d+/).waitFor();
  await createStream(stream, 3);
  await putFlights(stream, 300);
  const output = path.join(vscodeServer().receiptsFolder, `${stream}.ndjson`);
  stored = await readStored({ endpoint: engineEndpoint(), stream, output });
  user = await TailUser.tail(window, stream);
  await user.choose('From: latest', /^Horizon/);
  await user.untilHeld(300);
});

/** The stored record whose row this number has. */
const storedOf = (sequenceNumber: string): StoredRecord =>
  stored.find((record) => record.sequenceNumber === sequenceNumber)!;

/** Of rows in sight, from the last one upwards. */
async function numberInSight(fromEnd: number): Promise<string> {
  const numbers = await user.records.evaluateAll((rows) =>
    rows.map((row) => row.dataset.sequenceNumber ?? ''),
  );
  return numbers.at(-1 - fromEnd)!;
}

/** The page of a tab that is hidden goes; in front again it is drawn anew. */
async function shownAgain(): Promise<void> {
  user = new TailUser(window, await StreamPanel.of(window));
  await user.records.first().waitFor();
}

async function closeEditor(): Promise<void> {
  await window.runCommand('View: Close Editor');
  await shownAgain();
}

test('a field of the records is made a column, with what each record has there', async () => {
  await user.button('Columns').click();
  const form = user.frame.getByRole('dialog', { name: 'Columns' });
  await form
    .getByText(/^in \d+ of \d+$/)
    .first()
    .waitFor();
  await form.getByRole('checkbox', { name: 'delay' }).check();
  await window.screenshot('records-columns-form');
  await user.press('Escape');
  const cells = user.frame.locator('[role="gridcell"][data-column="$.delay"]');
  await cells.first().waitFor();
  const number = await numberInSight(2);
  const cell = user.record(number).locator('[data-column="$.delay"]');
  expect(await cell.textContent()).toBe(String(flightOf(storedOf(number)).delay));
});

test('a record is shown decoded, raw, byte by byte, and how it was decoded', async () => {
  const number = await numberInSight(4);
  const { text } = storedOf(number);
  await user.record(number).click();
  await user.details.getByText(number, { exact: true }).waitFor();
  const decoded = user.details.getByRole('group', { name: /^Decoded data/ });
  expect(JSON.parse(await decoded.innerText())).toEqual(JSON.parse(text));
  await user.details.getByRole('tab', { name: 'Raw' }).click();
  await user.details.getByText(text, { exact: true }).waitFor();
  await user.details.getByRole('tab', { name: 'Hex' }).click();
  const hex = Buffer.from(text).subarray(0, 8).toString('hex').replace(/../g, '$& ').trim();
  await user.details.getByText(new RegExp(`^00000 +${hex}`)).waitFor();
  await user.details.getByRole('tab', { name: 'Steps' }).click();
  await user.details.getByText(/json reads it/).waitFor();
  await user.details.getByRole('tab', { name: 'Decoded' }).click();
});

test('a record is opened in an editor, and two are compared there; the list stays where it is', async () => {
  await user.frame.locator('.scroller').evaluate((list) => list.scrollTo(0, 2400));
  const rowAt = (index: number) =>
    user.frame.locator(`[aria-rowindex="${index}"][data-sequence-number]`);
  const numberAt = (index: number) => rowAt(index).getAttribute('data-sequence-number');
  const [left, right] = [(await numberAt(112))!, (await numberAt(113))!];
  await user.record(left).click();
  const place = await rowAt(112).boundingBox();
  await user.grid.press('o');
  const title = `${stream} …${left.slice(-4)}.json`;
  await window.editorTab(title).waitFor();
  const { delay, origin } = flightOf(storedOf(left));
  const lines = window.page.locator('.editor-instance .view-lines');
  await lines.getByText(`"origin": "${origin}"`).first().waitFor();
  await lines.getByText(`"delay": ${delay}`).first().waitFor();
  await closeEditor();
  await user.record(left).and(user.frame.locator('[aria-selected="true"]')).waitFor();
  expect(await rowAt(112).boundingBox()).toEqual(place);
  await user.grid.press('c');
  await user.record(right).click();
  const words = `Compare with ${stream} …${left.slice(-4)}`;
  await user.details.getByRole('button', { name: words }).waitFor();
  await user.grid.press('Shift+C');
  const both = `${stream} …${left.slice(-4)} ↔ ${stream} …${right.slice(-4)}`;
  await window.editorTab(both).waitFor();
  const side = (name: string) =>
    window.page.locator(`.monaco-diff-editor .editor.${name} .view-lines`);
  await side('original').getByText(`"delay": ${delay}`).waitFor();
  await side('modified')
    .getByText(`"delay": ${flightOf(storedOf(right)).delay}`)
    .waitFor();
  await window.screenshot('records-compare');
  await closeEditor();
});

/** The file that the save dialog wrote, once it is whole. */
async function saved(name: string): Promise<string> {
  const file = path.join(window.folder, name);
  const input = window.quickInput.locator('input').first();
  // The dialog proposes a name, and would write it over another one.
  await until(async () => (await input.inputValue()).includes(`${stream}-`));
  await window.answer(file);
  await until(() => existsSync(file));
  return readFileSync(file, 'utf8');
}

const exportedOf = (text: string): { sequenceNumber: string; data: string }[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { sequenceNumber: string; data: string });

const told = (records: readonly { sequenceNumber: string }[], textOf: (at: number) => string) =>
  records.map(({ sequenceNumber }, at) => `${sequenceNumber} ${textOf(at)}`).sort();

test('what matches, and a range of the stream, are exported into files on disk', async () => {
  await user.filter.fill('$.delay > 20');
  const late = stored.filter((record) => flightOf(record).delay > 20);
  await user.frame.getByText(`${late.length} of 300`, { exact: true }).waitFor();
  await user.button('Export…').click();
  await window.pick('The rows that match');
  await window.pick('JSONL');
  const rows = exportedOf(await saved('rows.jsonl'));
  expect(told(rows, (at) => rows[at]!.data)).toEqual(told(late, (at) => late[at]!.text));
  await window.notification(`${late.length} records of ${stream} exported`).waitFor();

  await user.button('Export…').click();
  await window.pick('A time range of the stream…');
  await window.pick('The oldest record that the stream holds');
  await window.pick('Now');
  await window.answer('$.delay < 0');
  await window.pick('JSONL');
  const early = stored.filter((record) => flightOf(record).delay < 0);
  const range = exportedOf(await saved('range.jsonl'));
  expect(told(range, (at) => range[at]!.data)).toEqual(told(early, (at) => early[at]!.text));
  await window.runCommand('Notifications: Clear All Notifications');
});

test('a reload brings back the rows, paused, with filter, columns and the open record', async () => {
  const number = await numberInSight(3);
  await user.record(number).click();
  await user.details.getByText(number, { exact: true }).waitFor();
  const before = await user.numbers();
  const filter = await user.filter.inputValue();
  // What the panel keeps is kept once a second at most; VS Code writes it when the window goes.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await window.reload();
  await shownAgain();
  await user.paused.waitFor();
  await user.untilHeld(300);
  expect(await user.filter.inputValue()).toBe(filter);
  await user.details.getByText(number, { exact: true }).waitFor();
  await user.frame.locator('[role="columnheader"][data-column="$.delay"]').waitFor();
  expect(await user.numbers(before.length)).toEqual(before);
});

const looks = {
  'Light Modern': 'vscode-light',
  'Default High Contrast': 'vscode-high-contrast',
  'Default High Contrast Light': 'vscode-high-contrast-light',
  'Dark Modern': 'vscode-dark',
} as const satisfies Record<NonNullable<WindowOptions['theme']>, string>;

const coloursOfTexts = `[...new Set(
  [...document.querySelectorAll('.row[aria-selected="false"] .cell-value .token-string')]
    .map((piece) => getComputedStyle(piece).color),
)]`;

test.each(Object.entries(looks))('nothing is in anybody’s way: %s', async (theme, className) => {
  const file = path.join(window.folder, '.vscode/settings.json');
  writeFileSync(file, JSON.stringify({ 'workbench.colorTheme': theme }));
  await user.frame.locator(`body.${className}`).waitFor();
  await user.details.locator('.facts').waitFor();
  await user.filter.fill('$.delay > "a text" size>many');
  await user.frame.getByRole('alert').waitFor();
  await window.screenshot(`records-${className}-wrong`);
  await user.filter.fill('$.delay > 20 age<1d');
  await user.count.getByText(/^\d+ of 300$/).waitFor();
  await window.screenshot(`records-${className}`);
  expect(await barriersIn(user.frame)).toEqual([]);
  // A row that was selected before keeps nothing of it.
  expect(await user.frame.evaluate(coloursOfTexts)).toHaveLength(1);
});

const cutControls = `[...document.querySelectorAll('.toolbar > *')]
  .filter((control) => control.getBoundingClientRect().right > innerWidth)
  .map((control) => control.textContent)`;

test('it has room in a narrow window and at 200 %', async () => {
  const over = () => user.frame.evaluate('document.documentElement.scrollWidth - innerWidth');
  await window.runCommand('View: Close Primary Side Bar');
  for (const [name, width, height] of [
    ['narrow', 700, 900],
    ['zoomed', 640, 450],
  ] as const) {
    await window.page.setViewportSize({ width, height });
    await user.details.locator('.facts').scrollIntoViewIfNeeded();
    await window.screenshot(`records-${name}`);
    expect(await over()).toBe(0);
    const cut = await user.frame.evaluate(cutControls);
    expect(cut, 'controls that are cut off').toEqual([]);
    expect(await barriersIn(user.frame)).toEqual([]);
  }
  await window.page.setViewportSize(size);
  await window.close();
});
