/** The saved queries of the stream whose tail is in front: choose one, save, rename and delete. */
import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { tailStream } from './tailStream.ts';

/** Without an open tail a stream is asked for instead. */
export const savedQueries: Command = {
  id: 'shardscope.savedQueries',
  async run(app) {
    const { current } = app.panels;
    if (current) await current.chooseQuery();
    else await vscode.commands.executeCommand(tailStream.id);
  },
};
