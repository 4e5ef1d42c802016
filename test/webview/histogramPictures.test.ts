// Draws the histogram as users have it: themes, narrow, one record, a burst, many shards, a span set.
// The pictures are left in out/webview for eyes; what a machine can judge of them is checked here.
import { expect, test } from 'vitest';
import { closeClean, type OpenOptions, type PanelPage } from './harness/openPanel.ts';
import { startedHarness } from './harness/startedHarness.ts';

const harness = startedHarness();

const flowing = { rows: 2960, isSplit: true };
const cases: Record<string, OpenOptions> = {
  dark: flowing,
  light: { ...flowing, theme: 'light' },
  'hc-dark': { ...flowing, theme: 'hc-dark' },
  'hc-light': { ...flowing, theme: 'hc-light' },
  filtered: flowing,
  'filtered-light': { ...flowing, theme: 'light' },
  'filtered-hc': { ...flowing, theme: 'hc-dark' },
  'filtered-hc-light': { ...flowing, theme: 'hc-light' },
  span: flowing,
  'span-light': { ...flowing, theme: 'light' },
  'span-hc': { ...flowing, theme: 'hc-dark' },
  'span-narrow': { ...flowing, viewport: { width: 480, height: 700 } },
  tip: flowing,
  narrow: { ...flowing, viewport: { width: 690, height: 860 } },
  'one-record': { rows: 1 },
  'one-shard': { rows: 900, shards: 1 },
  burst: { ...flowing, isBurst: true },
  'burst-narrow': { ...flowing, isBurst: true, viewport: { width: 480, height: 700 } },
  'shards-64': { ...flowing, shards: 64 },
  empty: {},
  dated: { ...flowing, ageMs: 40 * 3_600_000 },
  bottom: {
    ...{ ...flowing, where: 'bottom', viewport: { width: 1280, height: 260 } },
    saved: { isHistogramShown: true },
  },
  'bottom-narrow': {
    ...{ ...flowing, where: 'bottom', viewport: { width: 480, height: 260 } },
    saved: { isHistogramShown: true },
  },
};

const bars = (panel: PanelPage) => panel.page.getByRole('slider');

async function drag(panel: PanelPage): Promise<void> {
  const box = (await bars(panel).boundingBox())!;
  const y = box.y + 10;
  await panel.page.mouse.move(box.x + box.width * 0.3, y);
  await panel.page.mouse.down();
  await panel.page.mouse.move(box.x + box.width * 0.45, y, { steps: 4 });
  await panel.page.mouse.up();
  await panel.button('Clear').waitFor();
}

async function act(name: string, panel: PanelPage): Promise<void> {
  if (name.startsWith('filtered')) {
    await panel.filter.fill('shard:0');
    await panel.page.locator('.bar-behind').waitFor();
  }
  if (name.startsWith('span')) await drag(panel);
  if (name === 'tip') await bars(panel).hover({ position: { x: 300, y: 20 } });
}

/** Texts that are longer than their places. */
const cutText = `[...document.querySelectorAll('.timeline-line > *, .timeline-clear, .histogram-toggle, .foot > *')]
  .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
  .map((element) => element.textContent)`;

for (const [name, options] of Object.entries(cases)) {
  test(`the histogram is drawn whole: ${name}`, async () => {
    const panel = await harness.open(options);
    if (options.rows) await panel.page.locator('.bars').waitFor();
    await act(name, panel);
    await panel.picture(`histogram-${name}`);
    await expect.poll(() => panel.page.evaluate(cutText)).toEqual([]);
    const size = 'document.documentElement.scrollWidth - innerWidth';
    await expect.poll(() => panel.page.evaluate(size)).toBe(0);
    await expect.poll(() => panel.barriers('.rows')).toEqual([]);
    await closeClean(panel);
  });
}
