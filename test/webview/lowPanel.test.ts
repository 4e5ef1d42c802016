// Panels with little room, as a bottom panel is and a window at 400 %: rows are in sight, nothing lies over anything.
import { expect, test } from 'vitest';
import type { OpenOptions, PanelPage } from './harness/openPanel.ts';
import { startedHarness } from './harness/startedHarness.ts';

let panel: PanelPage;
const harness = startedHarness(() => panel);

const failed = {
  state: 'failed',
  problem: {
    message:
      'The local engine ended: port 4567 refuses connections. Start it again to go on where reading stopped.',
    action: 'startEngine',
  },
};
const paused = () => ({
  state: 'paused',
  pausedSinceMs: Date.now() - 150_000,
  millisBehindLatest: 125_000,
});
const low: OpenOptions = { where: 'bottom', viewport: { width: 350, height: 200 } };
const zoomed: OpenOptions = { zoom: 4 };

/** Pixels of the panel's parts, after the list is scrolled into sight. */
const measured = `(() => {
  const scroller = document.querySelector('.scroller');
  scroller.scrollIntoView({ block: 'nearest' });
  const box = (selector) => document.querySelector(selector)?.getBoundingClientRect();
  const { top, bottom } = scroller.getBoundingClientRect();
  return {
    listPx: Math.round(Math.min(bottom, innerHeight) - Math.max(top, 0)),
    footPx: Math.round(box('.foot').height),
    sideways: document.querySelector('.panel').scrollWidth - document.querySelector('.panel').clientWidth,
  };
})()`;

interface Measured {
  readonly listPx: number;
  readonly footPx: number;
  readonly sideways: number;
}

const footIsCut = `[...document.querySelectorAll('.foot > *')]
  .filter((each) => each.offsetWidth > 0 && each.getBoundingClientRect().right > innerWidth)
  .map((each) => each.textContent)`;

test.each([
  ['low', low],
  ['low-failed', { ...low, patch: failed }],
  ['low-paused', { ...low, patch: paused() }],
  ['zoom-400', zoomed],
  ['zoom-400-failed', { ...zoomed, patch: failed }],
  ['zoom-400-paused', { ...zoomed, patch: paused() }],
])(
  '%s: there is room for two rows, the foot is one line and can be reached',
  async (name, options) => {
    panel = await harness.open({ rows: 3000, isSplit: true, ...options });
    await panel.records.first().waitFor();
    await panel.picture(name);
    const { listPx, footPx, sideways } = await panel.page.evaluate<Measured>(measured);
    expect(listPx).toBeGreaterThanOrEqual(2 * 24);
    expect(footPx).toBeLessThanOrEqual(26);
    expect(sideways).toBe(0);
    expect(await panel.page.evaluate(footIsCut)).toEqual([]);
    await panel.page.locator('.foot').scrollIntoViewIfNeeded();
    const foot = (await panel.page.locator('.foot').boundingBox())!;
    const height = await panel.page.evaluate<number>('innerHeight');
    expect(foot.y + foot.height).toBeLessThanOrEqual(height + 1);
    await expect.poll(() => panel.barriers()).toEqual([]);
  },
);

test('F6 passes over the parts that have no room', async () => {
  panel = await harness.open({ rows: 100, ...low });
  await panel.records.first().waitFor();
  await panel.button('Pause').focus();
  for (const name of ['grid', 'foot']) {
    await panel.page.keyboard.press('F6');
    await expect
      .poll(() =>
        panel.page.evaluate(`document.activeElement?.closest('[data-region]')?.dataset.region`),
      )
      .toBe(name);
  }
});

const boxOf = async (selector: string) => (await panel.page.locator(selector).boundingBox())!;

test.each([
  ['low-waiting', low, ''],
  ['low-no-match', { ...low, rows: 3000 }, 'Timbuktu'],
  ['zoom-400-no-match', { ...zoomed, rows: 3000 }, 'Timbuktu'],
])(
  '%s: what stands in the place of rows stays between header and foot',
  async (name, options, filter) => {
    panel = await harness.open(options);
    await panel.filter.fill(filter);
    const nothing = panel.page.locator('.nothing p', { hasText: filter ? 'None of' : 'Waiting' });
    await nothing.waitFor();
    await panel.picture(name);
    const [words, head] = [await boxOf('.nothing p'), await boxOf('.head')];
    expect(words.y).toBeGreaterThanOrEqual(head.y + head.height - 1);
    const button = panel.page.locator('.nothing vscode-button').last();
    await button.scrollIntoViewIfNeeded();
    const [last, region] = [(await button.boundingBox())!, await boxOf('.grid-region')];
    expect(last.y + last.height).toBeLessThanOrEqual(region.y + region.height + 1);
    await button.click({ trial: true });
    await expect.poll(() => panel.barriers()).toEqual([]);
  },
);

test('how many match makes room for what is typed', async () => {
  panel = await harness.open({
    rows: 3000,
    where: 'bottom',
    viewport: { width: 1280, height: 260 },
  });
  await panel.filter.fill('LAX');
  const count = panel.page.locator('.filter-count');
  await count.waitFor();
  await panel.page.setViewportSize({ width: 350, height: 200 });
  await count.waitFor({ state: 'hidden' });
});

test.each([350, 480, 700, 760, 900])(
  'paused at %i px all that floats over the rows is in their part',
  async (width) => {
    const options = { rows: 3000, viewport: { width, height: 600 }, patch: paused() };
    panel = await harness.open(options);
    await panel.records.first().waitFor();
    const beyond = () =>
      panel.page.evaluate(`(() => {
      const grid = document.querySelector('.grid-region').getBoundingClientRect();
      return [...document.querySelectorAll('.pill, .paused, .paused > *')]
        .filter((each) => {
          const { left, right } = each.getBoundingClientRect();
          return left < grid.left - 1 || right > grid.right + 1;
        })
        .map((each) => each.textContent);
    })()`);
    expect(await beyond()).toEqual([]);
    await panel.records.nth(-12).click();
    await panel.host('append(12345)');
    await panel.button(/12,345 new/).waitFor();
    await panel.details.getByText('Sequence').waitFor();
    await panel.picture(`paused-pill-${width}`);
    expect(await beyond()).toEqual([]);
  },
);

test.each([
  ['low', low],
  ['zoomed', zoomed],
])('what F6 comes to is in sight where the panel is scrolled: %s', async (_, options) => {
  panel = await harness.open({ rows: 200, ...options });
  await panel.records.last().click();
  await panel.grid.press('Enter');
  await panel.details.waitFor();
  const inSight = `(() => {
    const at = document.activeElement;
    const part = at.closest('[data-region="grid"]') ?? at;
    const { top, bottom } = part.getBoundingClientRect();
    return [at.closest('[data-region]').dataset.region, top > -1 && bottom < innerHeight + 1];
  })()`;
  for (const key of ['F6', 'Shift+F6']) {
    for (const region of key === 'F6' ? ['details', 'foot'] : ['details', 'grid']) {
      await panel.page.keyboard.press(key);
      expect(await panel.page.evaluate(inSight)).toEqual([region, true]);
    }
  }
});
