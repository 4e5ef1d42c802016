// Two streams are open, one in the active tab and one in the bottom panel: what is pressed in one acts on that one.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { WindowParts } from '../../src/extension/extension.ts';
import { unpackTick } from '../../src/protocol/packedTick.ts';
import type { TailTick } from '../../src/protocol/tail.ts';
import { type FakePage, type FakeTab, fakeBottom, fakeTabs } from './support/fakePanels.ts';
import { answering } from './support/prompts.ts';
import { theExtension, until, windowParts } from './support/window.ts';

const place = (stream: string) => ({ connection: 'local', stream });
const [above, below] = ['above', 'below'];

interface Key {
  readonly command: string;
  readonly when: string;
  readonly args?: { panel?: string };
}

describe('a tab and the bottom panel with another stream', () => {
  let parts: WindowParts;
  let tab: FakeTab;
  let bottom: ReturnType<typeof fakeBottom>;
  let pages: Record<string, FakePage>;
  const ticks = new Map<number, TailTick>();
  const tickOf = (stream: string): TailTick | undefined => {
    const held = parts.panels.heldRows((rows) => rows.stream === stream);
    return held && ticks.get(held.tail);
  };
  const startOf = (stream: string) => tickOf(stream)?.start.type;
  const run = (command: string, argument?: unknown) =>
    vscode.commands.executeCommand(`shardscope.${command}`, argument);
  /** The page that was told `command` by what `task` does. */
  const told = async (command: string, task: () => PromiseLike<unknown>): Promise<string[]> => {
    for (const page of Object.values(pages)) page.commands.length = 0;
    await task();
    return Object.keys(pages).filter((name) => pages[name]!.commands.includes(command));
  };

  before(async () => {
    parts = await windowParts();
    await parts.engine.start();
    const streams = [above, below].map((name) => ({ name, shards: 1 }));
    await parts.engine.admin('ensure-streams', { streams });
    parts.worker.onTick((packed) => {
      const tick = unpackTick(packed);
      ticks.set(tick.tail, tick);
    });
    [tab] = (await fakeTabs(() => run('tailStream', place(above)))) as [FakeTab];
    bottom = fakeBottom(parts, place(below));
    pages = { [above]: tab.page, [below]: bottom.page };
    for (const page of Object.values(pages)) await page.start();
    await until('both tails', () =>
      [above, below].every((stream) => tickOf(stream)?.state === 'live'),
    );
  });

  after(async () => {
    tab.panel.dispose();
    bottom.close();
    await parts.engine.admin('reset');
    await parts.engine.stop();
  });

  it('starts and stops the tail whose button was pressed', async () => {
    const start = await answering({ answers: ['10m'] }, () =>
      bottom.page.channel.call('chooseStart', {}),
    );
    assert.deepEqual(start.prompts, ['Start Tail From']);
    await until('a start', () => startOf(below) === 'AT_TIMESTAMP');
    assert.equal(startOf(above), 'LATEST');
    await answering({ answers: ['100'] }, () => bottom.page.channel.call('chooseStop', {}));
    await until('a stop', () => tickOf(below)?.stop?.type === 'AFTER_RECORDS');
    assert.equal(tickOf(above)?.stop, undefined);
    await answering({ answers: ['100'] }, () => tab.page.channel.call('chooseStop', {}));
    await until('another stop', () => tickOf(above)?.stop?.type === 'AFTER_RECORDS');
  });

  it('goes to a time in the rows whose key was pressed', async () => {
    const put = (stream: string) =>
      answering({ answers: ['{}', 'key'] }, () => run('putRecord', place(stream)));
    await put(below);
    await until('a record', () => tickOf(below)?.records.held === 1);
    const went = await answering({ answers: ['1h'] }, () => bottom.page.channel.call('goTo', {}));
    assert.deepEqual(went.prompts, ['Go to Time or Sequence Number']);
    assert.match(went.messages.join(), /What the tail holds begins later/);
  });

  it('tells the panel in which a key was pressed', async () => {
    const { keybindings } = theExtension().packageJSON.contributes as { keybindings: Key[] };
    const names: Record<string, string> = {
      'shardscope.toggleTailPause': 'togglePause',
      'shardscope.focusTailFilter': 'focusFilter',
      'shardscope.focusTailGrid': 'focusGrid',
      'shardscope.toggleTailDetails': 'toggleDetails',
    };
    const keys = keybindings.filter(({ command }) => names[command]);
    assert.equal(keys.length, 8);
    for (const { command, when, args } of keys) {
      const isOfBottom = when.includes("shardscope.focusedTail == 'bottom'");
      assert.ok(isOfBottom || when.includes("&& shardscope.focusedTail != 'bottom'"), when);
      const heard = await told(names[command]!, () =>
        vscode.commands.executeCommand(command, args),
      );
      assert.deepEqual(heard, [isOfBottom ? below : above], command);
    }
  });

  it('takes the panel that had the focus last for one that the palette means', async () => {
    const byPalette = (): Promise<string[]> => told('togglePause', () => run('toggleTailPause'));
    for (const stream of [below, above, below]) {
      await pages[stream]!.channel.call('focused', { has: true });
      assert.deepEqual(await byPalette(), [stream]);
      assert.deepEqual(await told('openRecord', () => run('openRecord')), [stream]);
      assert.equal(parts.panels.meant()?.place?.stream, stream);
    }
  });
});
