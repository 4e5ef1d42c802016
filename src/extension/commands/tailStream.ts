/** Tails a stream, in a tab or in the bottom panel; the keys and palette entries of open tails. */
import * as vscode from 'vscode';
import type { PanelEvents } from '../../protocol/panel.ts';
import type { App, Command } from '../app.ts';
import { askStart } from '../prompts/askStart.ts';
import { askStop } from '../prompts/askStop.ts';
import { askStream } from '../prompts/askTarget.ts';
import { targetOf } from '../prompts/target.ts';

const title = 'Tail Stream';

export const tailStream: Command = {
  id: 'shardscope.tailStream',
  async run(app, argument) {
    app.panels.showInEditor(await askStream(app, targetOf(app, argument), { title }));
  },
};

export const tailStreamInPanel: Command = {
  id: 'shardscope.tailStreamInPanel',
  async run(app, argument) {
    await app.panels.showInBottom(await askStream(app, targetOf(app, argument), { title }));
  },
};

/** Hidden, the bottom panel reads on; this ends it. */
export const closeTail: Command = {
  id: 'shardscope.closeTail',
  async run(app) {
    app.panels.closeBottom();
  },
};

/** Without an open tail there is nothing to pause or filter: a stream is asked for instead. */
async function toPanel(app: App, name: PanelEvents['command']['name']): Promise<void> {
  const { current } = app.panels;
  if (current) current.command(name);
  else await vscode.commands.executeCommand(tailStream.id);
}

/** Without an open tail a stream is asked for instead. */
export const startTailFrom: Command = {
  id: 'shardscope.startTailFrom',
  async run(app) {
    const { current } = app.panels;
    if (!current) return void (await vscode.commands.executeCommand(tailStream.id));
    await current.restart(await askStart());
  },
};

/** Without an open tail a stream is asked for instead. */
export const stopTailAt: Command = {
  id: 'shardscope.stopTailAt',
  async run(app) {
    const { current } = app.panels;
    if (!current) return void (await vscode.commands.executeCommand(tailStream.id));
    await current.stopAt(await askStop());
  },
};

export const toggleTailPause: Command = {
  id: 'shardscope.toggleTailPause',
  run: (app) => toPanel(app, 'togglePause'),
};

export const focusTailFilter: Command = {
  id: 'shardscope.focusTailFilter',
  run: (app) => toPanel(app, 'focusFilter'),
};

export const focusTailGrid: Command = {
  id: 'shardscope.focusTailGrid',
  run: (app) => toPanel(app, 'focusGrid'),
};

export const toggleTailDetails: Command = {
  id: 'shardscope.toggleTailDetails',
  run: (app) => toPanel(app, 'toggleDetails'),
};
