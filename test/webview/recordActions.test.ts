// One record in a real browser: what can be done with it by mouse and keys, what of it survives a reload, and that
// nothing in it can do harm.
import { describe, expect, test } from 'vitest';
import type { PanelState } from '../../src/protocol/panel.ts';
import type { OpenOptions, PanelPage } from './harness/openPanel.ts';
import { startedHarness } from './harness/startedHarness.ts';

let panel: PanelPage;
const harness = startedHarness(() => panel);

async function open(options: OpenOptions = {}): Promise<PanelPage> {
  panel = await harness.open({ rows: 200, ...options });
  await panel.records.first().waitFor();
  return panel;
}

const press = (key: string): Promise<void> => panel.page.keyboard.press(key);
const lastState = async (): Promise<PanelState | undefined> =>
  (await panel.host<PanelState[]>('states')).at(-1);
const sequenceNumberOf = (position: number): Promise<string | null> =>
  panel.row(position).getAttribute('data-sequence-number');

async function openRecord(position: number): Promise<void> {
  await panel.row(position).click();
  await panel.details.getByText('Sequence').waitFor();
}

describe('what can be done with a record', () => {
  test('is in words at the foot of the details', async () => {
    await open();
    await openRecord(195);
    await panel.button('Open in editor').click();
    await panel.button('Select for compare').click();
    await expect.poll(() => panel.calls('selectRecord')).toEqual([{ position: 195, id: 195 }]);
    await expect.poll(() => panel.calls('openRecord')).toEqual([{ position: 195, id: 195 }]);
    await expect.poll(() => panel.button(/^Compare with/).count()).toBe(0);
    await panel.host("look({ pinned: [], selected: 'flights …7098' })");
    await panel.button('Compare with flights …7098').click();
    await expect.poll(() => panel.calls('compareRecord')).toEqual([{ position: 195, id: 195 }]);
    await panel.button('Decode as…').click();
    await expect.poll(() => panel.calls('decodeAs')).toEqual([{}]);
  });

  test('has its keys, without the details too; a field takes them as text', async () => {
    await open();
    await panel.host("command('focusGrid')");
    await press('End');
    await press('ArrowUp');
    await press('c');
    await press('ArrowUp');
    await press('Shift+C');
    await press('o');
    await expect.poll(() => panel.calls('openRecord')).toEqual([{ position: 197, id: 197 }]);
    await expect.poll(() => panel.calls('selectRecord')).toEqual([{ position: 198, id: 198 }]);
    await expect.poll(() => panel.calls('compareRecord')).toEqual([{ position: 197, id: 197 }]);
    await panel.filter.pressSequentially('co');
    await expect.poll(() => panel.calls('filter')).toMatchObject([{ text: 'co' }]);
    await expect.poll(() => panel.calls('openRecord')).toHaveLength(1);
  });

  test('is done with the row just chosen, also while the details still show the one before', async () => {
    await open();
    await openRecord(195);
    // Within one task: no answer of the host can come between.
    await panel.page.evaluate(`(() => {
      const row = document.querySelector('[data-position="190"]');
      row.click();
      row.dispatchEvent(new KeyboardEvent('keydown', { key: 'o', bubbles: true, cancelable: true }));
    })()`);
    await expect.poll(() => panel.calls('openRecord')).toEqual([{ position: 190, id: 190 }]);
  });

  test('is in the palette, and asks for a record where there is none', async () => {
    await open();
    await panel.host("command('copyLink')");
    await expect.poll(() => panel.calls('copyLink')).toEqual([{}]);
    await panel.host("command('openRecord')");
    await panel.page.getByText('Choose a record first').waitFor();
    await openRecord(190);
    await panel.host("command('copyLink')");
    const sequenceNumber = await sequenceNumberOf(190);
    await expect.poll(() => panel.calls('copyLink')).toEqual([{}, { sequenceNumber }]);
  });

  test('a Lambda event is copied whole', async () => {
    await open();
    await openRecord(190);
    await panel.details.getByRole('button', { name: 'Copy' }).click();
    await panel.page.getByRole('menuitem', { name: 'Lambda event' }).press('Enter');
    await expect.poll(() => panel.calls('copy')).toHaveLength(1);
    const [copied] = (await panel.calls('copy')) as [{ text: string; what: string }];
    const event = JSON.parse(copied.text) as { Records: { kinesis: { data: string } }[] };
    const data = Buffer.from(event.Records[0]!.kinesis.data, 'base64').toString();
    expect(JSON.parse(data)).toHaveProperty('carrier', 'UA');
  });
});

