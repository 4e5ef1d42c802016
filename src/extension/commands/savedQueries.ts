/** The saved queries of the stream whose tail is meant: choose one, save, rename and delete. */
import type { Command } from '../app.ts';
import { withPanel } from './withPanel.ts';

export const savedQueries: Command = {
  id: 'shardscope.savedQueries',
  run: (app, argument) => withPanel(app, argument, (panel) => panel.chooseQuery()),
};
