// A record of megabytes in the details: each block of its text is made once, and laid out only in sight.
import { describe, expect, test, vi } from 'vitest';
import { blockCharactersMax, blocksOf, piecesBehind } from '../../webview/details/textBlocks.ts';
import { piecesOf } from '../../webview/grid/tokens.ts';
import { closeClean, type PanelPage } from './harness/openPanel.ts';
import { startedHarness } from './harness/startedHarness.ts';

const joined = (blocks: ReturnType<typeof blocksOf>): string[] =>
  blocks.map((block) => block.map(({ text }) => text).join(''));

describe('blocksOf()', () => {
  test('loses nothing, and halves no character', () => {
    for (const before of ['', 'a']) {
      const text = before + '😀'.repeat(20_000);
      const parts = joined(blocksOf(text));
      expect(parts.join('') === text).toBe(true);
      expect(parts.every((part) => !/\p{Cs}/u.test(part))).toBe(true);
      expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(
        blockCharactersMax,
      );
    }
  });

  test('cuts behind a line break where there is one', () => {
    const text = `${'some words of a line\n'.repeat(3000)}end`;
    const parts = joined(blocksOf(text));
    expect(parts.length).toBeGreaterThan(5);
    expect(parts.slice(0, -1).every((part) => part.endsWith('\n'))).toBe(true);
    expect(parts.join('') === text).toBe(true);
  });

  test('looks for line breaks in its own block only', () => {
    const text = 'word'.repeat(100_000);
    let looked = 0;
    const { lastIndexOf } = String.prototype;
    const spy = vi.spyOn(String.prototype, 'lastIndexOf').mockImplementation(function (
      this: string,
      ...asked
    ) {
      looked += this.length;
      return lastIndexOf.apply(this, asked);
    });
    blocksOf(text);
    spy.mockRestore();
    expect(looked).toBeGreaterThan(0);
    expect(looked).toBeLessThanOrEqual(text.length);
  });

  test('keeps the look and the place of each piece', () => {
    const text = JSON.stringify(Array.from({ length: 2000 }, (_, id) => ({ id, name: 'n' })));
    const matches = [{ start: blockCharactersMax - 2, end: blockCharactersMax + 2 }];
    const blocks = blocksOf(text, piecesOf(text, { isJson: true, matches }));
    const all = blocks.flat();
    expect(all.every((piece) => text.startsWith(piece.text, piece.start))).toBe(true);
    const matched = all.filter(({ isMatch }) => isMatch);
    expect(matched.map((piece) => piece.text).join('')).toBe(
      text.slice(matches[0]!.start, matches[0]!.end),
    );
    const kinds = new Set(all.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['plain', 'name', 'number', 'string']));
    expect(piecesBehind(all, 100)[0]?.start).toBe(100);
    expect(blocksOf('')).toEqual([]);
  });
});

