// The histogram in a real browser: drawn only when it changed, a span set by pointer and by keys, folded away.
import { expect, test } from 'vitest';
import type { OpenOptions, PanelPage } from './harness/openPanel.ts';
import { startedHarness } from './harness/startedHarness.ts';

let panel: PanelPage;
const harness = startedHarness(() => panel);

/** 900 records of 13 ms each: some 12 s. */
async function open(options: OpenOptions = { rows: 900 }): Promise<void> {
  panel = await harness.open(options);
  if (options.rows) await panel.records.first().waitFor();
}

const slider = () => panel.page.getByRole('slider', { name: 'Span of time that the list shows' });
const press = (key: string): Promise<void> => panel.page.keyboard.press(key);
const drawings = (): Promise<number> =>
  panel.page.evaluate(`Number(document.querySelector('.bars').dataset.drawings)`);
const lastFilter = async (): Promise<string> =>
  ((await panel.calls('filter')).at(-1) as { text: string } | undefined)?.text ?? '';
const frames = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))`;

async function drag(from: number, to: number): Promise<void> {
  const box = (await slider().boundingBox())!;
  const y = box.y + box.height / 2;
  await panel.page.mouse.move(box.x + box.width * from, y);
  await panel.page.mouse.down();
  await panel.page.mouse.move(box.x + box.width * to, y, { steps: 3 });
  await panel.page.mouse.up();
}

/** The two moments of an `arrived:…..…` of the filter, milliseconds of the day. */
function momentsIn(text: string): [number, number] {
  const [, from, to] = /arrived:[\d-]+T([\d:.]+)Z\.\.([\d:.]+)/.exec(text) ?? [];
  const ms = (clock = '') => Date.parse(`1970-01-01T${clock}Z`);
  return [ms(from), ms(to)];
}

test('ticks without another histogram draw nothing; one that changed is drawn once', async () => {
  await open();
  const before = await drawings();
  for (let tick = 0; tick < 20; tick += 1) {
    await panel.host(`say({ recordsPerSecond: ${tick} })`);
    await panel.page.evaluate(frames);
  }
  await expect.poll(() => drawings()).toBe(before);
  await panel.host('append(10)');
  await expect.poll(drawings).toBe(before + 1);
  // Neither the pointer nor a span draws the bars anew.
  await slider().hover({ position: { x: 40, y: 10 } });
  await drag(0.2, 0.4);
  await panel.button('Clear').waitFor();
  await expect.poll(lastFilter).toContain('arrived:');
  await expect.poll(drawings).toBe(before + 2);
});

test('a drag narrows the list to whole bars; Clear takes exactly that out again', async () => {
  await open();
  await panel.filter.fill('"origin"');
  await expect.poll(lastFilter).toBe('"origin"');
  await drag(0.6, 0.3);
  await expect.poll(lastFilter).toMatch(/^"origin" arrived:[\d-]+T[\d:.]+Z\.\.[\d:.]+$/);
  const [fromMs, toMs] = momentsIn(await lastFilter());
  await expect.poll(() => panel.filter.inputValue()).toBe(await lastFilter());
  expect([fromMs % 100, toMs % 100]).toEqual([0, 0]);
  expect(toMs - fromMs).toBeGreaterThan(3000);
  await panel.page.getByText(/^2\d\d of \d+$/).waitFor();
  await expect.poll(() => panel.page.locator('.veil').count()).toBe(2);
  await panel.button('Clear').click();
  await expect.poll(lastFilter).toBe('"origin"');
  await expect.poll(() => panel.page.locator('.veil').count()).toBe(0);
});

test('an edge that is taken hold of moves alone; a press alone does nothing', async () => {
  await open();
  await drag(0.3, 0.6);
  await expect.poll(lastFilter).toContain('arrived:');
  const [fromMs, toMs] = momentsIn(await lastFilter());
  const edge = (await panel.page.locator('.brush').boundingBox())!;
  const box = (await slider().boundingBox())!;
  await drag((edge.x + edge.width - box.x) / box.width, 0.9);
  await expect.poll(async () => momentsIn(await lastFilter())[1]).toBeGreaterThan(toMs + 1000);
  expect(momentsIn(await lastFilter())[0]).toBe(fromMs);
  const calls = (await panel.calls('filter')).length;
  await slider().click({ position: { x: 100, y: 10 } });
  await panel.page.evaluate(frames);
  await expect.poll(() => panel.calls('filter')).toHaveLength(calls);
});

test('arrows move the beginning, with Shift the end; Escape clears, and then goes to the grid', async () => {
  await open();
  await slider().focus();
  await press('ArrowRight');
  await press('ArrowRight');
  await press('Shift+ArrowLeft');
  const shown = () => panel.filter.inputValue();
  await expect.poll(async () => (await lastFilter()) === (await shown())).toBe(true);
  const [fromMs, toMs] = momentsIn(await shown());
  await press('Shift+PageDown');
  await expect.poll(async () => momentsIn(await lastFilter())[1]).toBeLessThan(toMs);
  expect(momentsIn(await shown())[0]).toBe(fromMs);
  await expect.poll(() => slider().getAttribute('aria-valuenow')).toBe('2');
  await expect.poll(() => slider().getAttribute('aria-valuetext')).toMatch(/^[\d:.]+ to [\d:.]+$/);
  await press('Escape');
  await expect.poll(lastFilter).toBe('');
  await expect.poll(() => slider().getAttribute('aria-valuetext')).toBe('all of the time');
  await expect.poll(() => slider().evaluate('document.activeElement.role')).toBe('slider');
  await press('Escape');
  await expect
    .poll(() => panel.page.evaluate('document.activeElement.getAttribute("role")'))
    .toBe('grid');
});

test('what a bar has is said to the keyboard and to screen readers, and nothing is narrowed', async () => {
  await open();
  await panel.filter.fill('ATL');
  await expect.poll(lastFilter).toBe('ATL');
  const calls = (await panel.calls('filter')).length;
  await slider().focus();
  const tip = panel.page.locator('.tip');
  const text = () => slider().getAttribute('aria-valuetext');
  await press('.');
  await press('.');
  const second = (await text())!;
  expect(second).toMatch(
    /^[\d:.]+ to [\d:.]+: \d+ records, \d+ match(es)?\. Shard 0: \d+ \(\d+ %\)/,
  );
  await tip.getByText(/^\d+ records, \d+ match/).waitFor();
  await panel.picture('bar-looked-at');
  await press('.');
  await press(',');
  await expect.poll(() => text()).toBe(second);
  await press('Escape');
  await tip.waitFor({ state: 'detached' });
  await expect.poll(() => text()).toBe('all of the time');
  // Without one the way back begins at the last bar.
  await press(',');
  expect(await text()).not.toBe(second);
  await tip.waitFor();
  await press('Enter');
  await expect.poll(() => panel.calls('positionAt')).toHaveLength(1);
  await tip.waitFor({ state: 'detached' });
  await expect.poll(() => panel.calls('filter')).toHaveLength(calls);
});

test('a double click on a bar goes to its first row, with a span set it clears it', async () => {
  await open();
  const box = (await slider().boundingBox())!;
  await slider().dblclick({ position: { x: box.width * 0.3, y: 10 } });
  const [asked] = (await panel.calls('positionAt')) as { timestampMs: number }[];
  expect(asked!.timestampMs % 100).toBe(0);
  const active = panel.page.locator('[data-position][aria-selected="true"]');
  await active.waitFor();
  await expect
    .poll(() => panel.page.evaluate('document.activeElement?.dataset.position'))
    .toBe(await active.getAttribute('data-position'));
  expect(Number(await active.getAttribute('data-position'))).toBeGreaterThan(200);
  await drag(0.3, 0.6);
  await expect.poll(lastFilter).toContain('arrived:');
  await slider().dblclick({ position: { x: box.width * 0.5, y: 10 } });
  await expect.poll(lastFilter).toBe('');
  await expect.poll(() => panel.calls('positionAt')).toHaveLength(1);
});

test('Enter goes to the first row of the span', async () => {
  await open();
  await slider().focus();
  for (let bar = 0; bar < 3; bar += 1) await press('PageUp');
  await expect.poll(lastFilter).toContain('arrived:');
  await press('Enter');
  await expect
    .poll(() => panel.page.evaluate('document.activeElement?.dataset.position'))
    .toBe('0');
});

test('a span that the filter had before is shown, and the filter is what a reload keeps', async () => {
  await open({ rows: 900, patch: {} });
  await drag(0.3, 0.6);
  await expect.poll(lastFilter).toContain('arrived:');
  const filter = await lastFilter();
  await expect
    .poll(async () => (await panel.host<{ filter: string }[]>('states')).at(-1)?.filter)
    .toBe(filter);
  await panel.close();
  await open({ rows: 900, ageMs: 11_700, patch: { filter } });
  await panel.button('Clear').waitFor();
  await expect.poll(() => panel.page.locator('.brush').count()).toBe(1);
});

test('the pointer tells the time, the records and the share of each shard', async () => {
  await open();
  await slider().hover({ position: { x: 300, y: 10 } });
  const tip = panel.page.locator('.tip');
  await tip.getByText(/^[\d:.]+ to [\d:.]+$/).waitFor();
  await tip.getByText(/^\d+ records$/).waitFor();
  await tip.getByText(/^Shard 0: \d+ \(\d+ %\)$/).waitFor();
  await panel.page.mouse.move(300, 600);
  await tip.waitFor({ state: 'detached' });
  const described = await slider().getAttribute('aria-describedby');
  await expect
    .poll(() => panel.page.locator(`#${described}`).textContent())
    .toMatch(/^891 records from [\d:.]+ to [\d:.]+\. Shard 0: \d+ \(\d+ %\)\..*Left and right/);
});

