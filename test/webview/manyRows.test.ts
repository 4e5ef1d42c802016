// More rows than a browser draws one below the other: its limit is one of the screen's pixels, of which a window may have more than of its own.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closeClean, Harness, type PanelPage } from './harness/openPanel.ts';

const rows = 1_000_000;
const last = rows - 1;

let harness: Harness;
let panel: PanelPage;

/** Positions of the rows that are whole in sight, in their order on the screen; none while one of them is not here. */
const inSight = `(() => {
  const sight = document.querySelector('.scroller').getBoundingClientRect();
  const rows = [...document.querySelectorAll('[data-position]')].filter((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return top >= sight.top - 1 && bottom <= sight.bottom + 1;
  });
  if (rows.some((row) => row.hasAttribute('aria-busy'))) return [];
  const topOf = (row) => row.getBoundingClientRect().top;
  return rows.sort((one, other) => topOf(one) - topOf(other)).map((row) => Number(row.dataset.position));
})()`;

const shown = (): Promise<number[]> => panel.page.evaluate(inSight);

/** The sight is full of rows that follow one another. */
async function expectFull(): Promise<void> {
  await expect
    .poll(async () => {
      const positions = await shown();
      const rowsThatFit = await panel.page.evaluate<number>(
        `Math.floor(document.querySelector('.scroller').clientHeight / 24)`,
      );
      const isRow = positions.every((position, at) => position === positions[0]! + at);
      return isRow && positions.length >= rowsThatFit - 2;
    })
    .toBe(true);
}

const scroll = (to: string): Promise<void> =>
  panel.page.evaluate(
    `(() => { const all = document.querySelector('.scroller'); all.scrollTop = ${to}; })()`,
  );
const press = (key: string): Promise<void> => panel.page.keyboard.press(key);
const newest = async (): Promise<number | undefined> => (await shown()).at(-1);
const oldest = async (): Promise<number | undefined> => (await shown())[0];

describe.each([1.5, 2])('with %s pixels of the screen for each of the page', (pixelRatio) => {
  beforeAll(async () => {
    harness = await Harness.start({ pixelRatio });
  });
  afterAll(() => harness.stop());
  beforeEach(async () => {
    const saved = { connection: 'local', stream: 'flights', isHistogramShown: false };
    const viewport = { width: 1200, height: 1200 };
    panel = await harness.open({ rows, zoom: pixelRatio, viewport, saved });
    await panel.records.first().waitFor();
  });
  afterEach(() => closeClean(panel));

  test('the newest rows are seen while they come', async () => {
    await expect.poll(newest).toBe(last);
    await expectFull();
    await panel.host('append(50)');
    await expect.poll(newest).toBe(last + 50);
    await panel.host('roll(5000)');
    await expect.poll(newest).toBe(last + 5050);
    await expectFull();
  });

  test('keys lead to the oldest rows, over all others, and back', async () => {
    await panel.host("command('focusGrid')");
    await press('Home');
    await expect.poll(oldest).toBe(0);
    await expectFull();
    for (const position of [700_000, 250_000, 999_000, 300_500]) {
      await panel.host(`reveal(${position})`);
      await expect.poll(async () => (await shown()).includes(position)).toBe(true);
      await expectFull();
    }
    await press('ArrowUp');
    await expect.poll(() => panel.row(300_499).getAttribute('aria-selected')).toBe('true');
    await press('End');
    await expect.poll(newest).toBe(last);
    await panel.host('append(3)');
    await expect.poll(newest).toBe(last + 3);
    await expectFull();
  });

  test('the thumb leads to the oldest rows and the newest, and none is missed by scrolling on', async () => {
    await scroll('0');
    await expect.poll(oldest).toBe(0);
    await expectFull();
    await scroll('all.scrollHeight / 2');
    await expect.poll(oldest).toBeGreaterThan(1000);
    for (let round = 0; round < 20; round += 1) {
      await expectFull();
      const before = (await oldest())!;
      await scroll('all.scrollTop + 240');
      await expect.poll(oldest).toBe(before + 10);
    }
    await scroll('all.scrollHeight');
    await expect.poll(newest).toBe(last);
    await panel.host('append(3)');
    await expect.poll(newest).toBe(last + 3);
    await expectFull();
  });

  test('rows that are looked at hold still while others come and go', async () => {
    await panel.host('reveal(500000)');
    await expect.poll(async () => (await shown()).includes(500_000)).toBe(true);
    const top = await panel.topOf(500_000);
    for (let round = 1; round <= 3; round += 1) {
      await panel.host('roll(60000)');
      await panel.button(`↓ ${60 * round},000 new`).waitFor();
      expect(await panel.topOf(500_000)).toBe(top);
      await expectFull();
    }
  });
});

test('another ratio, as of the screen that the window was moved to, has fewer rows drawn at once', async () => {
  harness = await Harness.start();
  panel = await harness.open({ rows });
  await panel.host('reveal(990000)');
  await panel.row(990_000).waitFor();
  const top = await panel.topOf(990_000);
  const height = (): Promise<number> =>
    panel.page.evaluate(`document.querySelector('.rows').getBoundingClientRect().height`);
  await expect.poll(() => height()).toBeGreaterThan(24 * rows);
  const session = await panel.page.context().newCDPSession(panel.page);
  const looks = { width: 1281, height: 860, deviceScaleFactor: 4, mobile: false };
  await session.send('Emulation.setDeviceMetricsOverride', looks);
  await expect.poll(height).toBeLessThan(2 ** 25 / 4);
  expect(await panel.topOf(990_000)).toBe(top);
  await expectFull();
  await closeClean(panel);
  await harness.stop();
});