test('the details say where in the hash space a record lies, or that nothing tells', async () => {
  await open();
  const key = panel.details.locator('dd.fact').nth(3);
  await panel.host("sayOfRecords({ hashKey: '1', explicitHashKey: '1' })");
  await openRecord(190);
  await expect.poll(() => key.textContent()).toContain('→ 0x0000…0001');
  expect(await key.getByTitle('Explicit hash key 1').count()).toBe(1);
  await panel.host("sayOfRecords({ hashKey: '', isHashKeyUntold: true })");
  await panel.row(191).click();
  await expect.poll(() => key.textContent()).toContain('put with an explicit hash key');
});

test('the value of a row is copied whole, or the reason is told', async () => {
  await open();
  const text = `first line\n\n  second  line ${'y'.repeat(600)} END`;
  await panel.host(`setValue(200, ${JSON.stringify(text)})`);
  await panel.host('append(1)');
  const copy = async () => {
    await panel.row(200).locator('[data-column="value"]').click({ button: 'right' });
    await panel.page.getByRole('menuitem', { name: 'Copy' }).click();
  };
  await copy();
  await expect.poll(() => panel.calls('copy')).toEqual([{ text, what: 'Value' }]);
  await panel.host('sayOfRecords({ decodedIsCut: true })');
  await copy();
  await panel.page.getByText('Nothing was copied: only the beginning of the record').waitFor();
  expect(await panel.calls('copy')).toHaveLength(1);
});

test('a filter that a link brings is in the box; one that is typed stays', async () => {
  await open();
  await panel.host("say({ filter: 'shard:3' })");
  await expect.poll(() => panel.filter.inputValue()).toBe('shard:3');
  await panel.filter.fill('shard:');
  await panel.host("say({ filter: 'shard:3', received: 7 })");
  await expect.poll(() => panel.filter.inputValue()).toBe('shard:');
});

describe('masking and decoding', () => {
  test('are signs at the foot that lead to what changes them', async () => {
    await open();
    await expect.poll(() => panel.button('Masked').count()).toBe(0);
    await panel.host("look({ mask: { patterns: 2, revision: 1 }, pinned: ['gzip', 'json'] })");
    await panel.button('Masked').click();
    await expect.poll(() => panel.calls('toggleMasking')).toEqual([{}]);
    await panel.button('Decoded as gzip, json').click();
    await expect.poll(() => panel.calls('decodeAs')).toEqual([{}]);
  });

  test('a change has the rows in sight and the open record fetched again, the row still the active one', async () => {
    await open();
    await openRecord(190);
    const pages = (await panel.calls('page')).length;
    const records = (await panel.calls('record')).length;
    await panel.host('look({ mask: { patterns: 1, revision: 1 }, pinned: [] })');
    await expect.poll(async () => (await panel.calls('page')).length).toBeGreaterThan(pages);
    await expect.poll(async () => (await panel.calls('record')).length).toBe(records + 1);
    expect((await panel.calls('record')).at(-1)).toEqual({ position: 190, id: 190 });
    await expect.poll(() => panel.row(190).getAttribute('aria-selected')).toBe('true');
    // Another record to compare with changes nothing of the rows.
    const after = (await panel.calls('page')).length;
    await panel.host("look({ mask: { patterns: 1, revision: 1 }, pinned: [], selected: 'a …1' })");
    await panel.button('Compare with a …1').waitFor();
    expect((await panel.calls('page')).length).toBe(after);
  });
});

describe('a reload', () => {
  const saved = { connection: 'local', stream: 'flights' };

  test('brings the open record back, and closed details closed', async () => {
    const beginMs = Date.now();
    await open({ beginMs });
    await openRecord(180);
    const sequenceNumber = await sequenceNumberOf(180);
    await expect.poll(async () => (await lastState())?.details).toMatchObject({ sequenceNumber });
    const { details } = (await lastState())!;
    await press('Escape');
    await expect.poll(async () => (await lastState())?.details).toBeUndefined();
    await panel.close();
    await open({ beginMs, rows: 600, saved: { ...saved, details } });
    await panel.details.getByText(sequenceNumber!, { exact: true }).waitFor();
    await panel.row(180).waitFor();
    await expect.poll(() => panel.row(180).getAttribute('aria-selected')).toBe('true');
    await panel.close();
    await open({ saved });
    await expect.poll(() => panel.details.count()).toBe(0);
  });

  test('waits for the record to be read, and says when it is not among what was read', async () => {
    const details = { shardId: 'shardId-000000000000', sequenceNumber: '1' };
    await open({ saved: { ...saved, details } });
    await expect.poll(async () => (await panel.calls('findRecord')).length).toBeGreaterThan(0);
    await panel.details.getByText('Choose a row').waitFor();
    await panel.host("say({ state: 'paused' })");
    await panel.details.getByText('held no longer').waitFor();
    const asked = (await panel.calls('findRecord')).length;
    await panel.host('append(5)');
    expect((await panel.calls('findRecord')).length).toBe(asked);
  });

  test('of another stream opens nothing', async () => {
    await open({ saved: { ...saved, stream: 'orders', details: null } });
    await expect.poll(() => panel.details.count()).toBe(0);
  });
});

