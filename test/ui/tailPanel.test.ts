// A tail in the real workbench, by its user's hands: paused and resumed, led to times and records, filtered, narrowed by
// the histogram, stopped by itself, shown twice, resharded, reloaded, closed.
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { readStored, type StoredRecord, startPublishers } from '../support/aws/scripts.ts';
import { createStream, engineEndpoint, forgetEngine } from './support/engine.ts';
import { bytesReadByHosts } from './support/extensionHosts.ts';
import { openWindow } from './support/openWindow.ts';
import { vscodeServer } from './support/server.ts';
import { StreamPanel } from './support/streamPanel.ts';
import { putFlights, putLarge, TailUser, until } from './support/tailUser.ts';
import type { Workbench } from './support/workbench.ts';

const stream = 'departures';
let window: Workbench;
let user: TailUser;
/** Records that were put so far. */
let put = 0;

const storedNow = (): Promise<StoredRecord[]> => {
  const output = path.join(vscodeServer().receiptsFolder, `${stream}.ndjson`);
  return readStored({ endpoint: engineEndpoint(), stream, output });
};
const numbersOf = (records: readonly StoredRecord[]): string[] =>
  records.map(({ sequenceNumber }) => sequenceNumber).sort();

async function add(count: number): Promise<string[]> {
  put += count;
  return putFlights(stream, count);
}

beforeAll(async () => {
  await forgetEngine();
  window = await openWindow({ viewport: { width: 1280, height: 1000 } });
  await window.openContainer('Kinesis');
  await window.runCommand('Kinesis: Start Local Engine');
  await window.statusBarItem(/Kinesis: \d+/).waitFor();
  await createStream(stream, 2);
  // Spread over time, so that there are bars.
  for (let round = 0; round < 8; round += 1) {
    await add(40);
    await delay(200);
  }
});

test('a tail of what comes is started at the horizon by its menu, paused and resumed', async () => {
  user = await TailUser.tail(window, stream);
  await user.frame.getByText('Waiting for the first record of 2 shards').waitFor();
  await user.choose('From: latest', /^Horizon/);
  await user.button('From: horizon').waitFor();
  await user.untilHeld(put);

  await user.button('Pause').click();
  await user.paused.waitFor();
  const rows = await user.panel.rowCount();
  await add(30);
  await user.frame.getByText(/Paused .* ago, .*behind/).waitFor();
  expect(await user.panel.rowCount()).toBe(rows);
  await user.grid.press('Space');
  await user.live.waitFor();
  await user.untilHeld(put);
  expect((await user.numbers(put)).sort()).toEqual(numbersOf(await storedNow()));
});

test('a filter is written with completions; what is wrong with one is said under the box', async () => {
  await user.grid.press('/');
  await window.page.keyboard.type('$.ori');
  const list = user.frame.getByRole('listbox', { name: 'Completions' });
  await list.getByRole('option', { name: '$.origin' }).waitFor();
  await user.press('ArrowDown', 'Tab');
  await window.page.keyboard.type(' = "LA');
  await list.getByRole('option', { name: 'LAX' }).waitFor();
  await user.press('ArrowDown', 'Enter');
  expect(await user.filter.inputValue()).toBe('$.origin = "LAX"');
  const wanted = (await storedNow()).filter(({ partitionKey }) => partitionKey === 'LAX');
  await user.frame.getByText(`${wanted.length} of ${put}`, { exact: true }).waitFor();
  expect((await user.numbers(wanted.length)).sort()).toEqual(numbersOf(wanted));

  await user.filter.fill('LAX size>many');
  const alert = user.frame.getByRole('alert');
  await alert.getByText(/"many" is none/).waitFor();
  expect(await alert.locator('mark').textContent()).toBe('size>many');
  await window.screenshot('tail-filter-wrong');
  await user.filter.fill('');
  await alert.waitFor({ state: 'detached' });
});

test('the histogram narrows the list by keys and by the pointer, and widens it again', async () => {
  await user.slider.focus();
  await user.press('PageUp', 'ArrowRight', 'Shift+ArrowLeft');
  await until(async () => /^arrived:\S+\.\.\S+$/.test(await user.filter.inputValue()));
  await user.count.getByText(/^\d+ of \d+$/).waitFor();
  await user.press('Escape');
  await until(async () => (await user.filter.inputValue()) === '');

  const box = (await user.slider.boundingBox())!;
  const y = box.y + box.height / 2;
  await window.page.mouse.move(box.x + 2, y);
  await window.page.mouse.down();
  await window.page.mouse.move(box.x + box.width / 3, y, { steps: 4 });
  await window.page.mouse.up();
  await user.button('Clear').waitFor();
  await user.count.getByText(new RegExp(`^\\d+ of ${put}$`)).waitFor();
  await window.screenshot('tail-brush');
  const narrowed = await user.numbers(1);
  expect(narrowed.length).toBeGreaterThan(0);
  expect(narrowed.length).toBeLessThan(put);
  await user.button('Clear').click();
  await until(async () => (await user.filter.inputValue()) === '');
});

