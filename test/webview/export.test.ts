// The button of an export: what it asks of the host, and where there is room for it.
import { expect, test } from 'vitest';
import { startedHarness } from './harness/startedHarness.ts';

const harness = startedHarness();

const flowing = { rows: 200, isSplit: true };
const pictures = {
  'export-light': { ...flowing, theme: 'light' as const },
  'export-hc-dark': { ...flowing, theme: 'hc-dark' as const },
  'export-narrow': { ...flowing, viewport: { width: 480, height: 860 } },
};

for (const [name, options] of Object.entries(pictures)) {
  test(`Export… is there and asks the host, by the keyboard too: ${name}`, async () => {
    const panel = await harness.open(options);
    await panel.records.first().waitFor();
    await panel.picture(name);
    await panel.button('Export…').focus();
    await panel.page.keyboard.press('Enter');
    await panel.button('Export…').click();
    const calls = (await panel.host('calls')) as { method: string }[];
    expect(calls.filter(({ method }) => method === 'exportRecords')).toHaveLength(2);
    const size = 'document.documentElement.scrollWidth - innerWidth';
    await expect.poll(() => panel.page.evaluate(size)).toBe(0);
    await panel.close();
  });
}

test('in a narrow bottom panel it makes room, and without a tail it waits', async () => {
  const where = 'bottom' as const;
  const bottom = await harness.open({ ...flowing, where, viewport: { width: 520, height: 260 } });
  await bottom.records.first().waitFor();
  await expect.poll(() => bottom.button('Export…').isVisible()).toBe(false);
  await bottom.close();
  const starting = await harness.open({ isSilent: true });
  await starting.button('Export…').waitFor();
  await expect.poll(() => starting.button('Export…').isDisabled()).toBe(true);
  await starting.close();
});