describe('a hostile record', () => {
  const values: [string, string][] = [
    ['HTML', '<img src=x onerror="document.title=1"><script>document.title=1</script>'],
    ['HTML in JSON', JSON.stringify({ a: '</span><svg onload=document.title=1>', '<b>': '&lt;' })],
    ['control characters', 'a\u0000b\u001b[31mred\u0007\u009b'],
    ['overrides of direction', JSON.stringify({ file: 'annexe\u202Egpj.exe', '\u2066x': 1 })],
    ['nothing of any width', `a${'\u200b'.repeat(300)}b`],
    ['many accents', `z${'\u0335\u0317'.repeat(200)}`],
    ['deep JSON', '[1,'.repeat(170)],
    ['one long word', 'x'.repeat(512)],
  ];

  test.each(values)('%s is text that stays in its place', async (_, value) => {
    await open();
    await panel.page.evaluate('document.title = "0"');
    await panel.host(`setValue(205, ${JSON.stringify(value)})`);
    await panel.host('append(20)');
    await panel.row(205).waitFor();
    const height = (await panel.row(205).boundingBox())!.height;
    expect(height).toBe((await panel.row(204).boundingBox())!.height);
    const text = await panel.row(205).locator('.cell-value').innerText();
    await openRecord(205);
    const whole = text + (await panel.details.innerText());
    expect(whole).not.toMatch(/(?![\t\n])\p{Cc}|[\p{Bidi_Control}\u200b]/u);
    const made = `document.querySelectorAll('img, svg:not(.bars), script:not([nonce]), [onerror], [onload]').length`;
    await expect.poll(() => panel.page.evaluate(made)).toBe(0);
    await expect.poll(() => panel.page.evaluate('document.title')).toBe('0');
    const width = 'document.documentElement.scrollWidth - innerWidth';
    await expect.poll(() => panel.page.evaluate(width)).toBe(0);
  });
});

describe('a picture for eyes', () => {
  const looks: [string, OpenOptions][] = [
    ['record-dark', {}],
    ['record-light', { theme: 'light' }],
    ['record-hc', { theme: 'hc-dark' }],
    ['record-narrow', { theme: 'light', viewport: { width: 480, height: 860 } }],
    ['record-low', { where: 'bottom', viewport: { width: 1280, height: 260 } }],
  ];

  test.each(looks)(
    '%s has all that can be done in sight, and nothing beyond its edges',
    async (name, options) => {
      await open({ ...options, isSplit: true });
      const hostile = JSON.stringify({
        file: 'annexe\u202Egpj.exe',
        note: '<b>\u0007',
        zero: 'a\u200bb',
      });
      await panel.host(`setValue(217, ${JSON.stringify(hostile)})`);
      await panel.host('append(20)');
      await panel.host('insert([{ at: 219, count: 3 }])');
      await panel.row(217).dblclick();
      await panel.details.getByText('Sequence').waitFor();
      await panel.host(
        "look({ mask: { patterns: 2, revision: 1 }, pinned: ['gzip', 'json'], selected: 'flights …7098' })",
      );
      await panel.button('Masked').waitFor();
      await panel.button('Compare with flights …7098').scrollIntoViewIfNeeded();
      await panel.picture(name);
      const beyond = `[...document.querySelectorAll('.record-action, .foot > *')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth)
      .map((element) => element.textContent)`;
      await expect.poll(() => panel.page.evaluate(beyond)).toEqual([]);
      await expect.poll(() => panel.barriers('.rows')).toEqual([]);
      const width = 'document.documentElement.scrollWidth - innerWidth';
      await expect.poll(() => panel.page.evaluate(width)).toBe(0);
    },
  );
});
