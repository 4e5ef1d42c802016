// A place that is not among the rows of a panel is shown once its tail has come to it, however it was asked for.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { WindowParts } from '../../src/extension/extension.ts';
import { formatLink } from '../../src/extension/links.ts';
import { unpackTick } from '../../src/protocol/packedTick.ts';
import type { TailStart, TailTick } from '../../src/protocol/tail.ts';
import { type FakePage, type FakeTab, fakeBottom, fakeTabs } from './support/fakePanels.ts';
import { answering } from './support/prompts.ts';
import { theExtension, until, windowParts } from './support/window.ts';

const stream = 'letters';
const place = { connection: 'local', stream };

describe('a place that a panel does not hold', () => {
  let parts: WindowParts;
  const ticks = new Map<number, TailTick>();
  const open: { dispose(): void }[] = [];
  const numbers: string[] = [];

  const run = (command: string, argument?: unknown) =>
    vscode.commands.executeCommand(`shardscope.${command}`, argument);
  const lastTail = (): number => Math.max(...ticks.keys());
  const put = async (data: string, buttons: string[] = []) => {
    const { messages } = await answering({ answers: [data, 'key'], buttons }, () =>
      run('putRecord', place),
    );
    numbers.push(/sequence number (\d+)/.exec(messages.join())![1]!);
  };
  const follow = (start: TailStart, filter = '') => {
    const base = `${vscode.env.uriScheme}://${theExtension().id}`;
    const link = formatLink(base, { ...place, start, filter });
    return parts.links.handleUri(vscode.Uri.parse(link, true));
  };
  const at = (sequenceNumber: string) => ({ type: 'AT_SEQUENCE_NUMBER', sequenceNumber }) as const;

  async function tabOf(task: () => PromiseLike<unknown>): Promise<FakeTab> {
    const before = lastTail();
    const [tab] = (await fakeTabs(task)) as [FakeTab];
    open.push(tab.panel);
    await tab.page.start();
    await until('its tail', () => lastTail() > before);
    return tab;
  }

  /** The data of the row that the page was led to. */
  async function shownIn(page: FakePage, tail = lastTail()): Promise<string> {
    const position = await until('a row to show', () => page.revealed.shift());
    const { rows } = await parts.worker.call('tailPage', { tail, from: position, count: 1 });
    assert.equal(rows[0]?.kind, 'record');
    return rows[0].preview;
  }

  before(async () => {
    parts = await windowParts();
    await parts.engine.start();
    ticks.set(0, {} as TailTick);
    parts.worker.onTick((packed) => {
      const tick = unpackTick(packed);
      ticks.set(tick.tail, tick);
    });
    await parts.engine.admin('ensure-streams', { streams: [{ name: stream, shards: 1 }] });
    for (const data of ['one', 'two', 'three']) await put(data);
  });

  afterEach(() => {
    for (const panel of open.splice(0)) panel.dispose();
  });

  after(async () => {
    await parts.engine.admin('reset');
    await parts.engine.stop();
  });

  it('is shown in the tab that a link to it opens', async () => {
    const { page } = await tabOf(() => follow(at(numbers[1]!)));
    assert.equal(await shownIn(page), 'two');
  });

  it('is shown where only the bottom panel has the stream, from later on', async () => {
    const before = lastTail();
    const bottom = fakeBottom(parts, place);
    open.push({ dispose: () => bottom.close() });
    await bottom.page.start();
    await until('live', () => lastTail() > before && ticks.get(lastTail())?.state === 'live');
    await put('four');
    await until('a record', () => ticks.get(lastTail())?.records.held === 1);
    const { page } = await tabOf(() => follow(at(numbers[0]!)));
    assert.equal(await shownIn(page), 'one');
    assert.deepEqual(bottom.page.revealed, []);
  });

  it('is shown when the tail is started there', async () => {
    const { page } = await tabOf(() => run('tailStream', place));
    await until('live', () => ticks.get(lastTail())?.state === 'live');
    await put('five');
    await until('a record', () => ticks.get(lastTail())?.records.held === 1);
    const buttons = ['Start the Tail There'];
    const { messages } = await answering({ answers: [numbers[2]!], buttons }, () =>
      page.channel.call('goTo', {}),
    );
    assert.match(messages.join(), /No record with this sequence number is among those held/);
    assert.equal(await shownIn(page), 'three');
    await answering({ answers: ['1h'], buttons }, () => page.channel.call('goTo', {}));
    assert.equal(await shownIn(page), 'one');
  });

  it('is copied as a link that can be opened, or not at all', async () => {
    const { page } = await tabOf(() => run('tailStream', place));
    const tail = lastTail();
    const copied = async (text: string): Promise<string> => {
      await page.channel.call('filter', { text });
      await until(text, () => ticks.get(tail)?.filter === text);
      await page.channel.call('copyLink', {});
      return vscode.env.clipboard.readText();
    };
    const family = '"\u{1f469}\u200d\u{1f4bb}"';
    const { query } = vscode.Uri.parse(await copied(family), true);
    assert.equal(new URLSearchParams(query).get('filter'), family);
    await vscode.env.clipboard.writeText('mine');
    await assert.rejects(
      copied('"\u202egpj.exe"'),
      /No link was copied: its filter is too long or has unseen characters\./,
    );
    assert.equal(await vscode.env.clipboard.readText(), 'mine');
  });

  it('is shown in a tab that is open when it was put, with all rows and whatever filter', async () => {
    const { page, panel } = await tabOf(() => run('tailStream', place));
    const tail = lastTail();
    await until('live', () => ticks.get(tail)?.state === 'live');
    await put('six');
    await until('a record', () => ticks.get(tail)?.records.held === 1);
    await page.channel.call('filter', { text: 'six' });
    await put('seven', ['Show in Tail']);
    assert.equal(await shownIn(page, tail), 'seven');
    await page.channel.call('pause', {});
    await until('paused', () => ticks.get(tail)?.state === 'paused');
    await put('eight', ['Show in Tail']);
    assert.equal(await shownIn(page, tail), 'eight');
    const { records, start, filter } = ticks.get(tail)!;
    assert.deepEqual([records.held, start.type, filter], [3, 'LATEST', '']);
    assert.equal(panel.title, stream);
  });

  it('is not shown to a user who has gone elsewhere meanwhile', async () => {
    const { page } = await tabOf(() => run('tailStream', place));
    const tail = lastTail();
    await until('live', () => ticks.get(tail)?.state === 'live');
    await put('nine');
    await until('a record', () => ticks.get(tail)?.records.held === 1);
    await follow({ type: 'AT_TIMESTAMP', timestampMs: Date.now() });
    // What the link has the worker asked, one after the other, is answered before this is.
    for (let asked = 0; asked < 3; asked++) {
      await page.channel.call('positionAt', { timestampMs: 0 });
    }
    assert.equal(page.owes, 1);
    await page.channel.call('left', {});
    await put('ten');
    await until('the next', () => ticks.get(tail)?.records.held === 2);
    // Asked after all that the tick had the panel ask.
    await page.channel.call('positionAt', { timestampMs: 0 });
    assert.deepEqual(page.revealed, []);
  });
});
