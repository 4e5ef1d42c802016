/** What a panel asks about the queries of its stream, done by the window. */
import * as vscode from 'vscode';
import type { Handlers } from '../../protocol/channel.ts';
import type { PanelMethods } from '../../protocol/panel.ts';
import { type QueryWork, saveQuery } from '../queries/askQuery.ts';
import type { SavedQueries } from '../queries/savedQueries.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';

/** The panel that asks. */
export interface QueryPanel {
  readonly place: StreamPlace | undefined;
  /** Throws while no stream is shown. */
  queryWork(text: string): QueryWork;
  chooseQuery(text: string): Promise<void>;
}

type Methods = Pick<PanelMethods, 'queries' | 'noteQuery' | 'saveQuery' | 'manageQueries'>;

export function queryHandlers(queries: SavedQueries, panel: QueryPanel): Handlers<Methods> {
  return {
    queries: async () => (panel.place ? queries.of(panel.place) : { saved: [], recent: [] }),
    noteQuery: async ({ text }) => {
      if (panel.place) await queries.used(panel.place, text);
    },
    saveQuery: ({ text }) => unlessCancelled(saveQuery(panel.queryWork(text))),
    manageQueries: ({ text }) => unlessCancelled(panel.chooseQuery(text)),
  };
}

/** Who goes away from a question wants nothing. */
async function unlessCancelled(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (thrown) {
    if (!(thrown instanceof vscode.CancellationError)) throw thrown;
  }
}
