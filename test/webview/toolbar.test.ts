// Room for the toolbar: at every width each of its controls is in sight, and the filter is long enough to be read.
import { expect, test } from 'vitest';
import { startedHarness } from './harness/startedHarness.ts';

const harness = startedHarness();

/** Controls that are drawn, with their right edges beyond the panel; and the width of the filter. */
const measured = `(() => {
  const drawn = [...document.querySelectorAll('.toolbar > *')].filter((element) => element.offsetWidth > 0);
  return {
    beyond: drawn.filter((element) => element.getBoundingClientRect().right > innerWidth).map((element) => element.textContent),
    filterPx: document.querySelector('.filter').offsetWidth,
    names: drawn.map((element) => element.textContent.trim()),
    backwards: drawn.slice(1).filter((element, at) => {
      const [before, own] = [drawn[at].getBoundingClientRect(), element.getBoundingClientRect()];
      return own.left < before.right && own.top < before.bottom - 1;
    }).map((element) => element.textContent.trim()),
  };
})()`;

interface Measured {
  readonly beyond: string[];
  readonly filterPx: number;
  readonly names: string[];
  /** Drawn before what the Tab key comes to before it. */
  readonly backwards: string[];
}

test.each([
  ['editor', 480, 860],
  ['bottom', 660, 260],
] as const)('at the %s nothing of it is cut off, from %i px on', async (where, least, height) => {
  const panel = await harness.open({ rows: 40, where });
  await panel.records.first().waitFor();
  await panel.filter.fill('a');
  for (let width = 1200; width >= least; width -= 20) {
    await panel.page.setViewportSize({ width, height });
    const { beyond, filterPx, names, backwards } = await panel.page.evaluate<Measured>(measured);
    expect(beyond, `beyond ${width} px`).toEqual([]);
    expect(backwards, `the order at ${width} px`).toEqual([]);
    expect(filterPx, `the filter at ${width} px`).toBeGreaterThanOrEqual(120);
    if (where === 'editor') expect(names.join()).toMatch(/Columns,Export…,Put record/);
  }
  expect(panel.complaints).toEqual([]);
  await panel.close();
});

test('a record under its rows leaves the foot alone, in the lowest window too', async () => {
  const panel = await harness.open({ rows: 40, viewport: { width: 580, height: 350 } });
  await panel.row(35).click();
  await panel.details.locator('.facts').waitFor();
  const bottom = async (selector: string) => {
    const box = (await panel.page.locator(selector).boundingBox())!;
    return box.y + box.height;
  };
  const footTop = (await panel.page.locator('.foot').boundingBox())!.y;
  await expect.poll(() => bottom('.details')).toBeLessThanOrEqual(footTop);
  expect((await panel.grid.boundingBox())!.height).toBeGreaterThan(90);
  await panel.page.locator('.foot').scrollIntoViewIfNeeded();
  await panel.picture('low-narrow');
  await expect.poll(() => bottom('.foot')).toBeLessThanOrEqual(350);
  await panel.close();
});
