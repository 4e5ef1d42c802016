/** Tails a stream, in a tab or in the bottom panel; the keys and palette entries of open tails. */
import type { Command } from '../app.ts';
import { askStart } from '../prompts/askStart.ts';
import { askStop } from '../prompts/askStop.ts';
import { askStream } from '../prompts/askTarget.ts';
import { targetOf } from '../prompts/target.ts';
import { panelCommand, timesOf, withPanel } from './withPanel.ts';

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

export const startTailFrom: Command = {
  id: 'shardscope.startTailFrom',
  run: (app, argument) =>
    withPanel(app, argument, async (panel) => panel.restart(await askStart(timesOf(app, panel)))),
};

export const stopTailAt: Command = {
  id: 'shardscope.stopTailAt',
  run: (app, argument) =>
    withPanel(app, argument, async (panel) => panel.stopAt(await askStop(timesOf(app, panel)))),
};

export const toggleTailPause = panelCommand('shardscope.toggleTailPause', 'togglePause');

export const focusTailFilter = panelCommand('shardscope.focusTailFilter', 'focusFilter');

export const focusTailGrid = panelCommand('shardscope.focusTailGrid', 'focusGrid');

export const toggleTailDetails = panelCommand('shardscope.toggleTailDetails', 'toggleDetails');
