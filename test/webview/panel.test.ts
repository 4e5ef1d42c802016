// The panel in a real browser, driven by keys and clicks, with a fake host behind the real protocol.
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
const focusGrid = async (): Promise<void> => panel.host("command('focusGrid')");
const activePosition = (): Promise<number> =>
  panel.page.evaluate('Number(document.activeElement?.dataset.position ?? NaN)');

test('100,000 rows are held, a screen of them is in the page', async () => {
  await open({ rows: 100_000 });
  await expect.poll(() => panel.grid.getAttribute('aria-rowcount')).toBe('100001');
  await expect.poll(() => panel.rows.count()).toBeLessThan(60);
  const pages = (await panel.calls('page')) as { count: number }[];
  for (const { count } of pages) expect(count).toBeLessThanOrEqual(200);
});

test('paging from the first row to the last shows every sequence number once', async () => {
  const rows = 3000;
  await open({ rows });
  await focusGrid();
  await press('Home');
  const seen = new Map<number, string>();
  const collect = `Object.fromEntries([...document.querySelectorAll('[data-sequence-number]')]
    .map((row) => [row.dataset.position, row.dataset.sequenceNumber]))`;
  const filled = `document.querySelectorAll('[data-position]').length > 0 &&
    !document.querySelector('[data-position][aria-busy]')`;
  let position = -1;
  while (position < rows - 1) {
    await expect.poll(() => panel.page.evaluate(filled)).toBe(true);
    const shown = await panel.page.evaluate<Record<string, string>>(collect);
    for (const [at, sequenceNumber] of Object.entries(shown)) seen.set(Number(at), sequenceNumber);
    position = await activePosition();
    await press('PageDown');
  }
  const events = Array.from({ length: rows }, (_, at) => at).filter((at) => at % 97 === 41);
  expect(seen.size).toBe(rows - events.length);
  expect(new Set(seen.values()).size).toBe(seen.size);
});

test('elements are used again while scrolling', async () => {
  await open({ rows: 5000 });
  await panel.page.evaluate(
    `document.querySelectorAll('[data-position]').forEach((row) => { row.old = true; })`,
  );
  await panel.page.evaluate(`document.querySelector('.scroller').scrollTop -= 240`);
  await panel.row(4959).waitFor();
  const fresh = `[...document.querySelectorAll('[data-position]')].filter((row) => !row.old).length`;
  await expect.poll(() => panel.page.evaluate(fresh)).toBeLessThan(12);
});

test('the newest row stays at the bottom while rows come', async () => {
  await open({ rows: 2000 });
  const top = await panel.topOf(1999);
  await panel.host('append(150)');
  await panel.row(2149).waitFor();
  expect(await panel.topOf(2149)).toBe(top);
});

test('the newest row stays at the bottom when the window changes its height', async () => {
  await open({ rows: 2000 });
  for (const height of [420, 700, 333, 860]) {
    await panel.page.setViewportSize({ width: 1280, height });
    await panel.host('append(1)');
    const scroller = `(({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - scrollTop - clientHeight)
      (document.querySelector('.scroller'))`;
    await expect.poll(() => panel.page.evaluate(scroller)).toBe(0);
  }
  await panel.row(2003).waitFor();
});

test.each([
  ['follows', false],
  ['was left at its end', true],
])(
  'a paused list that %s stays there when the panel gets lower, its last row free',
  async (_, isHeld) => {
    await open({ rows: 2000, patch: { state: 'paused', pausedSinceMs: Date.now() } });
    if (isHeld) await panel.row(1998).click();
    for (const height of [620, 440, 400, 860, 400]) {
      await panel.page.setViewportSize({ width: 1280, height });
      await expect
        .poll(async () => {
          const last = await panel.row(1999).boundingBox();
          const pill = await panel.page.locator('.paused').boundingBox();
          return last && pill && [pill.y >= last.y + last.height, pill.y - last.y < 60];
        })
        .toEqual([true, true]);
    }
  },
);

test('a row that is looked at holds still while rows are appended and dropped', async () => {
  await open({ rows: 2000 });
  await panel.page.evaluate(`document.querySelector('.scroller').scrollTop = 24000`);
  await panel.row(1010).waitFor();
  await panel.button(/new/).waitFor({ state: 'detached' });
  const top = await panel.topOf(1010);
  for (let round = 1; round <= 5; round += 1) {
    await panel.host('roll(60)');
    await panel.button(`↓ ${60 * round} new`).waitFor();
    expect(await panel.topOf(1010)).toBe(top);
  }
  await panel.button('↓ 300 new').press('Enter');
  await panel.row(2299).waitFor();
  await expect.poll(() => focusedRegion()).toBe('grid');
  await panel.button(/new/).waitFor({ state: 'detached' });
});

