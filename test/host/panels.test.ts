// A stream's panel: its tail follows, survives a worker thread's death, and ends with its tab.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { WindowParts } from '../../src/extension/extension.ts';
import { unpackTick } from '../../src/protocol/packedTick.ts';
import type { TailTick } from '../../src/protocol/tail.ts';
import { answering } from './support/prompts.ts';
import { until, windowParts } from './support/window.ts';

const stream = 'clicks';
const target = { connection: 'local', stream };
const tabs = (): vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => tab.input instanceof vscode.TabInputWebview && tab.label === stream);

describe('a stream panel', () => {
  let parts: WindowParts;
  const ticks: TailTick[] = [];
  const put = (data: string) =>
    answering({ answers: [data, 'key'] }, () =>
      vscode.commands.executeCommand('shardscope.putRecord', target),
    );

  before(async () => {
    parts = await windowParts();
    await parts.engine.start();
    await parts.engine.admin('ensure-streams', { streams: [{ name: stream, shards: 2 }] });
    parts.worker.onTick((packed) => ticks.push(unpackTick(packed)));
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await parts.engine.admin('reset');
    await parts.engine.stop();
  });

  it('opens as one tab a stream, however often it is asked for', async () => {
    await vscode.commands.executeCommand('shardscope.tailStream', target);
    await until('a tab', () => tabs().length === 1);
    await vscode.commands.executeCommand('shardscope.tailStream', target);
    assert.equal(tabs().length, 1);
  });

  it('follows what is put', async () => {
    await until('live', () => ticks.at(-1)?.state === 'live');
    await put('one');
    await until('a record', () => ticks.at(-1)?.records.held === 1);
  });

  it('goes on in a new worker thread, from where it was, and says so', async () => {
    const before = ticks.at(-1)!.tail;
    const death = new Promise((resolve) => parts.worker.onDied(resolve));
    parts.worker.terminate();
    await death;
    ticks.length = 0;
    const tick = await until('the record in another tail', () =>
      ticks.find(({ records }) => records.held === 1),
    );
    assert.notEqual(tick.tail, before, 'its panel would take it for the tail before');
    const page = await parts.worker.call('tailPage', {
      tail: tick.tail,
      from: tick.view.first,
      count: 10,
    });
    const said = page.rows.map((each) => (each.kind === 'event' ? each.text : ''));
    assert.match(said.join(), /opened again here: its worker thread ended/);
  });

  it('shows in the tree what its stream carries', async () => {
    await put('two');
    await until('two records', () => ticks.at(-1)?.records.held === 2);
  });

  it('keeps queries of its stream by name, and uses, renames and deletes them by the palette', async () => {
    const queries = async (...answers: string[]) =>
      answering({ answers }, () => vscode.commands.executeCommand('shardscope.savedQueries'));
    await until('the tab in front', () => parts.panels.meant() !== undefined);
    await parts.worker.call('filterTail', { tail: ticks.at(-1)!.tail, text: 'one' });
    await until('a filter', () => ticks.at(-1)?.filter === 'one');
    const { prompts } = await queries('Save one', 'mine');
    assert.deepEqual(prompts, ['Saved Queries', 'Save Query']);
    await parts.worker.call('filterTail', { tail: ticks.at(-1)!.tail, text: 'two' });
    await until('another filter', () => ticks.at(-1)?.filter === 'two');
    await queries('mine');
    await until('the saved query', () => ticks.at(-1)?.filter === 'one');
    await queries('Rename', 'mine', 'ours');
    const { choices } = await queries('Delete', 'ours');
    assert.deepEqual(choices[1], ['ours']);
    const { saved, recent } = parts.queries.of(target);
    assert.deepEqual({ saved, recent }, { saved: [], recent: ['one'] });
  });

  it('ends its tail when its tab is closed', async () => {
    const { tail } = ticks.at(-1)!;
    await vscode.window.tabGroups.close(tabs());
    await until('the tail is gone', () =>
      parts.worker.call('tailPage', { tail, from: 0, count: 1 }).then(
        () => false,
        () => true,
      ),
    );
  });

  it('keeps its rows at the bottom when it is asked for again there', async () => {
    const show = () => vscode.commands.executeCommand('shardscope.tailStreamInPanel', target);
    const tails = () => ticks.map(({ tail }) => tail);
    const before = Math.max(...tails());
    await show();
    const tail = await until('its tail', () => tails().find((each) => each > before));
    await parts.worker.call('filterTail', { tail, text: 'one' });
    await until('a filter', () =>
      ticks.some((tick) => tick.tail === tail && tick.filter === 'one'),
    );
    await show();
    await parts.worker.call('filterTail', { tail, text: 'two' });
    await until('the same', () =>
      ticks.some((tick) => tick.tail === tail && tick.filter === 'two'),
    );
    assert.equal(Math.max(...tails()), tail);
    await vscode.commands.executeCommand('shardscope.closeTail');
    await show();
    await until('another tail', () => tails().some((each) => each > tail));
    await vscode.commands.executeCommand('shardscope.closeTail');
  });
});