test('it is led to a record by g, to a time from the palette, and started elsewhere', async () => {
  const all = await user.numbers(put);
  const [early, late] = [all[10]!, all[200]!];
  await user.grid.press('g');
  await window.answer(early);
  await until(async () => (await user.activeNumber()) === early);
  const time = await user.record(early).locator('[data-column="arrived"]').textContent();

  await user.grid.press('End');
  await until(async () => (await user.activeNumber()) !== early);
  await window.runCommand('Kinesis: Go to Time or Sequence Number…');
  await window.answer(time!.trim());
  await until(async () => {
    const cell = user.frame.locator('.row[aria-selected="true"] [data-column="arrived"]');
    return (await cell.textContent())?.trim() === time!.trim();
  });

  await user.choose('From: horizon', 'A time or a sequence number…');
  await window.answer(late);
  await user.button(`From: …${late.slice(-4)}`).waitFor();
  await until(async () => (await user.numbers()).includes(late));
  const [{ shardId } = { shardId: '' }] = (await storedNow()).filter(
    ({ sequenceNumber }) => sequenceNumber === late,
  );
  const shown = await user.panel.collect();
  expect(shown.find((record) => record.shardId === shardId)?.sequenceNumber).toBe(late);
  expect(shown.map(({ sequenceNumber }) => sequenceNumber)).not.toContain(early);

  // What is not held is shown once the tail that is started there has come to it.
  await user.grid.press('g');
  await window.answer(early);
  await window.answerNotification('No record with this sequence number', 'Start the Tail There');
  await until(async () => (await user.activeNumber().catch(() => null)) === early);
  await user.frame.locator('.row[aria-selected="true"]').isVisible();
  await window.screenshot('tail-started-at-record');

  await window.runCommand('Kinesis: Start Tail From…');
  await window.answer('1h');
  await user.untilHeld(put);
});

test('it stops by itself after 100 more records', async () => {
  await user.choose('To: no end', 'After 100 more records');
  await user.button('To: 100 more').waitFor();
  const before = put;
  for (let round = 0; round < 3; round += 1) await add(50);
  await user.event('The tail stopped here').waitFor();
  await user.paused.waitFor();
  await user.untilHeld(before + 100);
  await user.button('To: no end').waitFor();
  await user.grid.press('Space');
  await user.untilHeld(put);
});

/** Bytes that the window's extensions read while 800,000 are put and `seen` comes to pass. */
async function readOfLarge(seen: () => Promise<unknown>): Promise<number> {
  const before = bytesReadByHosts();
  await putLarge(stream, { count: 16, bytes: 50_000 });
  put += 16;
  await seen();
  return bytesReadByHosts() - before;
}

test('closing the last tab ends the reading; opened again, the tail begins anew', async () => {
  expect(await readOfLarge(() => user.untilHeld(put))).toBeGreaterThan(800_000);
  await window.runCommand('View: Close All Editors');
  await until(async () => (await readOfLarge(storedNow)) < 400_000);
  user = await TailUser.tail(window, stream);
  await user.choose('From: latest', /^Horizon/);
  await user.untilHeld(put);
});

test('two tabs of one stream show the same rows, each by its own filter', async () => {
  await window.runCommand('Kinesis: Tail Stream in Bottom Panel');
  await window.pick(stream);
  const bottom = new TailUser(window, await StreamPanel.bottom(window));
  await bottom.untilHeld(put);
  await bottom.filter.fill('key=ATL');
  await bottom.count.getByText(new RegExp(`^\\d+ of ${put}$`)).waitFor();
  await add(40);
  await user.untilHeld(put);
  await bottom.untilHeld(put);
  expect(await user.filter.inputValue()).toBe('');
  await window.screenshot('tail-two-tabs');
  // A tab stays the active one while the focus is at the bottom.
  for (const each of [bottom, user, bottom]) {
    await each.records.last().click();
    // What the window knows of the focus it was told before it was asked for the record.
    await each.press('Enter');
    await each.details.getByText('origin').first().waitFor();
    await each.press('Escape');
    await each.press('Control+F');
    await until(() => each.isFocused(each.filter));
    await each.press('Control+Alt+G');
    await until(() => each.isFocused(each.grid));
    await window.runCommand('Kinesis: Focus Tail Filter');
    await until(() => each.isFocused(each.filter));
  }
  await window.screenshot('tail-two-tabs-focus');
  // In other parts of the window the keys are theirs, while the tab stays the active one.
  await user.records.last().click();
  // To the side bar; the click before it may still be on its way through the window.
  const isAway = async (): Promise<boolean> => {
    await user.press('Control+0');
    return !(await user.frame.evaluate('document.hasFocus()'));
  };
  await until(isAway);
  await user.press('Control+F', 'Control+Alt+F');
  await window.page.locator('.monaco-tree-type-filter').waitFor();
  expect(await user.isFocused(user.filter)).toBe(false);
  await user.press('Escape');
  const stored = await storedNow();
  const ofKey = stored.filter(({ partitionKey }) => partitionKey === 'ATL');
  expect((await bottom.numbers(ofKey.length)).sort()).toEqual(numbersOf(ofKey));
  expect((await user.numbers(put)).sort()).toEqual(numbersOf(stored));
  await window.runCommand('Kinesis: Close Tail in Bottom Panel');
  const isEmpty = async (): Promise<boolean> => {
    const { frame } = await StreamPanel.bottom(window);
    return frame.getByRole('button', { name: /^Choose/ }).isVisible();
  };
  // The page before may be found as it goes away.
  await until(() => isEmpty().catch(() => false));
  await window.runCommand('View: Hide Panel');
});