test('scrolling away while rows come is not undone by those that are drawn before it is told', async () => {
  await open({ rows: 2000 });
  // Both within one frame: the element has moved, and its event is told with the next one.
  const scrollAndAppend = `new Promise((resolve) => requestAnimationFrame(() => {
    document.querySelector('.scroller').scrollTop = 24000;
    harness.append(20);
    setTimeout(resolve, 200);
  }))`;
  await panel.page.evaluate(scrollAndAppend);
  await panel.row(1010).waitFor();
  await expect
    .poll(() => panel.page.evaluate(`document.querySelector('.scroller').scrollTop`))
    .toBe(24_000);
});

test('a row that is looked at holds still, and stays the active one, while rows come late above it', async () => {
  await open({ rows: 2000 });
  await panel.page.evaluate(`document.querySelector('.scroller').scrollTop = 24000`);
  await panel.row(1010).click();
  const numberAt = (position: number) => panel.row(position).getAttribute('data-sequence-number');
  const [top, number] = [await panel.topOf(1010), await numberAt(1010)];
  await panel.host('insert([{ at: 3, count: 7 }, { at: 1000, count: 2 }, { at: 1100, count: 5 }])');
  await panel.row(1019).waitFor();
  expect(await panel.topOf(1019)).toBe(top);
  await expect.poll(() => numberAt(1019)).toBe(number);
  await expect.poll(() => panel.row(1019).getAttribute('aria-selected')).toBe('true');
  // Between the topmost row in sight and it.
  await panel.host('insert([{ at: 1015, count: 3 }])');
  await expect.poll(() => numberAt(1022)).toBe(number);
  expect(await panel.topOf(1022)).toBe(top);
  const asked = (await panel.calls('record')) as { id: number }[];
  expect(asked.map(({ id }) => id)).toEqual([1010]);
});

test('the filter box sends what is typed, marks matches and counts them', async () => {
  await open({ rows: 1000 });
  await press('/');
  await panel.page.keyboard.type('"origin":"LAX"');
  const sent = async () => (await panel.calls('filter')).at(-1);
  await expect.poll(sent).toEqual({ text: '"origin":"LAX"', timeZone: 'UTC' });
  await panel.page.locator('mark').first().waitFor();
  await panel.page.getByText(/^\d+ of 990$/).waitFor();
  for (const text of await panel.records.allTextContents()) expect(text).toContain('LAX');
  await press('Escape');
  await expect
    .poll(() => panel.page.evaluate(`document.activeElement?.getAttribute('role')`))
    .toBe('grid');
});

test('a filter without a match says how many were looked at and can be cleared', async () => {
  await open({ rows: 1000 });
  await panel.filter.fill('Timbuktu');
  await panel.page.getByText('None of the 990 records held matches the filter.').waitFor();
  await panel.button('Clear the filter').click();
  await expect.poll(focusedRegion).toBe('grid');
  await panel.records.first().waitFor();
  await expect.poll(() => panel.filter.inputValue()).toBe('');
});

test('what is wrong with a filter is said under it', async () => {
  await open({ rows: 100 });
  await panel.filter.fill('$.delay >');
  await panel.host(`say({ filterProblem: 'A value is missing after >.' })`);
  const alert = panel.page.getByRole('alert');
  await expect.poll(() => alert.textContent()).toBe('A value is missing after >.');
  await expect.poll(() => panel.filter.getAttribute('aria-invalid')).toBe('true');
});

test('pause and resume are one button in one place; Space does the same', async () => {
  await open({ rows: 100 });
  const before = await panel.button('Pause').boundingBox();
  await panel.button('Pause').click();
  const resume = panel.page.getByLabel('Toolbar').getByRole('button', { name: 'Resume' });
  await resume.waitFor();
  await expect.poll(() => resume.boundingBox()).toEqual(before);
  await panel.page
    .locator('.paused-words')
    .getByText(/Paused \d+ (ms|s) ago/)
    .waitFor();
  await focusGrid();
  await press('Space');
  await panel.button('Pause').waitFor();
  await expect.poll(() => panel.calls('resume')).toHaveLength(1);
});

