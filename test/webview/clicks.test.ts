// Presses on rows of a list that runs on: the row under the pointer when it was pressed is chosen, and none by accident.
import type { CDPSession } from 'playwright-core';
import { expect, test } from 'vitest';
import type { OpenOptions, PanelPage } from './harness/openPanel.ts';
import { startedHarness } from './harness/startedHarness.ts';

let panel: PanelPage;
const harness = startedHarness(() => panel);
/** Where the pointer is, pixels of the window: over a row. */
let at = { x: 0, y: 0 };
/** Sequence number of the record there. */
let aimed: string | null;

async function aim(options: OpenOptions = {}): Promise<void> {
  panel = await harness.open({ rows: 3000, ...options });
  await panel.row(2999).waitFor();
  const box = await panel.grid.boundingBox();
  at = { x: box!.x + 300, y: box!.y + Math.min(250, box!.height / 2) };
  await panel.page.mouse.move(at.x, at.y);
  aimed = await numberThere();
}

const numberThere = (): Promise<string | null> =>
  panel.page.evaluate(
    `document.elementFromPoint(${at.x}, ${at.y}).closest('[data-position]').getAttribute('data-sequence-number')`,
  );
const selected = () => panel.page.locator('.row[aria-selected="true"]');
const selectedNumber = () => selected().getAttribute('data-sequence-number');
const follows = (): Promise<boolean> => panel.page.locator('.pill').isHidden();

/** What was pressed has chosen nothing, and the list is at its newest row, also when more come. */
async function expectNothing(newest: number): Promise<void> {
  await panel.host('append(3)');
  await panel.row(newest + 3).waitFor();
  await expect.poll(follows).toBe(true);
  expect(await selected().count()).toBe(0);
  expect(await panel.details.count()).toBe(0);
}

test.each(['append(1)', 'append(5)', 'append(400)', 'roll(40)'])(
  'a click chooses the row that was pressed when meanwhile the list did %s',
  async (rows) => {
    await aim();
    await panel.page.mouse.down();
    await panel.host(rows);
    expect(await numberThere()).toBe(aimed);
    await panel.host(rows);
    await panel.page.mouse.up();
    expect(await selectedNumber()).toBe(aimed);
    await panel.details.getByText(aimed!).waitFor();
    await panel.host(rows);
    expect(await numberThere()).toBe(aimed);
  },
);

test('a click chooses the record that was pressed when others came to stand before it', async () => {
  await aim();
  await panel.page.mouse.down();
  await panel.host('insert([{ at: 3, count: 7 }, { at: 2990, count: 2 }])');
  await panel.host('append(2)');
  await panel.page.mouse.up();
  expect(await selectedNumber()).toBe(aimed);
  await panel.details.getByText(aimed!).waitFor();
});

test('a click on a row that is dropped while it is pressed chooses none', async () => {
  await aim();
  await panel.page.mouse.down();
  await panel.host('roll(3000)');
  await panel.page.mouse.up();
  await expectNothing(5999);
});

test('a click on a row that another filter takes away while it is pressed chooses none', async () => {
  await aim();
  await panel.page.mouse.down();
  await panel.host(`useQuery('LAX')`);
  await panel.page.locator('mark').first().waitFor();
  await panel.page.mouse.up();
  await panel.host('append(1)');
  expect(await selected().count()).toBe(0);
});

test('in the bottom panel a click chooses the row and the second of two opens it, while rows come', async () => {
  await aim({ where: 'bottom', viewport: { width: 900, height: 300 } });
  const { mouse } = panel.page;
  await mouse.down();
  await panel.host('append(2)');
  await mouse.up();
  await panel.host('append(2)');
  expect(await selectedNumber()).toBe(aimed);
  expect(await panel.details.count()).toBe(0);
  await mouse.down({ clickCount: 2 });
  await panel.host('append(2)');
  await mouse.up({ clickCount: 2 });
  expect(await selectedNumber()).toBe(aimed);
  await panel.details.getByText(aimed!).waitFor();
});

test('a list that is dragged, or pressed and let go elsewhere, goes on and has chosen no row', async () => {
  await aim();
  const { mouse } = panel.page;
  await mouse.down();
  await panel.host('append(2)');
  await mouse.move(at.x, at.y - 30);
  await panel.page.evaluate('document.getSelection().empty()');
  await mouse.up();
  await expectNothing(3001);
  await mouse.move(at.x, at.y);
  await mouse.down();
  await mouse.move(at.x, 5);
  await panel.host('append(2)');
  await panel.page.evaluate('document.getSelection().empty()');
  await mouse.up();
  await expectNothing(3006);
});

test('text of a row that is selected by dragging stays, and chooses no row', async () => {
  await aim();
  const { mouse } = panel.page;
  const cell = panel.page.locator(`[data-sequence-number="${aimed}"] [data-column="value"]`);
  const { x, y } = (await cell.boundingBox())!;
  await mouse.move(x + 20, y + 8);
  await mouse.down();
  await panel.host('append(2)');
  await mouse.move(x + 120, y + 8, { steps: 3 });
  await panel.host('append(2)');
  await mouse.up();
  const text = () => panel.page.evaluate<string>('document.getSelection().toString()');
  const chosen = await text();
  expect(chosen.length).toBeGreaterThan(5);
  expect(await cell.textContent()).toContain(chosen);
  await panel.host('append(2)');
  await panel.button('↓ 6 new').waitFor();
  expect(await text()).toBe(chosen);
  expect(await selected().count()).toBe(0);
});

