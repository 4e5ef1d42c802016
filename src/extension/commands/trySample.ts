/** Publishes the shipped flights into a stream of the local engine, with its tail open. */
import * as vscode from 'vscode';
import { isKinesisError } from '../../kinesis/errors.ts';
import type { App, Command } from '../app.ts';
import { localConnectionId } from '../connections/connection.ts';
import { failure } from '../messages.ts';
import { askConnection, type ChosenStream } from '../prompts/askTarget.ts';
import { publish, publishedText } from './publish.ts';
import { waitUntilActive } from './waitUntilActive.ts';

const stream = 'flights';
const shardCount = 4;

export const trySample: Command = {
  id: 'shardscope.trySample',
  async run(app) {
    const need = { title: 'Try It with Sample Data', localOnly: true };
    const chosen = await askConnection(app, { connection: localConnectionId }, need);
    const flights: ChosenStream = { ...chosen, stream };
    await ensureStream(app, flights);
    const timestampMs = app.times.nowMs(flights.connection);
    app.panels.showInEditor(flights, { type: 'AT_TIMESTAMP', timestampMs });
    await publishSample(app, flights);
  },
};

/** A stream that is there is used as it is. */
async function ensureStream(app: App, chosen: ChosenStream): Promise<void> {
  const { connection, kinesis } = chosen;
  try {
    await kinesis.createStream({ StreamName: stream, ShardCount: shardCount });
    app.directory.forget({ connection });
  } catch (thrown) {
    if (!isKinesisError(thrown, 'ResourceInUseException')) {
      throw failure(`Stream ${stream} was not created`, thrown);
    }
  }
  await waitUntilActive(app, chosen, `Creating ${stream}`);
}

async function publishSample(app: App, chosen: ChosenStream): Promise<void> {
  const file = vscode.Uri.joinPath(app.context.extensionUri, 'media', 'sample', 'flights.ndjson');
  const source = { type: 'sample', path: file.fsPath } as const;
  const job = { title: 'Publishing flights', source, isQuiet: true };
  const result = await publish(app, chosen, job).catch((thrown) => {
    throw failure('The sample was not published', thrown);
  });
  const again = { title: 'Run Again', run: () => publishSample(app, chosen) };
  const said = publishedText(result, stream);
  if (result.failed > 0) app.messages.warn(said, again);
  else app.messages.info(said, again);
}
