// Another editor tab in the panel's place, or a reload, destroys its page: the next one shows what the user had before them.
import { expect, test } from 'vitest';
import type { PanelState } from '../../src/protocol/panel.ts';
import { closeClean, type OpenOptions, type PanelPage } from './harness/openPanel.ts';
import { startedHarness } from './harness/startedHarness.ts';

const beginMs = Date.UTC(2026, 1, 1);
const paused = { patch: { state: 'paused', pausedSinceMs: beginMs } };

let panel: PanelPage;
const harness = startedHarness(() => panel);

async function open(options: OpenOptions = {}): Promise<void> {
  panel = await harness.open({ rows: 8000, beginMs, ...options });
}

const lastState = async (): Promise<PanelState | undefined> =>
  (await panel.host<PanelState[]>('states')).at(-1);
const scrollTo = (top: number): Promise<void> =>
  panel.page.evaluate(`document.querySelector('.scroller').scrollTop = ${top}`);
const numberOf = (position: number): Promise<string | null> =>
  panel.row(position).getAttribute('data-sequence-number');
const isSelected = (position: number): Promise<string | null> =>
  panel.row(position).getAttribute('aria-selected');

/** The first record that is whole in sight is kept. */
async function keptAt(position: number): Promise<void> {
  await panel.row(position).waitFor();
  const sequenceNumber = await numberOf(position);
  await expect.poll(async () => (await lastState())?.list?.top).toMatchObject({ sequenceNumber });
}

/** The page is gone when its list stood at that row; another tail has the stream, and had read so much of it. */
async function leftAt1000() {
  await scrollTo(24_000);
  await keptAt(1000);
  const saved = { ...(await lastState()), read: { tail: 7, received: 7000 } };
  await closeClean(panel);
  return saved;
}

/** The page is destroyed, and made anew. */
async function again(options: OpenOptions = {}): Promise<void> {
  const saved = await lastState();
  await closeClean(panel);
  await open({ ...options, saved });
}

test('the list is where it was, its active row selected, and still counts what came since', async () => {
  await open();
  await scrollTo(72_010);
  await keptAt(3001);
  await panel.row(3005).click();
  await panel.page.keyboard.press('Escape');
  await expect.poll(async () => (await lastState())?.list?.active).toBeDefined();
  await panel.host('append(40)');
  await panel.button('↓ 40 new').waitFor();
  await expect.poll(async () => (await lastState())?.read?.received).toBeGreaterThan(7950);
  const top = await panel.topOf(3005);
  await again({ rows: 8100 });
  await panel.button('↓ 100 new').waitFor();
  await expect.poll(() => isSelected(3005)).toBe('true');
  expect(await panel.topOf(3005)).toBe(top);
  await expect.poll(() => panel.details.count()).toBe(0);
});

test('a paused list that was looked through is where it was, also far from its active row', async () => {
  await open(paused);
  await panel.row(7990).click();
  await scrollTo(24_000);
  await keptAt(1000);
  const open990 = (await panel.details.locator('.facts').textContent())!;
  const top = await panel.topOf(1005);
  await again(paused);
  await panel.row(1005).waitFor();
  expect(await panel.topOf(1005)).toBe(top);
  await expect.poll(() => isSelected(7990)).toBe('true');
  await expect.poll(() => panel.details.locator('.facts').textContent()).toBe(open990);
  await keptAt(1000);
});

test('a list that followed goes on following, with its details open', async () => {
  await open();
  await panel.row(7990).click();
  await panel.page.keyboard.press('End');
  const number = (await numberOf(7999))!;
  await panel.details.getByText(number).waitFor();
  await expect
    .poll(async () => (await lastState())?.list?.active)
    .toMatchObject({ sequenceNumber: number });
  await expect.poll(async () => (await lastState())?.list?.top).toBeUndefined();
  await again({ rows: 8500 });
  await panel.details.getByText(number).waitFor();
  await panel.row(8499).waitFor();
  await panel.host('append(10)');
  await panel.row(8509).waitFor();
  await expect.poll(() => isSelected(7999)).toBe('true');
});

