/** Commands about one record of the open tail, about how its stream is decoded, and about what is hidden. */
import * as vscode from 'vscode';
import type { RecordCommand } from '../../protocol/record.ts';
import type { App, Command } from '../app.ts';
import { askStream } from '../prompts/askTarget.ts';
import { choose } from '../prompts/choose.ts';
import { targetOf } from '../prompts/target.ts';
import { decodeChoices } from '../records/decodeChoices.ts';

/** The panel knows which record is meant. */
async function toPanel(app: App, name: RecordCommand): Promise<void> {
  const { current } = app.panels;
  if (current) current.command(name);
  else await vscode.commands.executeCommand('shardscope.tailStream');
}

export const openRecord: Command = {
  id: 'shardscope.openRecord',
  run: (app) => toPanel(app, 'openRecord'),
};

export const selectRecordForCompare: Command = {
  id: 'shardscope.selectRecordForCompare',
  run: (app) => toPanel(app, 'selectRecord'),
};

export const compareRecordWithSelected: Command = {
  id: 'shardscope.compareRecordWithSelected',
  run: (app) => toPanel(app, 'compareRecord'),
};

export const copyLink: Command = {
  id: 'shardscope.copyLink',
  run: (app) => toPanel(app, 'copyLink'),
};

export const toggleMasking: Command = {
  id: 'shardscope.toggleMasking',
  run: (app) => app.records.masks.toggle(),
};

export const decodeAs: Command = {
  id: 'shardscope.decodeAs',
  async run(app, argument) {
    const title = 'Decode Stream As';
    const given = targetOf(app, argument);
    const target = given.stream ? given : { ...app.panels.current?.place };
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
