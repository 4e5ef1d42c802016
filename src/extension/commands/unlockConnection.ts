/** Unlocks an AWS connection for writing in this window, after a question that names what is at stake. */
import * as vscode from 'vscode';
import type { App, Command } from '../app.ts';
import { type AwsConnectionInfo, connectionPhrase } from '../connections/connection.ts';
import { askAwsConnection } from '../prompts/askAwsConnection.ts';
import { targetOf } from '../prompts/target.ts';

export const unlockConnection: Command = {
  id: 'shardscope.unlockConnection',
  async run(app, argument) {
    const title = 'Unlock Connection for Writing';
    const info = await askAwsConnection(app, targetOf(app, argument), title);
    await unlock(app, info);
    app.messages.brief(`${info.label} is unlocked for writing until this window is closed.`);
  },
};

/** Rejects with a CancellationError when the user does not agree. `purpose`: the command that writes. */
export async function unlock(app: App, info: AwsConnectionInfo, purpose?: string): Promise<void> {
  if (info.writable) return;
  const needs = purpose ? `${purpose} needs it. ` : '';
  const agreed = await vscode.window.showWarningMessage(
    `Unlock ${connectionPhrase(info)} for writing?`,
    {
      modal: true,
      detail:
        `${needs}Until it is locked again or this window is closed, commands can create, delete ` +
        `and reshard streams and put records in account ${info.account ?? '(not known yet)'}, ` +
        `region ${info.region}. AWS charges for shards and records, and deleted streams do not come back.`,
    },
    'Unlock',
  );
  if (agreed !== 'Unlock') throw new vscode.CancellationError();
  await app.connections.setWritable(info.id, true);
}
