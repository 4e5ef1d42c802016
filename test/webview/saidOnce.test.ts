// What a screen reader is told: what is wrong once, and nothing of the focused element with each tick.
import { expect, test } from 'vitest';
import type { OpenOptions, PanelPage } from './harness/openPanel.ts';
import { startedHarness } from './harness/startedHarness.ts';

let panel: PanelPage;
const harness = startedHarness(() => panel);

async function open(options: OpenOptions = {}): Promise<void> {
  panel = await harness.open({ rows: 500, ...options });
  await panel.records.first().waitFor();
}

/** Counts what changes of the focused element, and of what describes it, as assistive technology is told. */
const listen = (): Promise<void> =>
  panel.page.evaluate(`(() => {
    const at = document.activeElement;
    const said = () => [
      at.ariaLabel ?? at.innerText,
      at.ariaDescription ?? at.title,
      at.ariaValueNow, at.ariaValueMax, at.ariaValueText,
      document.getElementById(at.getAttribute('aria-describedby'))?.textContent,
    ].join('|');
    globalThis.said = new Set([said()]);
    globalThis.saying = () => globalThis.said.add(said()).size;
  })()`);
const saidTimes = (): Promise<number> => panel.page.evaluate('saying()');

async function tickTenTimes(act: (round: number) => string): Promise<void> {
  for (let round = 1; round <= 10; round += 1) {
    await panel.host(act(round));
    await panel.page.evaluate('new Promise((done) => requestAnimationFrame(done))');
    await saidTimes();
  }
}

test('the focused shard and the count of new rows are said as they were', async () => {
  await open();
  const shard = panel.button(/^Shard 2/);
  await shard.focus();
  await listen();
  await tickTenTimes((round) => `load(2, ${100 + round})`);
  await shard.getByText('110/s').waitFor();
  expect(await saidTimes()).toBe(1);
  await panel.records.nth(-8).click();
  await panel.host('append(5)');
  await panel.button(/5 new/).focus();
  await listen();
  await tickTenTimes(() => 'append(50)');
  await panel.page.locator('.pill', { hasText: '505 new' }).waitFor();
  expect(await saidTimes()).toBe(1);
  await panel.button('Pause').focus();
  await panel.button(/505 new/).waitFor();
});

test('the span of the histogram is said anew when a key changes it, not when rows come', async () => {
  await open();
  await panel.page.getByRole('slider').focus();
  await listen();
  await tickTenTimes(() => 'append(50)');
  expect(await saidTimes()).toBe(1);
  await panel.page.keyboard.press(',');
  await panel.page.locator('.tip').waitFor();
  expect(await saidTimes()).toBe(2);
  await tickTenTimes(() => 'append(50)');
  expect(await saidTimes()).toBe(2);
  await panel.page.keyboard.press('Escape');
  await panel.page.locator('.tip').waitFor({ state: 'detached' });
  expect(await saidTimes()).toBe(3);
});

test('what an alert says is said nowhere else', async () => {
  await open();
  const said = (words: string): Promise<string[]> =>
    panel.page.evaluate(`[...document.querySelectorAll('[role="alert"], [role="status"]')]
      .filter(({ textContent }) => textContent.includes(${JSON.stringify(words)}))
      .map(({ role }) => role)`);
  await panel.host(`say({ state: 'failed', problem: { message: 'The local engine ended.' } })`);
  await panel.page.getByRole('alert').waitFor();
  expect(await said('The local engine ended.')).toEqual(['alert']);
  await panel.host(`say({ state: 'live', problem: undefined })`);
  await panel.filter.fill('$.delay >');
  const problem = 'A number or a text is missing after > (column 10).';
  await panel.host(`say({ filterProblem: '${problem}' })`);
  await panel.page.getByRole('alert').waitFor();
  expect(await said(problem)).toEqual(['alert']);
});

test('that reading has ended is said, also where rows could not be read', async () => {
  await open();
  await panel.host(`refuse('page', 'The worker thread ended.')`);
  await panel.grid.press('Home');
  const alert = panel.page.getByRole('alert');
  await alert.filter({ hasText: 'Rows could not be read' }).waitFor();
  await panel.host(`say({ state: 'ended' })`);
  await alert.filter({ hasText: 'Reading has ended' }).waitFor();
  expect(await alert.count()).toBe(2);
});

test('a column has the name of its header, without its edge', async () => {
  await open();
  for (const name of ['Arrived (UTC)', 'Shard', 'Key', 'Sequence', 'Size', 'Value']) {
    await panel.page.getByRole('columnheader', { name, exact: true }).waitFor();
  }
  await panel.page.getByRole('separator', { name: 'Width of Key' }).waitFor();
  await expect.poll(() => panel.barriers()).toEqual([]);
});
