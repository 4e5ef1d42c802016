/** Puts each line of a file or of a selection as a record. */
import * as vscode from 'vscode';
import type { PublishRequest } from '../../protocol/worker.ts';
import type { Command } from '../app.ts';
import { failure } from '../messages.ts';
import { askStream } from '../prompts/askTarget.ts';
import { askText, choose } from '../prompts/choose.ts';
import { targetOf } from '../prompts/target.ts';
import { publish, publishedText } from './publish.ts';
import { showInTail } from './showInTail.ts';
import { unsavedOf } from './unsavedDocument.ts';

const title = 'Publish Lines';

type Source = Extract<PublishRequest['source'], { type: 'text' | 'file' }>;

export const publishLines: Command = {
  id: 'shardscope.publishLines',
  async run(app, argument) {
    const source = await askSource(argument);
    const target = argument instanceof vscode.Uri ? {} : targetOf(app, argument);
    const chosen = await askStream(app, target, { title, writes: true });
    const keyField = await askKeyField();
    const { stream } = chosen;
    const startedMs = app.times.nowMs(chosen.connection);
    const job = { title: `Publishing into ${stream}`, source: { ...source, keyField } };
    const result = await publish(app, chosen, job).catch((thrown) => {
      throw failure(`Publishing into ${stream} failed`, thrown);
    });
    const show = showInTail(app, chosen, { startedMs });
    const said = publishedText(result, stream);
    if (result.failed > 0) app.messages.warn(said, show);
    else app.messages.info(said, show);
  },
};

/** The file that the explorer names, the selection, the editor's document, or a file that is asked for. */
async function askSource(argument: unknown): Promise<Source> {
  if (argument instanceof vscode.Uri) return sourceOf(argument);
  const editor = vscode.window.activeTextEditor;
  if (!editor) return askFile();
  const { document, selection } = editor;
  const whole = { label: 'All lines of the editor', description: document.fileName };
  const choices = [
    ...(selection.isEmpty ? [] : [{ label: 'The selected lines', value: 'selection' as const }]),
    { ...whole, value: 'document' as const },
    { label: 'A file…', value: 'file' as const },
  ];
  const answer = await choose({ title, prompt: 'Which lines' }, choices);
  if (answer === 'file') return askFile();
  const range = answer === 'selection' ? wholeLines(selection) : undefined;
  return { type: 'text', text: document.getText(range) };
}

function wholeLines({ start, end }: vscode.Selection): vscode.Range {
  const lastLine = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  return new vscode.Range(start.line, 0, lastLine, Number.MAX_SAFE_INTEGER);
}

async function askFile(): Promise<Source> {
  const chosen = await vscode.window.showOpenDialog({ title, openLabel: 'Publish Its Lines' });
  if (!chosen?.[0]) throw new vscode.CancellationError();
  return sourceOf(chosen[0]);
}

/** A file on disk is read by the worker, in pieces; what only the editor has, or can read, goes as text. */
async function sourceOf(uri: vscode.Uri): Promise<Source> {
  const unsaved = unsavedOf(uri);
  if (unsaved) return { type: 'text', text: unsaved.getText() };
  if (uri.scheme === 'file') return { type: 'file', path: uri.fsPath };
  const bytes = await vscode.workspace.fs.readFile(uri);
  return { type: 'text', text: new TextDecoder().decode(bytes) };
}

/** Undefined: a random key for each record. */
async function askKeyField(): Promise<string | undefined> {
  const isField = await choose({ title, prompt: 'Partition keys' }, [
    { label: 'Random', description: 'spread over all shards', value: false },
    { label: 'A field of each JSON line…', description: 'same value, same shard', value: true },
  ]);
  if (!isField) return undefined;
  const check = (text: string) => (text.trim() ? undefined : 'The name of a field');
  const prompt = 'The field that holds the partition key';
  return (await askText({ title, prompt, placeHolder: 'customerId', check })).trim();
}
