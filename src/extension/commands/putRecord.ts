/** Puts one record: what is selected in the editor, or what is typed. */
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { partitionKeyCharactersMax } from '../../kinesis/limits.ts';
import { isPartitionKeyShort } from '../../kinesis/partitionKey.ts';
import { shortShardId } from '../../kinesis/shardId.ts';
import type { Command } from '../app.ts';
import { failure } from '../messages.ts';
import { askStream } from '../prompts/askTarget.ts';
import { askText, choose } from '../prompts/choose.ts';
import { targetOf } from '../prompts/target.ts';
import { showInTail } from './showInTail.ts';

const title = 'Put Record';

export const putRecord: Command = {
  id: 'shardscope.putRecord',
  async run(app, argument) {
    const chosen = await askStream(app, targetOf(app, argument), { title, writes: true });
    const { kinesis, stream } = chosen;
    const text = await askData(stream);
    const key = await askText({
      title,
      prompt: 'Partition key: it decides the shard',
      value: randomUUID(),
      check: checkPartitionKey,
    });
    const answer = await kinesis
      .putRecord({ StreamName: stream, Data: new TextEncoder().encode(text), PartitionKey: key })
      .catch((thrown) => {
        throw failure(`The record was not put into ${stream}`, thrown);
      });
    const { SequenceNumber: sequenceNumber } = answer;
    const show = showInTail(app, chosen, { sequenceNumber });
    const shard = shortShardId(answer.ShardId);
    const said = `Put into shard ${shard} of ${stream}, sequence number ${sequenceNumber}.`;
    app.messages.info(said, show);
  },
};

export function checkPartitionKey(text: string): string | undefined {
  if (text !== '' && isPartitionKeyShort(text)) return undefined;
  return `A partition key has 1 to ${partitionKeyCharactersMax} characters`;
}

/** The selection is offered when there is one. */
async function askData(stream: string): Promise<string> {
  const editor = vscode.window.activeTextEditor;
  const selected = editor && !editor.selection.isEmpty && editor.document.getText(editor.selection);
  if (selected) {
    const isSelection = await choose({ title, prompt: `Data of the record for ${stream}` }, [
      { label: 'The selection', description: firstLine(selected), value: true },
      { label: 'Type it…', value: false },
    ]);
    if (isSelection) return selected;
  }
  const placeHolder = '{"id": 1}';
  return askText({ title, prompt: `Data of the record for ${stream}`, placeHolder });
}

const firstLine = (text: string): string => text.trimStart().split('\n', 1)[0]!.slice(0, 80);
