/** Opens the journal of the local engine's calls, or brings it up to date. */
import type { App, Command } from '../app.ts';
import { needEngine } from './engineWork.ts';

async function show(app: App, argument: unknown): Promise<void> {
  await needEngine(app, argument, 'Show Journal');
  await app.journal.show();
}

export const showJournal: Command = { id: 'shardscope.showJournal', run: show };

/** In the title of the document; it is given the document's address, which is no target. */
export const refreshJournal: Command = {
  id: 'shardscope.refreshJournal',
  run: (app) => show(app, undefined),
};
