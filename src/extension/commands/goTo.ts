/** Leads a tail to a time or a record among its rows; where that is not held, offers to start the tail there. */
import type { App, Command } from '../app.ts';
import type { PanelSession } from '../panels/panelSession.ts';
import { askPlace, type PlaceAsked } from '../prompts/askStart.ts';
import { panelCommand, timesOf, withPanel } from './withPanel.ts';

const goToMeant = {
  title: 'Go to Time or Sequence Number',
  record: 'Goes to this record.',
  from: 'Goes to the first row that arrived from',
};

export const goTo: Command = {
  id: 'shardscope.goTo',
  run: (app, argument) =>
    withPanel(app, argument, async (panel) =>
      lead(app, { panel, place: await askPlace(timesOf(app, panel), goToMeant) }),
    ),
};

export const toggleTailHistogram = panelCommand(
  'shardscope.toggleTailHistogram',
  'toggleHistogram',
);

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
    app.messages.info(
      `${notHeldWords(app, place)} Starting there gives up the rows that are held.`,
      {
        title: 'Start the Tail There',
        run: () => panel.startAt(place),
      },
    );
  }
}

function notHeldWords({ times }: App, place: PlaceAsked): string {
  return place.type === 'AT_TIMESTAMP'
    ? `What the tail holds begins later than ${times.words(place.timestampMs)}.`
    : 'No record with this sequence number is among those held.';
}
