// Every command of the palette works with nothing selected: it asks for what it needs, or acts.
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { WindowParts } from '../../src/extension/extension.ts';
import { answering } from './support/prompts.ts';
import { theExtension, windowParts } from './support/window.ts';

/** Commands that need no answer, with what they say or do instead. */
const acting = new Set([
  'shardscope.closeTail',
  'shardscope.copyEndpoint',
  'shardscope.openSettings',
  'shardscope.refresh',
  'shardscope.refreshJournal',
  'shardscope.showJournal',
  'shardscope.showLog',
  'shardscope.showMoreStreams', // the only connection is the local engine, whose list is whole
  'shardscope.startClock',
  'shardscope.startEngine',
  'shardscope.stopClock', // the next one in the palette starts it again
]);
/** Commands that say something with a button instead of asking. */
const saying = new Set([
  'shardscope.clearFaults',
  'shardscope.deleteSnapshot',
  'shardscope.dropDamagedStream',
  'shardscope.resetEngine',
  'shardscope.restoreSnapshot',
  'shardscope.showFaults',
  'shardscope.toggleMasking',
  'shardscope.trySample',
]);
const last = 'shardscope.stopEngine';

describe('commands from the palette', () => {
  let parts: WindowParts;

  before(async () => {
    parts = await windowParts();
    await parts.engine.start();
    await parts.engine.admin('ensure-streams', { streams: [{ name: 'clicks', shards: 2 }] });
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    if (parts.engine.state.type === 'running') await parts.engine.stop();
  });

  const { commands } = theExtension().packageJSON.contributes as {
    commands: { command: string; title: string }[];
  };
  for (const { command, title } of commands) {
    if (command === last || command === 'shardscope.trySample') continue;
    it(`${title} ${acting.has(command) ? 'acts' : 'asks'}`, async () => {
      const heard = await answering({}, () => vscode.commands.executeCommand(command));
      const failures = heard.messages.filter((message) =>
        /defect|undefined|TypeError/.test(message),
      );
      assert.deepEqual(failures, []);
      if (acting.has(command)) return;
      if (saying.has(command)) assert.equal(heard.messages.length, 1);
      else assert.equal(heard.prompts.length, 1, `${command} asked: ${heard.prompts.join()}`);
    });
  }
});