test.each(['Shift', 'Control', 'Alt', 'Meta'])('a click with %s chooses no row', async (key) => {
  await aim();
  await panel.page.keyboard.down(key);
  await panel.page.mouse.down();
  await panel.page.mouse.up();
  await panel.page.keyboard.up(key);
  await expectNothing(2999);
});

test('the middle button chooses no row', async () => {
  await aim();
  await panel.page.mouse.click(at.x, at.y, { button: 'middle' });
  await panel.page.mouse.click(5, 5, { button: 'middle' });
  await expectNothing(2999);
});

/** Events of the right button, one right after the other. */
const tell = (types: readonly string[]): Promise<void> =>
  panel.page.evaluate(`(() => {
    const place = { clientX: ${at.x}, clientY: ${at.y} };
    const told = { ...place, bubbles: true, cancelable: true, isPrimary: true, pointerId: 1, button: 2 };
    for (const type of ${JSON.stringify(types)}) {
      document.elementFromPoint(${at.x}, ${at.y}).dispatchEvent(new PointerEvent(type, told));
    }
  })()`);

test('a row keeps its place under the right button, as its menu may open only when that is let go', async () => {
  await aim();
  await tell(['pointerdown']);
  await panel.host('append(2)');
  await tell(['pointerup', 'contextmenu']);
  await panel.page.getByRole('menu').waitFor();
  expect(await selectedNumber()).toBe(aimed);
  await panel.host('append(2)');
  expect(await numberThere()).toBe(aimed);
  await panel.page.keyboard.press('Escape');
});

test('a right button that opens no menu leaves the list going on', async () => {
  await aim();
  await tell(['pointerdown', 'pointerup']);
  await expectNothing(2999);
});

test('a button that was let go where nobody tells of it does not keep the list still', async () => {
  await aim();
  await panel.page.mouse.down();
  await panel.host('append(2)');
  await panel.button('↓ 2 new').waitFor();
  await panel.page.evaluate(`document.body.dispatchEvent(
    new PointerEvent('pointermove', { bubbles: true, pointerId: 1, buttons: 0 }))`);
  await expectNothing(3001);
  await panel.page.mouse.up();
  await expectNothing(3004);
});

async function finger(): Promise<(type: string, y?: number) => Promise<unknown>> {
  const session: CDPSession = await panel.page.context().newCDPSession(panel.page);
  return (type, y) => {
    const touchPoints = y === undefined ? [] : [{ x: at.x, y }];
    return session.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints });
  };
}

test('a tap chooses the row that the finger was put on', async () => {
  await aim();
  const touch = await finger();
  await touch('touchStart', at.y);
  await panel.host('append(2)');
  await touch('touchEnd');
  await panel.details.getByText(aimed!).waitFor();
  expect(await selectedNumber()).toBe(aimed);
});

test('a list that is scrolled by a finger has chosen no row', async () => {
  await aim();
  const touch = await finger();
  await touch('touchStart', at.y);
  for (const by of [10, 30, 60, 90]) await touch('touchMove', at.y + by);
  await touch('touchEnd');
  await panel.host('append(2)');
  await panel.button('↓ 2 new').waitFor();
  expect(await selected().count()).toBe(0);
  expect(await panel.details.count()).toBe(0);
});

test('what tells of clicks without a pointer, as a screen reader does, chooses the row', async () => {
  await aim();
  await panel.page.evaluate(
    `document.elementFromPoint(${at.x}, ${at.y}).closest('[data-position]').click()`,
  );
  await panel.details.getByText(aimed!).waitFor();
});

test('what was drawn before another filter is seen until its rows come, and no press or key acts on it', async () => {
  await aim();
  const { page } = panel;
  await panel.row(2980).click();
  const number = await selectedNumber();
  const texts = () => panel.records.allTextContents();
  const shown = await texts();
  await panel.host('holdPages()');
  await panel.host("useQuery('size>0')");
  await expect.poll(() => panel.calls('filter')).toHaveLength(1);
  await panel.rows.first().waitFor({ state: 'detached' });
  expect(await texts()).toEqual(shown);
  expect(await page.locator('.row[aria-busy]').count()).toBe(0);
  const asked = await panel.calls('record');
  const records = panel.records.nth(5);
  await records.click();
  await records.click({ button: 'right' });
  await records.focus();
  await page.keyboard.press('Shift+F10');
  expect(await page.getByRole('menu').count()).toBe(0);
  expect(await panel.calls('record')).toEqual(asked);
  await panel.host('givePages()');
  await expect.poll(selectedNumber).toBe(number);
  await panel.rows.first().waitFor();
  await panel.details.getByText(number!).waitFor();
});
