/** Asks for one of the AWS connections in the settings, or offers to add the first. */
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { type AwsConnectionInfo, connectionDescription } from '../connections/connection.ts';
import { UserError } from '../messages.ts';
import type { Target } from '../tree/nodes.ts';
import { choose } from './choose.ts';

const addNew = Symbol('add');

/** Rejects with a CancellationError when there is none and the user adds one instead. */
export async function askAwsConnection(
  app: App,
  target: Target,
  title: string,
): Promise<AwsConnectionInfo> {
  const named = app.connections.find(target.connection ?? '');
  if (named?.kind === 'local') {
    throw new UserError(`${title} is for AWS connections: the local engine needs no lock.`);
  }
  if (named) return named;
  const known = app.connections.aws().map((info) => ({
    label: info.label,
    description: connectionDescription(info),
    value: info as AwsConnectionInfo | typeof addNew,
  }));
  const add = { label: '$(add) Add a connection…', value: addNew as typeof addNew };
  const answer = await choose<AwsConnectionInfo | typeof addNew>(
    { title, prompt: 'Choose a connection' },
    known.length > 0 ? known : [add],
  );
  if (answer !== addNew) return answer;
  await vscode.commands.executeCommand('shardscope.addConnection');
  throw new vscode.CancellationError();
}
