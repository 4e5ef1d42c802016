/** Puts the records of an exported file into a stream, each with its key and data, in their order. */
import * as vscode from 'vscode';
import type { PublishRequest } from '../../protocol/worker.ts';
import type { Command } from '../app.ts';
import { failure, UserError } from '../messages.ts';
import { askStream } from '../prompts/askTarget.ts';
import { choose } from '../prompts/choose.ts';
import { targetOf } from '../prompts/target.ts';
import { publish, publishedText } from './publish.ts';
import { showInTail } from './showInTail.ts';
import { unsavedOf } from './unsavedDocument.ts';

const title = 'Import Records';

type Order = Extract<PublishRequest['source'], { type: 'records' }>['order'];

export const importRecords: Command = {
  id: 'shardscope.importRecords',
  async run(app, argument) {
    const file = argument instanceof vscode.Uri ? argument : await askFile();
    const path = pathOf(file);
    const target = argument instanceof vscode.Uri ? {} : targetOf(app, argument);
    const chosen = await askStream(app, target, { title, writes: true });
    const order = await askOrder();
    const { stream } = chosen;
    const startedMs = app.times.nowMs(chosen.connection);
    const source = { type: 'records', path, order } as const;
    const job = { title: `Importing into ${stream}`, source };
    const result = await publish(app, chosen, job).catch((thrown) => {
      throw failure(`Importing into ${stream} failed`, thrown);
    });
    const show = showInTail(app, chosen, { startedMs });
    const said = publishedText(result, stream);
    if (result.failed > 0) app.messages.warn(said, show);
    else app.messages.info(said, show);
  },
};

async function askFile(): Promise<vscode.Uri> {
  const filters = { 'Exported records': ['jsonl', 'ndjson', 'csv'], 'All files': ['*'] };
  const chosen = await vscode.window.showOpenDialog({ title, filters, openLabel: 'Import' });
  if (!chosen?.[0]) throw new vscode.CancellationError();
  return chosen[0];
}

/** The worker reads it from disk, in pieces. */
function pathOf(file: vscode.Uri): string {
  if (file.scheme !== 'file') {
    throw new UserError(`Records are imported from files on disk: ${file.toString()} is none.`);
  }
  if (unsavedOf(file)) throw new UserError(`Save ${file.fsPath} first: it is read from disk.`);
  return file.fsPath;
}

function askOrder(): Promise<Order> {
  return choose<Order>({ title, prompt: 'Which order is kept, whatever the stream refuses' }, [
    {
      label: 'Of each shard',
      description: 'one record of a shard a call: exact, and slow with few shards',
      value: 'shard',
    },
    {
      label: 'Of each partition key',
      description: 'one record of a key a call: faster',
      value: 'key',
    },
  ]);
}
