/** Takes, restores and deletes snapshots of the local engine: copies of all its streams and its clock. */
import * as vscode from 'vscode';
import { type SnapshotInfo, snapshotsMax } from '../../admin/controls.ts';
import type { App, Command } from '../app.ts';
import { localConnectionId } from '../connections/connection.ts';
import { UserError } from '../messages.ts';
import { askText, choose } from '../prompts/choose.ts';
import { timeText } from '../tree/engineConditions.ts';
import { counted } from '../tree/labels.ts';
import { bytesText } from '../tree/trafficText.ts';
import { freeName, snapshotNameProblem } from './controlAnswers.ts';
import { engineWork, needEngine } from './engineWork.ts';

export const takeSnapshot: Command = {
  id: 'shardscope.takeSnapshot',
  async run(app, argument) {
    const title = 'Take Snapshot';
    const known = await (await needEngine(app, argument, title)).snapshots();
    if (known.length >= snapshotsMax) throw tooMany();
    const name = await askText({
      title,
      prompt: 'Name of the snapshot: a copy of all streams, their records and the clock',
      value: freeName(known),
      check: (text) => snapshotNameProblem(text, known),
    });
    const taken = await engineWork(app, {
      title: `Taking snapshot ${name}`,
      failed: `Snapshot ${name} was not taken`,
      run: (engine) => engine.takeSnapshot(name),
    });
    app.messages.brief(`Snapshot ${name} is taken: ${contentOf(taken)}.`);
  },
};

const tooMany = (): UserError =>
  new UserError(
    `There are ${snapshotsMax} snapshots, as many as an engine keeps. Delete one first.`,
    {
      title: 'Delete a Snapshot',
      run: () => vscode.commands.executeCommand('shardscope.deleteSnapshot'),
    },
  );

export const restoreSnapshot: Command = {
  id: 'shardscope.restoreSnapshot',
  async run(app, argument) {
    const snapshot = await askSnapshot(app, argument, 'Restore Snapshot');
    if (!snapshot) return;
    const { name, takenMs } = snapshot;
    const { state } = app.engine;
    const count = state.type === 'running' ? state.status.streamCount : 0;
    app.messages.warn(
      `Restoring ${name} of ${timeText(takenMs)} brings back ${contentOf(snapshot)} and the clock of then. ` +
        `What the engine has now, ${counted(count, 'stream')} with all records, is gone.`,
      { title: `Restore ${name}`, run: () => restore(app, name) },
    );
  },
};

async function restore(app: App, name: string): Promise<void> {
  await engineWork(app, {
    title: `Restoring snapshot ${name}`,
    failed: `Snapshot ${name} was not restored`,
    run: (engine) => engine.restoreSnapshot(name),
  });
  app.directory.forget({ connection: localConnectionId });
  app.messages.brief(`The local Kinesis engine is as it was in snapshot ${name}.`);
}

export const deleteSnapshot: Command = {
  id: 'shardscope.deleteSnapshot',
  async run(app, argument) {
    const snapshot = await askSnapshot(app, argument, 'Delete Snapshot');
    if (!snapshot) return;
    const { name, takenMs } = snapshot;
    app.messages.warn(
      `Deleting snapshot ${name} of ${timeText(takenMs)} removes its copy of ${contentOf(snapshot)}; ` +
        'what the engine has now stays.',
      { title: `Delete ${name}`, run: () => remove(app, name) },
    );
  },
};

async function remove(app: App, name: string): Promise<void> {
  await engineWork(app, {
    title: `Deleting snapshot ${name}`,
    failed: `Snapshot ${name} was not deleted`,
    run: (engine) => engine.deleteSnapshot(name),
  });
  app.messages.brief(`Snapshot ${name} is deleted.`);
}

/** Undefined when there is none, which is said. */
async function askSnapshot(
  app: App,
  argument: unknown,
  title: string,
): Promise<SnapshotInfo | undefined> {
  const known = await (await needEngine(app, argument, title)).snapshots();
  if (known.length === 0) {
    const run = () => vscode.commands.executeCommand('shardscope.takeSnapshot');
    app.messages.info('The local engine has no snapshots.', { title: 'Take Snapshot', run });
    return undefined;
  }
  const choices = known
    .toSorted((a, b) => b.takenMs - a.takenMs)
    .map((snapshot) => ({
      label: snapshot.name,
      description: `${timeText(snapshot.takenMs)}, ${contentOf(snapshot)}`,
      value: snapshot,
    }));
  return choose({ title, prompt: 'Choose a snapshot' }, choices);
}

const contentOf = ({ streamCount, bytes }: SnapshotInfo): string =>
  `${counted(streamCount, 'stream')}, ${bytesText(bytes)}`;