test('the start menu starts again at the horizon and minutes ago', async () => {
  await open({ rows: 10, patch: { start: { type: 'LATEST' } } });
  await panel.button('From: latest').click();
  await panel.page.getByRole('menuitem', { name: 'Horizon' }).click();
  await panel.button('From: horizon').click();
  await panel.page.getByRole('menuitem', { name: '10 minutes ago' }).click();
  await panel.button(/^From: \d/).waitFor();
  const [horizon, minutes] = (await panel.calls('restart')) as {
    start: { timestampMs?: number };
  }[];
  expect(horizon).toEqual({ start: { type: 'TRIM_HORIZON' } });
  expect(Date.now() - (minutes?.start.timestampMs ?? 0)).toBeGreaterThanOrEqual(600_000);
});

test('menus open by key, move by arrows and give the focus back', async () => {
  await open({ rows: 10 });
  await panel.button(/^From:/).focus();
  await press('Enter');
  await press('ArrowDown');
  await expect
    .poll(() => panel.page.evaluate('document.activeElement.textContent'))
    .toBe('1 minute ago');
  await press('Escape');
  await panel.page.getByRole('menu').waitFor({ state: 'detached' });
  await expect
    .poll(() => panel.page.evaluate('document.activeElement.tagName'))
    .toBe('VSCODE-BUTTON');
});

test('Enter opens the details, arrows move on in them, Escape closes them', async () => {
  await open({ rows: 500 });
  await focusGrid();
  await press('End');
  await press('Enter');
  const shown = (): Promise<string | null> => panel.details.locator('.facts').textContent();
  const sequenceAt = (at: number) => panel.row(at).getAttribute('data-sequence-number');
  await panel.details.getByText(`${await sequenceAt(499)}`).waitFor();
  await press('ArrowUp');
  await panel.details.getByText(`${await sequenceAt(498)}`).waitFor();
  await expect.poll(() => shown()).toContain('shardId-');
  await press('Escape');
  await panel.details.waitFor({ state: 'detached' });
  await expect.poll(() => activePosition()).toBe(498);
});

test('the details show decoded, raw, hex and how, and copy a value, JSON and a command', async () => {
  await open({ rows: 50 });
  await panel.row(45).click();
  await panel.details.getByText('"carrier": "UA"').waitFor();
  await panel.details.getByRole('tab', { name: 'Hex' }).click();
  await panel.details.getByText(/^00000 {2}7b 22 6f/).waitFor();
  await panel.details.getByRole('tab', { name: 'Steps' }).click();
  await panel.details.getByText('gzip does not fit: begins with 7b 22').waitFor();
  await panel.details.getByText('json reads it: all of it was read').waitFor();
  for (const name of ['Value', 'Record as JSON', 'AWS CLI command']) {
    await panel.details.getByRole('button', { name: 'Copy' }).click();
    await panel.page.getByRole('menuitem', { name }).click();
  }
  const [value, json, command] = (await panel.calls('copy')) as { text: string }[];
  expect(JSON.parse(value?.text ?? '')).toMatchObject({ carrier: 'UA' });
  expect(JSON.parse(json?.text ?? '')).toHaveProperty('SequenceNumber');
  expect(command?.text).toMatch(
    /^aws kinesis put-record .*--stream-name 'flights' --partition-key '\w+' .*--endpoint-url 'http:\/\/127\.0\.0\.1:4567'$/,
  );
});

test('closing the details by their button leaves the keyboard in the grid', async () => {
  await open({ rows: 50 });
  await panel.row(45).click();
  await panel.details.getByRole('button', { name: 'Close the details' }).press('Enter');
  await expect
    .poll(() => panel.page.evaluate(`document.activeElement?.dataset.position`))
    .toBe('45');
});

test('an event row is a sentence, in place and in the details', async () => {
  await open({ rows: 60 });
  await panel.page.locator('[data-event="info"]').click();
  await panel.details.getByRole('heading', { name: 'Event' }).waitFor();
  await expect.poll(() => panel.details.textContent()).toContain('Shard 1 was split');
});

test('what a record holds is shown as text, never as markup', async () => {
  await open({ rows: 40 });
  const evil = '<img src=x onerror="document.title=1"><b>hi</b>';
  await panel.host(`setValue(40, ${JSON.stringify(evil)})`);
  await panel.host('append(1)');
  await panel.row(40).getByText(evil).waitFor();
  await panel.row(40).click();
  await panel.details.getByText(evil).waitFor();
  await expect.poll(() => panel.page.locator('#root img, #root b:not(.segment b)').count()).toBe(0);
});