test('it is folded away and stays so; the rows keep their end', async () => {
  await open();
  await panel.button('Histogram').click();
  await slider().waitFor({ state: 'detached' });
  await expect
    .poll(() => panel.calls('showHistogram'))
    .toEqual([{ shown: true }, { shown: false }]);
  await panel.host('append(1)');
  await panel.row(900).waitFor();
  await expect
    .poll(async () => (await panel.host<{ isHistogramShown?: boolean }[]>('states')).at(-1))
    .toMatchObject({ isHistogramShown: false });
  await panel.close();
  await open({ rows: 900, saved: { isHistogramShown: false } });
  await expect.poll(() => slider().count()).toBe(0);
  await expect.poll(() => panel.calls('showHistogram')).toEqual([]);
  await panel.host("command('toggleHistogram')");
  await slider().waitFor();
  await panel.page.locator('.bars').waitFor();
});

test('at the bottom it takes no room until it is asked for', async () => {
  await open({ rows: 900, where: 'bottom', viewport: { width: 900, height: 260 } });
  await expect.poll(() => slider().count()).toBe(0);
  await expect.poll(() => panel.calls('showHistogram')).toEqual([]);
  await panel.button('Histogram').click();
  await panel.page.locator('.bars').waitFor();
});

test('its place is kept before there is anything to show: the grid does not jump', async () => {
  await open({ isSilent: true });
  const top = (await panel.grid.boundingBox())!.y;
  await expect.poll(() => slider().getAttribute('aria-disabled')).toBe('true');
  await panel.host('append(900)');
  await panel.page.locator('.bars').waitFor();
  expect((await panel.grid.boundingBox())!.y).toBe(top);
});

