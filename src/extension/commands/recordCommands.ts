/** Commands about one record of the open tail, about how its stream is decoded, and about what is hidden. */
import type { Command } from '../app.ts';
import { askStream } from '../prompts/askTarget.ts';
import { choose } from '../prompts/choose.ts';
import { targetOf } from '../prompts/target.ts';
import { decodeChoices } from '../records/decodeChoices.ts';
import { panelCommand } from './withPanel.ts';

export const openRecord = panelCommand('shardscope.openRecord', 'openRecord');

export const selectRecordForCompare = panelCommand(
  'shardscope.selectRecordForCompare',
  'selectRecord',
);

export const compareRecordWithSelected = panelCommand(
  'shardscope.compareRecordWithSelected',
  'compareRecord',
);

export const copyLink = panelCommand('shardscope.copyLink', 'copyLink');

export const toggleMasking: Command = {
  id: 'shardscope.toggleMasking',
  run: (app) => app.records.masks.toggle(),
};

export const decodeAs: Command = {
  id: 'shardscope.decodeAs',
  async run(app, argument) {
    const title = 'Decode Stream As';
    const given = targetOf(app, argument);
    const target = given.stream ? given : { ...app.panels.meant()?.place };
    const { connection, stream } = await askStream(app, target, { title });
    const now = app.records.pins.of({ connection, stream }).join();
    const choices = decodeChoices.map(({ label, detail, decoders }) => ({
      label,
      ...(detail !== undefined && { detail }),
      ...(decoders.join() === now && { description: 'now' }),
      value: decoders,
    }));
    const question = { title, prompt: `How records of ${stream} are decoded` };
    await app.records.pins.set({ connection, stream }, await choose(question, choices));
  },
};