test('rows carry the full shard id, sequence number and position', async () => {
  await open({ rows: 20 });
  const row = panel.row(7);
  await expect.poll(() => row.getAttribute('data-shard-id')).toMatch(/^shardId-\d{12}$/);
  await expect.poll(() => row.getAttribute('data-sequence-number')).toMatch(/^\d{56}$/);
  await expect.poll(() => row.getAttribute('aria-rowindex')).toBe('9');
});

test('one row is a tab stop, and it keeps the focus when it is scrolled away', async () => {
  await open({ rows: 3000 });
  await panel.row(2990).click();
  await panel.page.evaluate(`document.querySelector('.scroller').scrollTop = 0`);
  await panel.row(3).waitFor();
  await expect.poll(() => activePosition()).toBe(2990);
  await expect.poll(() => panel.page.locator('[role="row"][tabindex="0"]').count()).toBe(1);
  await press('ArrowUp');
  await expect.poll(activePosition).toBe(2989);
});

test('times are local or UTC; the header says which and changes it', async () => {
  await open({ rows: 100 });
  const utc = await panel.row(98).locator('.cell').first().textContent();
  await panel.button('Arrived (UTC)').click();
  await panel.button('Arrived (local)').waitFor();
  expect(await panel.row(98).locator('.cell').first().textContent()).not.toBe(utc);
  await expect.poll(() => panel.calls('setTimeZone')).toEqual([{ timeZone: 'local' }]);
});

test('reading is told to stop after so many records, and told to go on', async () => {
  await open({ rows: 10 });
  await panel.button('To: no end').click();
  await panel.page.getByRole('menuitem', { name: 'After 1,000 more records' }).click();
  await panel.button('To: 1,000 more').click();
  await panel.page.getByRole('menuitem', { name: 'No end: until it is paused' }).click();
  await panel.button('To: no end').waitFor();
  const stop = { type: 'AFTER_RECORDS', count: 1000 };
  await expect.poll(() => panel.calls('stopAt')).toEqual([{ stop }, {}]);
});

test('a shard of the strip offers to be split and merged', async () => {
  await open({ rows: 10, isSplit: true });
  await panel.button(/^Shard 4\s.*hot/s).click();
  await panel.page.getByRole('menuitem', { name: 'Merge with 5…' }).click();
  await panel.button(/^Shard 5/).click();
  await panel.page.getByRole('menuitem', { name: 'Split…' }).click();
  await expect
    .poll(() => panel.calls('mergeShard'))
    .toEqual([{ shardId: 'shardId-000000000004', adjacentShardId: 'shardId-000000000005' }]);
  await expect.poll(() => panel.calls('splitShard')).toEqual([{ shardId: 'shardId-000000000005' }]);
});

test('64 shards can each be hit', async () => {
  await open({ rows: 10, shards: 64 });
  const last = panel.button(/^Shard 63 /);
  await last.click();
  expect((await last.boundingBox())?.width).toBeGreaterThanOrEqual(24);
  await panel.page.getByRole('menuitem', { name: 'Split…' }).waitFor();
});

test('a read-only connection offers no writing', async () => {
  await open({ rows: 10, isReadOnly: true });
  await expect.poll(() => panel.button('Put record').isDisabled()).toBe(true);
  await panel.button(/^Shard 0 /).click();
  await panel.page.getByText('This connection is read-only.').waitFor();
  await expect.poll(() => panel.page.getByRole('menuitem', { name: 'Split…' }).count()).toBe(0);
});

test('a problem is said with one button that mends it; the rows stay', async () => {
  await open({ rows: 100 });
  await panel.host(
    `say({ state: 'failed', problem: { message: 'The engine ended.', action: 'startEngine' } })`,
  );
  await panel.page.getByRole('alert').getByText('The engine ended.').waitFor();
  await panel.button('Start the engine').click();
  await expect.poll(() => panel.calls('act')).toEqual([{ action: 'startEngine' }]);
  await expect.poll(() => panel.records.count()).toBeGreaterThan(10);
});

test('while nobody answers no rate is claimed, and the foot says why', async () => {
  panel = await harness.open({ rows: 200, shards: 3 });
  await panel.records.first().waitFor();
  await panel.host("say({ problem: { message: 'The engine does not answer.' } })");
  await panel.page.locator('.foot-unanswered', { hasText: 'No answer' }).waitFor();
  expect(await panel.page.locator('.foot').textContent()).not.toMatch(/records\/s|behind/);
  await expect.poll(() => panel.page.locator('.segment-hot').count()).toBe(0);
});