describe('the details', () => {
  let panel: PanelPage;
  const harness = startedHarness(() => panel);

  async function open(value: string, before = ''): Promise<void> {
    panel = await harness.open({ rows: 200 });
    await panel.records.first().waitFor();
    await panel.page.evaluate(before);
    await panel.page.evaluate(`harness.setValue(205, ${value})`);
    await panel.host('append(20)');
    await panel.row(205).click();
    await panel.details.getByText('Sequence').waitFor();
  }

  const more = () => panel.button(/^Show more/);
  const shownCharacters = (): Promise<number> =>
    panel.page.evaluate(`document.querySelector('.details pre').textContent.length`);

  test('a line of 2 MiB is shown piece by piece: none is made twice, those out of sight are not laid out', async () => {
    const listening = `(() => {
      globalThis.inSight = new Set();
      const note = ({ target, skipped }) => skipped ? inSight.delete(target) : inSight.add(target);
      document.addEventListener('contentvisibilityautostatechange', note, true);
    })()`;
    await open(`'word'.repeat(512 * 1024)`, listening);
    await panel.button(/^Show more \(2,031,616 characters left\)/).waitFor();
    expect(await shownCharacters()).toBe(64 * 1024);
    await panel.page.evaluate(`(() => {
      globalThis.made = { added: 0, other: 0 };
      new MutationObserver((records) => {
        for (const { addedNodes, removedNodes, type } of records) {
          made.added += addedNodes.length;
          made.other += removedNodes.length + (type === 'childList' ? 0 : 1);
        }
      }).observe(document.querySelector('.details pre'), {
        childList: true, characterData: true, attributes: true, subtree: true,
      });
    })()`);
    let shown = 64 * 1024;
    while (shown < 2 ** 21) {
      await more().press('Enter');
      shown = Math.min(2 ** 21, shown + 256 * 1024);
      await expect.poll(shownCharacters).toBe(shown);
    }
    await more().waitFor({ state: 'detached' });
    expect(await panel.page.evaluate('made')).toEqual({ added: 248, other: 0 });
    const laidOut = await panel.page.evaluate<number>('inSight.size');
    expect(laidOut).toBeGreaterThan(0);
    expect(laidOut).toBeLessThan(20);
  });

  test('no character is halved where the colours end', async () => {
    for (const before of ['', 'a']) {
      await open(`JSON.stringify({ text: '${before}' + '😀'.repeat(40000) })`);
      await more().press('Enter');
      await more().waitFor({ state: 'detached' });
      const shown = await panel.page.evaluate<string>(
        `document.querySelector('.details pre').textContent`,
      );
      expect(shown.split('😀')).toHaveLength(40_001);
      if (!before) await closeClean(panel);
    }
  });

  test('a value in a later block has its own menu', async () => {
    await open(
      `JSON.stringify(Object.fromEntries(Array.from({ length: 900 }, (_, id) => ['key' + id, 'name of ' + id])))`,
    );
    const value = panel.details.locator('.text-block').nth(2).locator('.token-string').nth(3);
    const text = (await value.textContent())!;
    expect(text).toMatch(/^"name of \d{3}"$/);
    await value.click({ button: 'right' });
    await panel.page.getByRole('menu').getByText(text).first().waitFor();
    await panel.page.keyboard.press('Escape');
  });

  test('what is selected over blocks is copied as it is', async () => {
    await open(`'word'.repeat(8 * 1024)`);
    const copied = await panel.page.evaluate<string>(`(() => {
      const whole = document.querySelector('.details pre');
      getSelection().selectAllChildren(whole);
      const clipboardData = new DataTransfer();
      whole.dispatchEvent(new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }));
      return clipboardData.getData('text/plain');
    })()`);
    expect(copied === 'word'.repeat(8 * 1024)).toBe(true);
  });

  test('a line has no breaks where blocks end, also in what is selected from outside of it', async () => {
    await open(`'word'.repeat(8 * 1024)`);
    const lines = await panel.page.evaluate<number[]>(`(() => {
      const blocks = document.querySelectorAll('.text-block');
      const [tab, last] = [document.querySelector('vscode-panel-tab'), [...blocks].at(-1)];
      getSelection().setBaseAndExtent(tab, 0, last.lastChild, last.lastChild.length);
      return getSelection().toString().split('\\n').map((line) => line.length);
    })()`);
    expect(lines.at(-1)).toBe(32 * 1024);
  });

  test('lines of bytes keep their width, and the last can be scrolled to', async () => {
    await open(`'word'.repeat(64 * 1024)`);
    await panel.page.getByRole('tab', { name: 'Hex' }).click();
    const block = panel.page.locator('.text-block').first();
    await block.waitFor();
    const [width, height] = await block.evaluate((element) => [
      element.clientWidth,
      element.clientHeight / (element.textContent ?? '').trimEnd().split('\n').length,
    ]);
    expect(width).toBeGreaterThan(450);
    expect(height).toBe(17);
    const across = await panel.page.evaluate<number>(`(() => {
      const view = document.querySelector('#hex-view');
      view.scrollLeft = 1e6;
      return view.scrollLeft + view.clientWidth;
    })()`);
    expect(across).toBeGreaterThan(width!);
    await panel.picture('long-hex');
  });
});
