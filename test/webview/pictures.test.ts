// Draws the panel as users have it: every theme, narrow, zoomed, few and many shards, every state.
// The pictures are left in out/webview for eyes; what a machine can judge of them is checked here.
import { expect, test } from 'vitest';
import { closeClean, type OpenOptions, type PanelPage } from './harness/openPanel.ts';
import { startedHarness } from './harness/startedHarness.ts';

const harness = startedHarness();

const flowing = { rows: 2960, isSplit: true };
const pausedSince = () => ({ state: 'paused', pausedSinceMs: Date.now() - 12_000 });
const failed = {
  state: 'failed',
  problem: {
    message:
      'The local engine ended: port 4567 refuses connections. Start it again to go on where reading stopped.',
    action: 'startEngine',
  },
};

const readsOf = (heldBackCount: number) => ({
  ...{ shardId: 'shardId-000000000005', callsPerSecond: heldBackCount > 0 ? 0.3 : 1 },
  ...{ bytesPerSecond: 412_000, share: 0.2, heldBackCount },
});

const cases: Record<string, OpenOptions> = {
  dark: flowing,
  light: { ...flowing, rows: 2870, theme: 'light' },
  'hc-dark': { ...flowing, rows: 3060, theme: 'hc-dark' },
  'hc-light': { ...flowing, rows: 2870, theme: 'hc-light' },
  narrow: { ...flowing, rows: 3060, viewport: { width: 690, height: 860 } },
  narrowest: { ...flowing, viewport: { width: 480, height: 860 } },
  'nearly-narrow': { ...flowing, viewport: { width: 880, height: 860 } },
  zoomed: { ...flowing, zoom: 2 },
  'shards-3': { rows: 200, shards: 3 },
  'shards-64': { ...flowing, shards: 64 },
  empty: {},
  'dated-utc': { ...flowing, ageMs: 40 * 3_600_000 },
  paused: { ...flowing, patch: { ...pausedSince(), millisBehindLatest: 12_400 } },
  failed: { ...flowing, patch: failed },
  unanswered: { ...flowing, patch: { problem: failed.problem } },
  ended: { rows: 40, patch: { state: 'ended' } },
  starting: { isSilent: true },
  unknown: { isUnknown: true },
  'read-only': { rows: 20, isReadOnly: true, theme: 'light', patch: { reads: readsOf(0) } },
  'aws-held': { ...flowing, isReadOnly: true, patch: { reads: readsOf(2) } },
  'aws-held-narrow': {
    ...{ ...flowing, isReadOnly: true, theme: 'hc-dark', viewport: { width: 480, height: 860 } },
    patch: { reads: readsOf(1) },
  },
  bottom: { ...flowing, where: 'bottom', viewport: { width: 1280, height: 260 } },
  'bottom-narrow': { ...flowing, where: 'bottom', viewport: { width: 520, height: 260 } },
  filtered: { ...flowing, theme: 'light' },
  'filter-wrong': flowing,
  'no-match': flowing,
  menu: flowing,
  pill: { ...flowing, theme: 'light' },
  'bottom-details': { ...flowing, where: 'bottom', viewport: { width: 1280, height: 260 } },
  'hc-filtered': { ...flowing, theme: 'hc-dark' },
  'hc-paused': { ...flowing, theme: 'hc-dark', patch: pausedSince() },
};

/** Elements whose text does not fit, where it must. */
const cutText = `[...document.querySelectorAll('.foot > *, vscode-button, .notice-words, .nothing p, .head-button, .overlay, .paused')]
  .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
  .map((element) => element.textContent)`;

/** Controls of the toolbar that stick out of the window; at the bottom the one line of it is scrolled. */
const outside = `[...document.querySelectorAll('.editor .toolbar > *')]
  .filter((element) => element.getBoundingClientRect().right > innerWidth)
  .map((element) => element.textContent)`;

/** What a user does before the picture is taken. */
const acts: Record<string, (panel: PanelPage) => Promise<void>> = {
  filtered: async (panel) => {
    await panel.filter.fill('"origin":"LAX"');
    await panel.page.locator('mark').first().waitFor();
  },
  'hc-filtered': async (panel) => {
    await panel.filter.fill('LAX');
    await panel.page.locator('mark').first().waitFor();
  },
  'filter-wrong': async (panel) => {
    await panel.filter.fill('$.delay >');
    await panel.host(
      "say({ filterProblem: 'A number or a text is missing after > (column 10).' })",
    );
    await panel.page.getByRole('alert').waitFor();
  },
  'no-match': async (panel) => {
    await panel.filter.fill('Timbuktu');
    await panel.button('Clear the filter').waitFor();
  },
  menu: async (panel) => {
    await panel.button(/^Shard 4/).click();
    await panel.page.getByRole('menuitem', { name: 'Split…' }).waitFor();
  },
  pill: async (panel) => {
    await panel.records.nth(-14).click();
    await panel.host('append(214)');
    await panel.button(/214 new/).waitFor();
  },
  'bottom-details': async (panel) => {
    await panel.records.nth(-4).click();
    await panel.page.keyboard.press('Enter');
    await panel.details.getByText('Sequence').waitFor();
  },
};

const showsDetails = ['dark', 'light', 'hc-dark', 'hc-light', 'narrow', 'zoomed', 'shards-64'];

for (const [name, options] of Object.entries(cases)) {
  test(`the panel is drawn whole: ${name}`, async () => {
    const panel = await harness.open(options);
    if (options.rows) await panel.records.first().waitFor();
    await acts[name]?.(panel);
    if (showsDetails.includes(name)) {
      await panel.records.nth(-14).click();
      await panel.details.getByText('Sequence').waitFor();
    }
    await panel.picture(name);
    await expect.poll(() => panel.page.evaluate(cutText)).toEqual([]);
    await expect.poll(() => panel.page.evaluate(outside)).toEqual([]);
    await expect.poll(() => panel.barriers()).toEqual([]);
    const size = 'document.documentElement.scrollWidth - innerWidth';
    await expect.poll(() => panel.page.evaluate(size)).toBe(0);
    await closeClean(panel);
  });
}