/** Presses a record in the middle of the list for as long as people do; resolves to its number. */
async function pressRow(each: TailUser, clickCount = 1): Promise<string> {
  await each.untilFilled();
  await each.frame.evaluate(`addEventListener('pointerdown', ({ target }) => {
    const row = target.closest('[data-position]');
    globalThis.pressed = row?.dataset.sequenceNumber ?? (row ?? target).outerHTML;
  }, { capture: true, once: true })`);
  const { x, y, width, height } = (await each.grid.boundingBox())!;
  const { mouse } = window.page;
  await mouse.move(x + width / 4, y + height / 2);
  await mouse.down({ clickCount });
  await delay(100);
  await mouse.up({ clickCount });
  const pressed = await each.frame.evaluate<string>('globalThis.pressed');
  expect(pressed, 'what was pressed').toMatch(/^\d+$/);
  return pressed;
}

test('at 200 records/s each click chooses the row that was pressed, and two open it in the bottom panel', async () => {
  const file = path.join(vscodeServer().receiptsFolder, `${stream}-clicks.ndjson`);
  const target = { endpoint: engineEndpoint(), stream, file, recordsPerSecond: 200 };
  const publishers = startPublishers(target);
  await publishers.acknowledged(100);
  for (let round = 0; round < 10; round += 1) {
    await user.grid.press('End');
    await publishers.acknowledged(publishers.count + 20 + round);
    const number = await pressRow(user);
    expect(await user.activeNumber()).toBe(number);
    await user.details.getByText(number).waitFor();
    await user.grid.press('Escape');
  }
  await window.runCommand('Kinesis: Tail Stream in Bottom Panel');
  await window.pick(stream);
  const bottom = new TailUser(window, await StreamPanel.bottom(window));
  await bottom.records.first().waitFor();
  for (let round = 0; round < 5; round += 1) {
    await bottom.grid.press('End');
    await publishers.acknowledged(publishers.count + 20 + round);
    const number = await pressRow(bottom);
    expect(await bottom.activeNumber()).toBe(number);
    expect(await pressRow(bottom, 2)).toBe(number);
    await bottom.details.getByText(number).waitFor();
    expect(await bottom.activeNumber()).toBe(number);
    await bottom.grid.press('Escape');
  }
  await publishers.stop();
  await window.runCommand('Kinesis: Close Tail in Bottom Panel');
  await window.runCommand('View: Hide Panel');
});

test('a split and a merge are rows, and nothing is lost on the way', async () => {
  const file = path.join(vscodeServer().receiptsFolder, `${stream}-put.ndjson`);
  const target = { endpoint: engineEndpoint(), stream, file, recordsPerSecond: 100 };
  const publishers = startPublishers(target);
  await publishers.acknowledged(60);
  const [first] = await user.panel.openShards();
  await user.frame.locator(`.segment[data-shard-id="${first}"]`).click();
  await user.frame.getByRole('menuitem', { name: 'Split…' }).click();
  await window.pick('Even halves');
  const halves = await user.panel.untilOpenShards((ids) => ids.length === 3);
  await publishers.acknowledged(publishers.count + 60);
  await user.frame.locator(`.segment[data-shard-id="${halves[0]}"]`).click();
  await user.frame.getByRole('menuitem', { name: /^Merge with 3/ }).click();
  await window.pick('Merge shards 2 and 3');
  await user.panel.untilOpenShards((ids) => ids.length === 2);
  await publishers.acknowledged(publishers.count + 60);
  await publishers.stop();

  const stored = await storedNow();
  put = stored.length;
  await user.untilHeld(put);
  const { records, events } = await user.rows(put);
  expect(records.map(({ sequenceNumber }) => sequenceNumber).sort()).toEqual(numbersOf(stored));
  expect(events.join('\n')).toMatch(/Shard 0 was split[\s\S]*Shards 2 and 3 were merged/);
  await window.screenshot('tail-resharded');
  await window.close();
});
