/** Leads a tail to a time or a record among its rows; where that is not held, offers to start the tail there. */
import * as vscode from 'vscode';
import type { App, Command } from '../app.ts';
import type { PanelSession } from '../panels/panelSession.ts';
import { askPlace, type PlaceAsked } from '../prompts/askStart.ts';
import { wordsOf } from '../prompts/moments.ts';

const goToMeant = {
  title: 'Go to Time or Sequence Number',
  record: 'Goes to this record.',
  from: 'Goes to the first row that arrived from',
};

/** Without an open tail a stream is asked for instead. */
export const goTo: Command = {
  id: 'shardscope.goTo',
  async run(app) {
    const { current } = app.panels;
    if (current) await lead(app, { panel: current, place: await askPlace(goToMeant) });
    else await vscode.commands.executeCommand('shardscope.tailStream');
  },
};

export const toggleTailHistogram: Command = {
  id: 'shardscope.toggleTailHistogram',
  async run(app) {
    const { current } = app.panels;
    if (current) current.command('toggleHistogram');
    else await vscode.commands.executeCommand('shardscope.tailStream');
  },
};

interface Journey {
  readonly panel: PanelSession;
  readonly place: PlaceAsked;
}

async function lead(app: App, { panel, place }: Journey): Promise<void> {
  const found = await panel.leadTo(place);
  if (found === 'filtered') {
    app.messages.info('It is held, but the filter leaves it out.', {
      title: 'Clear the Filter',
      run: async () => {
        await panel.clearFilter();
        await panel.leadTo(place);
      },
    });
  } else if (found === 'notYet') {
    app.messages.info('Nothing that is held arrived at this time or later.');
  } else if (found === 'notHeld') {
    app.messages.info(`${notHeldWords(place)} Starting there gives up the rows that are held.`, {
      title: 'Start the Tail There',
      run: () => panel.restart(place),
    });
  }
}

function notHeldWords(place: PlaceAsked): string {
  return place.type === 'AT_TIMESTAMP'
    ? `What the tail holds begins later than ${wordsOf(place.timestampMs)}.`
    : 'No record with this sequence number is among those held.';
}