test('what the host refuses is said and can be dismissed', async () => {
  await open({ rows: 10 });
  await panel.host(`refuse('putRecord', 'The stream is being deleted.')`);
  await panel.button('Put record').click();
  await panel.page.getByText('The stream is being deleted.').waitFor();
  await panel.button('Dismiss').click();
  await panel.page.getByText('The stream is being deleted.').waitFor({ state: 'detached' });
});

test('rows that cannot be fetched are said until some can', async () => {
  await open({ rows: 1000 });
  await panel.host(`refuse('page', 'The worker thread ended.')`);
  await panel.row(999).click();
  await press('Home');
  await panel.page.getByText('Rows could not be read: The worker thread ended.').waitFor();
  await panel.host(`allow('page')`);
  await panel.host('append(10)');
  await panel.row(0).getByRole('gridcell').nth(5).waitFor();
  await panel.page.getByText('Rows could not be read').waitFor({ state: 'detached' });
});

test('the newest rows come with the tick: none is asked for while the list follows', async () => {
  await open({ rows: 1000 });
  await panel.row(999).getByRole('gridcell').nth(5).waitFor();
  const asked = await panel.calls('page');
  await panel.host('append(500)');
  await panel.row(1499).getByRole('gridcell').nth(5).waitFor();
  await panel.host('append(3)');
  await panel.row(1502).getByRole('gridcell').nth(5).waitFor();
  await expect.poll(() => panel.calls('page')).toEqual(asked);
});

test('commands of the host act in the panel', async () => {
  await open({ rows: 10 });
  await panel.host(`command('togglePause')`);
  await panel.page.locator('.foot-paused').waitFor();
  await panel.host(`command('focusFilter')`);
  await panel.page.keyboard.type('x');
  await expect.poll(() => panel.filter.inputValue()).toBe('x');
  await panel.host(`command('toggleDetails')`);
  await panel.details.waitFor();
});

test('what a reload needs is saved, once a second at most', async () => {
  await open({ rows: 10 });
  for (let at = 1; at <= 20; at += 1) {
    await panel.host(
      `say({ resume: { type: 'AT_TIMESTAMP', timestampMs: ${at} }, reached: { one: '${at}' } })`,
    );
  }
  const newest = (): Promise<number> => panel.host('states.at(-1)?.resume.timestampMs');
  await expect.poll(newest, { timeout: 5000 }).toBe(20);
  const states = await panel.host<unknown[]>('states');
  expect(states.length).toBeLessThanOrEqual(4);
  expect(states.at(-1)).toEqual({
    connection: 'local',
    stream: 'flights',
    resume: { type: 'AT_TIMESTAMP', timestampMs: 20 },
    reached: { one: '20' },
    filter: '',
  });
});

test('without motion wanted nothing moves by itself', async () => {
  await open({ isSilent: true, isMotionReduced: true });
  await panel.page.getByText('Looking up the shards…').waitFor();
  await expect.poll(() => panel.page.evaluate('document.getAnimations().length')).toBe(0);
});

test('the details tell the parents of the shard that their record is of, also of the next record', async () => {
  await open({ rows: 90 });
  const shards = await panel.page.evaluate(
    `[...new Set([...document.querySelectorAll('[data-shard-id][data-position]')].map(({ dataset }) => dataset.shardId))]`,
  );
  const [one, other] = shards as string[];
  const base = { isOpen: true, recordsPerSecond: 0, bytesPerSecond: 0, reading: 'live' };
  const range = { startingHashKey: '0', endingHashKey: '9' };
  const told = [
    { ...base, ...range, id: one, parents: [] },
    { ...base, ...range, id: other, parents: ['shardId-000000000007'] },
  ];
  await panel.host(`say(${JSON.stringify({ shards: told, state: 'paused' })})`);
  await panel.records
    .and(panel.page.locator(`[data-shard-id="${one}"]`))
    .last()
    .click();
  await panel.details.getByText(one!).waitFor();
  await panel.records
    .and(panel.page.locator(`[data-shard-id="${other}"]`))
    .last()
    .click();
  await panel.details.getByText(other!).waitFor();
  await panel.details.getByText('(child of 7)').waitFor();
});
