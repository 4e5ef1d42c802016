// The parts around the list in a real browser: how the keyboard comes to each, and what of them a tick draws again.
import { expect, test } from 'vitest';
import type { OpenOptions, PanelPage } from './harness/openPanel.ts';
import { startedHarness } from './harness/startedHarness.ts';

let panel: PanelPage;
const harness = startedHarness(() => panel);

async function open(options: OpenOptions = {}): Promise<PanelPage> {
  panel = await harness.open(options);
  if (options.rows) await panel.records.first().waitFor();
  return panel;
}

const press = (key: string): Promise<void> => panel.page.keyboard.press(key);
const focusedRegion = (): Promise<string | undefined> =>
  panel.page.evaluate(`document.activeElement?.closest('[data-region]')?.dataset.region`);

test('F6 goes through the regions and leaves the panel at the end', async () => {
  await open({ rows: 100 });
  await panel.row(95).click();
  await panel.button('Pause').focus();
  for (const name of ['strip', 'histogram', 'grid', 'details', 'foot', 'foot']) {
    await press('F6');
    await expect.poll(() => focusedRegion()).toBe(name);
  }
});

test.each([
  ['in sight', false],
  ['scrolled away', true],
])(
  'once the active row, %s, is dropped none is: the grid has the focus, which is told once',
  async (_, isAway) => {
    // Of a live one rates are told now and then too.
    await open({ rows: 500, patch: { state: 'paused', pausedSinceMs: Date.now() } });
    await panel.host("command('focusGrid')");
    await press('Home');
    await expect.poll(() => panel.row(0).getAttribute('aria-selected')).toBe('true');
    if (isAway) await panel.page.evaluate(`document.querySelector('.scroller').scrollTop = 1e9`);
    await panel.row(isAway ? 499 : 3).waitFor();
    await panel.page.evaluate(`(() => {
      globalThis.focused = [];
      document.addEventListener('focusin', ({ target }) => focused.push(target.role));
      const told = document.querySelector('.hidden-word[role="status"]');
      globalThis.told = [];
      new MutationObserver(() => globalThis.told.push(told.textContent))
        .observe(told, { childList: true, characterData: true, subtree: true });
    })()`);
    for (let round = 0; round < 5; round += 1) await panel.host('roll(20)');
    const newest = isAway ? 599 : 110;
    await panel.row(newest).waitFor();
    await expect.poll(() => panel.page.evaluate('focused')).toEqual(['grid']);
    await expect.poll(() => panel.page.evaluate('document.activeElement.role')).toBe('grid');
    await expect.poll(() => panel.page.locator('.row[aria-selected="true"]').count()).toBe(0);
    await expect
      .poll(() => panel.page.evaluate('told'))
      .toEqual(['The selected row is held no longer: newer ones took its place.']);
    await press('o');
    await panel.page.getByText('Choose a record first').waitFor();
    await expect.poll(() => panel.calls('openRecord')).toEqual([]);
    await press('ArrowDown');
    await expect.poll(() => panel.page.evaluate('document.activeElement.role')).toBe('row');
  },
);

test('what the foot has tooltips for is said to the keyboard and to screen readers too', async () => {
  const shardId = 'shardId-000000000002';
  const reads = { shardId, callsPerSecond: 1, bytesPerSecond: 2 ** 18, share: 0.2 };
  const patch = { reads: { ...reads, heldBackCount: 0 } };
  await open({ rows: 100, patch });
  await panel.host('insert([{ at: 50, count: 3 }])');
  const facts: [button: RegExp, words: RegExp][] = [
    [/records\/s$/, /^\d.* KiB\/s$/],
    [/held/, /or 64 MiB are held here/],
    [/ms behind$/, /behind its newest record/],
    [/^reads 1 of 5\/s/, /Shard 2, which is read most/],
    [/^3 came late/, /stand where they belong/],
  ];
  await panel.button('Pause').focus();
  for (let region = 0; region < 4; region += 1) await press('F6');
  await expect.poll(() => focusedRegion()).toBe('foot');
  for (const [name, words] of facts) {
    const fact = panel.page.locator('.foot button:focus');
    await expect.poll(() => fact.textContent()).toMatch(name);
    await expect.poll(() => fact.getAttribute('title')).toMatch(words);
    await press('Enter');
    await panel.page.getByRole('dialog').getByText(words).waitFor();
    if (/held/.test(`${name}`)) await panel.picture('foot-fact');
    await press('Escape');
    await panel.page.getByRole('dialog').waitFor({ state: 'detached' });
    await press('Tab');
  }
  await expect.poll(() => panel.barriers()).toEqual([]);
});

test('a figure that has the focus is not spoken with each tick', async () => {
  await open({ rows: 100 });
  const fact = panel.page.locator('.foot button', { hasText: 'records/s' });
  await fact.focus();
  const said = await fact.getAttribute('aria-label');
  expect(said).toBe(await fact.textContent());
  await panel.host(`say({ recordsPerSecond: 7654 })`);
  await panel.page.locator('.foot', { hasText: '7,654 records/s' }).waitFor();
  await expect.poll(() => fact.getAttribute('aria-label')).toBe(said);
  await panel.host(`say({ problem: { message: 'The engine does not answer.' } })`);
  await fact.waitFor({ state: 'detached' });
  await expect.poll(() => panel.page.locator('.foot button:focus').textContent()).toMatch(/held/);
  await panel.button('Pause').focus();
  await expect
    .poll(() => panel.page.locator('.foot [aria-label]', { hasText: 'held' }).count())
    .toBe(0);
});

test('of 500 shards those are drawn again by a tick whose numbers it changes', async () => {
  await open({ rows: 10, shards: 500 });
  const drawings = (): Promise<number[]> =>
    panel.page.evaluate(
      `[...document.querySelectorAll('.segment')].map((each) => +each.dataset.drawings)`,
    );
  await expect.poll(drawings).toHaveLength(500);
  const before = await drawings();
  for (const rate of [700, 800]) {
    await panel.host(`say({ received: ${rate} })`);
    await panel.host(`load(3, ${rate})`);
    await panel.page.locator('[data-shard-id$="003"]', { hasText: `${rate}/s` }).waitFor();
  }
  const more = (await drawings()).map((count, at) => count - before[at]!);
  expect(more.filter((count) => count > 0)).toEqual([2]);
  expect(more[3]).toBe(2);
  // It is still a menu, and the arrow keys go from one to the next.
  await panel.page.locator('[data-shard-id$="003"]').click();
  await panel.page.getByRole('menuitem', { name: 'Merge with 4…' }).waitFor();
  await press('Escape');
  await press('ArrowRight');
  await expect
    .poll(() => panel.page.evaluate(`document.activeElement?.dataset.shardId`))
    .toBe('shardId-000000000004');
});

test('in forced colours the tab that is shown is told from the others', async () => {
  await open({ rows: 100 });
  await panel.records.nth(-4).click();
  await panel.details.getByText('Sequence').waitFor();
  await panel.page.emulateMedia({ forcedColors: 'active' });
  const colours = await panel.page.evaluate<string[]>(`
    [...document.querySelectorAll('vscode-panel-tab')]
      .map((tab) => getComputedStyle(tab))
      .map(({ color, backgroundColor }) => color + ' on ' + backgroundColor)`);
  await panel.picture('forced-tabs');
  await panel.page.emulateMedia({ forcedColors: 'none' });
  const [shown, ...others] = colours;
  expect(others).toHaveLength(3);
  expect(others).not.toContain(shown);
});