test('g in the grid asks where to go, and the row that is led to is the active one', async () => {
  await open({ rows: 3000 });
  await panel.host("command('focusGrid')");
  await press('g');
  await expect.poll(() => panel.calls('goTo')).toHaveLength(1);
  await panel.host('reveal(1200)');
  await panel.row(1200).waitFor();
  await expect
    .poll(() => panel.page.evaluate('document.activeElement?.dataset.position'))
    .toBe('1200');
  await expect.poll(() => panel.row(1200).getAttribute('aria-selected')).toBe('true');
  await press('ArrowDown');
  await expect
    .poll(() => panel.page.evaluate('document.activeElement?.dataset.position'))
    .toBe('1201');
});

test.each([
  ['nothing', ''],
  ['a bar', '.'],
])(
  'Escape breaks off a drag, and the span that was set stays, where %s is looked at',
  async (_, key) => {
    await open();
    await drag(0.1, 0.3);
    if (key) await slider().press(key);
    await expect.poll(lastFilter).toContain('arrived:');
    const before = await lastFilter();
    const box = (await slider().boundingBox())!;
    await panel.page.mouse.move(box.x + box.width * 0.5, box.y + 5);
    await panel.page.mouse.down();
    await panel.page.mouse.move(box.x + box.width * 0.8, box.y + 5, { steps: 3 });
    await press('Escape');
    await panel.page.mouse.up();
    await expect.poll(() => panel.filter.inputValue()).toBe(before);
    await expect.poll(() => lastFilter()).toBe(before);
  },
);

test('a filter goes with the name of the clock that is shown; its span is shown as it is written', async () => {
  await open();
  await expect.poll(() => panel.calls('ready')).toEqual([{ timeZone: 'Europe/Berlin' }]);
  const asked = async () => (await panel.calls('filter')).at(-1);
  const spanIn = async (text: string, timeZone: string) => {
    await panel.filter.fill(text);
    await expect.poll(asked).toEqual({ text, timeZone });
    return panel.page.locator('.timeline-span-words').textContent();
  };
  for (const timeZone of ['UTC', 'Europe/Berlin']) {
    // In one of both months the clock is another one than today.
    for (const month of ['01', '07']) {
      const span = `arrived:2020-${month}-15T14:00..14:30`;
      await expect.poll(() => spanIn(span, timeZone)).toMatch(/\b14:00:00 to .*\b14:30:00/);
    }
    await panel.page.locator('[data-head="arrived"]').click();
  }
});
