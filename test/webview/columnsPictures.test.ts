// Draws the grid with columns of JSON fields: every theme, narrow, many of them, the popup, the menu, rows out of order.
// The pictures are left in out/webview for eyes; what a machine can judge of them is checked here.
import { expect, test } from 'vitest';
import { closeClean, type OpenOptions, type PanelPage } from './harness/openPanel.ts';
import { startedHarness } from './harness/startedHarness.ts';

const harness = startedHarness();

const shown = (...ids: string[]) => ids.map((id) => ({ id }));
const few = {
  shown: shown('arrived', 'shard', 'key', 'sequence', '$.delay', '$.destination', 'size', 'value'),
  order: '$.delay',
};
const many = {
  shown: shown(
    ...['arrived', 'shard', 'key', 'sequence', 'size', '$.origin', '$.destination', '$.date'],
    ...['$.delay', '$.distance', '$.carrier', '$.none', '$.aircraft.registration', 'value'],
  ),
};
const flowing = { rows: 2960, isSplit: true, columns: few };
const narrow = { width: 480, height: 860 };

const cases: Record<string, OpenOptions> = {
  'columns-dark': flowing,
  'columns-light': { ...flowing, theme: 'light' },
  'columns-hc-dark': { ...flowing, theme: 'hc-dark' },
  'columns-hc-light': { ...flowing, theme: 'hc-light' },
  'columns-narrow': { ...flowing, viewport: narrow },
  'columns-many': { ...flowing, columns: many },
  'columns-many-scrolled': { ...flowing, columns: many, viewport: { width: 900, height: 600 } },
  'columns-popup': flowing,
  'columns-popup-light': { ...flowing, theme: 'light' },
  'columns-popup-hc': { ...flowing, theme: 'hc-dark' },
  'columns-popup-narrow': { ...flowing, viewport: narrow },
  'columns-menu': flowing,
  'columns-bottom': { ...flowing, where: 'bottom', viewport: { width: 1280, height: 260 } },
};

const openPopup = async (panel: PanelPage): Promise<void> => {
  await panel.button('Columns').click();
  await panel.page
    .getByText(/^in \d+ of/)
    .first()
    .waitFor();
};

const acts: Record<string, (panel: PanelPage) => Promise<void>> = {
  'columns-many-scrolled': async (panel) => {
    await panel.page.evaluate(`document.querySelector('.scroller').scrollLeft = 300`);
    await panel.page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');
  },
  'columns-popup': openPopup,
  'columns-popup-light': openPopup,
  'columns-popup-hc': openPopup,
  'columns-popup-narrow': openPopup,
  'columns-menu': async (panel) => {
    await panel.page
      .locator('.head')
      .getByRole('button', { name: /delay$/ })
      .click();
    await panel.page.getByRole('menuitem', { name: /Stop checking/ }).waitFor();
  },
};

/** By header and row: where each column begins, in pixels. */
const edges = `[...document.querySelectorAll('.row-head, .row:not(.event)')].slice(0, 12).map((row) =>
  [...row.querySelectorAll('[data-column]')].map((cell) => Math.round(cell.getBoundingClientRect().left)).join())`;

for (const [name, options] of Object.entries(cases)) {
  test(`columns are drawn in step: ${name}`, async () => {
    const panel = await harness.open(options);
    await panel.records.first().waitFor();
    await acts[name]?.(panel);
    await panel.picture(name);
    await expect.poll(() => panel.barriers()).toEqual([]);
    expect(new Set(await panel.page.evaluate<string[]>(edges)).size).toBe(1);
    const size = 'document.documentElement.scrollWidth - innerWidth';
    await expect.poll(() => panel.page.evaluate(size)).toBe(0);
    await closeClean(panel);
  });
}