test('where the row is gone, the oldest one that is held is shown', async () => {
  await open();
  await scrollTo(24_000);
  await keptAt(1000);
  const saved = await lastState();
  await closeClean(panel);
  await open({ rows: 9000, dropped: 2000, saved });
  await panel.row(2000).waitFor();
  await expect.poll(() => panel.row(8999).count()).toBe(0);
});

test('a record that its user has excluded from the list is open as before, and no row is selected for it', async () => {
  await open(paused);
  await panel.row(7990).click();
  const number = (await numberOf(7990))!;
  await panel.details.getByText(number).waitFor();
  const key = await panel.row(7990).locator('[data-column="key"]').textContent();
  const filter = `key != "${key}"`;
  await panel.filter.fill(filter);
  await panel.row(7990).waitFor({ state: 'detached' });
  await panel.details.getByText(number).waitFor();
  await expect.poll(async () => (await lastState())?.filter).toBe(filter);
  await again({ ...paused, filter });
  await panel.details.getByText(number).waitFor();
  await expect.poll(() => panel.page.locator('.row[aria-selected="true"]').count()).toBe(0);
});

test('after a reload the place is looked for until all is read again', async () => {
  await open(paused);
  const saved = await leftAt1000();
  await open({ rows: 0, saved });
  await panel.host('append(900)');
  await panel.row(899).waitFor();
  await panel.host('append(7100)');
  await panel.row(1000).waitFor();
  await keptAt(1000);
});

test('whoever is elsewhere by then is not pulled away', async () => {
  await open(paused);
  const saved = await leftAt1000();
  await open({ rows: 0, saved });
  await panel.host('append(900)');
  await panel.row(890).click();
  await panel.host('append(7100)');
  await panel.button('↓ 7,100 new').waitFor();
  await expect.poll(() => isSelected(890)).toBe('true');
  await expect.poll(() => panel.row(1000).count()).toBe(0);
});

test('a tail that reads on is not pulled to its oldest record later, where the row is gone', async () => {
  await open();
  const saved = await leftAt1000();
  await open({ rows: 9000, dropped: 2000, saved });
  for (let more = 1; more <= 60; more++) {
    await panel.host('append(1)');
    await panel.row(8999 + more).waitFor();
  }
  expect((await panel.calls('findRecord')).length).toBe(50);
  await expect.poll(() => panel.row(2000).count()).toBe(0);
});

test('what was shown of one stream is not looked for in another', async () => {
  await open(paused);
  const saved = await leftAt1000();
  await open({ rows: 0, saved });
  await panel.host("showStream('another')");
  await panel.host('append(8000)');
  await panel.row(7999).waitFor();
  await expect.poll(() => panel.calls('findRecord')).toEqual([]);
  await panel.row(7990).click();
  await expect.poll(async () => (await lastState())?.stream).toBe('another');
  const { sequenceNumber } = saved.list!.top!;
  expect((await lastState())?.list?.top).not.toMatchObject({ sequenceNumber });
});

test('where its user does something before the tail came to a place, that is told once; the focus stays', async () => {
  await open();
  await panel.filter.click();
  await panel.host('owe()');
  // Keys that change no filter: under another one the row would be elsewhere.
  await panel.page.keyboard.press('Home');
  await panel.page.keyboard.press('End');
  await expect.poll(() => panel.calls('left')).toHaveLength(1);
  await panel.host('owe()');
  await panel.host('revealOwed(1200)');
  await panel.row(1200).waitFor();
  expect(await panel.page.evaluate('document.activeElement.role')).not.toBe('grid');
  await panel.page.keyboard.press('Home');
  await expect.poll(() => panel.calls('left')).toHaveLength(1);
});
