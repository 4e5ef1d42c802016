/**
 * Records as read-only documents of the editor, and two of them side by side. Their text comes from the worker, which
 * decodes and masks it; here it goes through and is kept by nobody but the editor.
 */
import * as vscode from 'vscode';
import { Emitter } from '../../base/emitter.ts';
import { messageOf } from '../../base/errors.ts';
import type { KeptRecord } from '../../protocol/record.ts';
import type { RecordAsked } from '../../protocol/tail.ts';
import { UserError } from '../messages.ts';
import type { StreamPlace } from '../tree/streamDirectory.ts';
import type { WorkerThread } from '../worker/workerThread.ts';
import { compareTitle, type NamedRecord, titleOf } from './recordTitles.ts';

export const recordScheme = 'shardscope-record';

/** A record of an open tail. */
export interface RecordOfTail extends StreamPlace {
  readonly tail: number;
  readonly asked: RecordAsked;
}

interface Kept extends NamedRecord {
  readonly document: number;
  readonly uri: vscode.Uri;
}

const goneText =
  'This record is kept no longer: the window was reloaded, or it was closed for newer ones. Open it again from its tail.';

export class RecordDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly worker: WorkerThread;
  /** By address, so that a record has one document however often it is opened. */
  private readonly kept = new Map<string, Kept>();
  private selectedRecord: Kept | undefined;
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly selectedAnew = new Emitter<void>();
  private readonly listening: vscode.Disposable[];

  readonly onDidChange = this.changed.event;
  /** Another record is the one to compare with. */
  readonly onSelected = this.selectedAnew.event;

  constructor(worker: WorkerThread) {
    this.worker = worker;
    this.listening = [
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.closed(uri)),
      // Numbers are of one worker; what the editor shows stays.
      { dispose: worker.onDied(() => this.forgetAll()).dispose },
    ];
  }

  /** The title of the record that others can be compared with. */
  get selected(): string | undefined {
    return this.selectedRecord && titleOf(this.selectedRecord);
  }

  /** Never rejects: what could not be read is said in its place. */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const record = this.kept.get(uri.toString());
    if (!record) return goneText;
    try {
      const text = await this.worker.call('recordText', { document: record.document });
      return text === undefined ? goneText : forEditor(text);
    } catch (thrown) {
      return `The record could not be read: ${messageOf(thrown)}`;
    }
  }

  async open(record: RecordOfTail): Promise<void> {
    const { uri } = await this.keep(record);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  }

  /** Keeps the record to be compared with others, also when its row is gone by then. */
  async select(record: RecordOfTail): Promise<void> {
    const before = this.selectedRecord;
    this.selectedRecord = await this.keep(record);
    if (before && before.uri.toString() !== this.selectedRecord.uri.toString()) {
      this.releaseUnused(before);
    }
    this.selectedAnew.fire();
  }

  /** The selected record on the left, this one on the right. */
  async compare(record: RecordOfTail): Promise<void> {
    const left = this.selectedRecord;
    if (!left) {
      throw new UserError('No record is selected to compare with. Use Select for Compare first.');
    }
    const right = await this.keep(record);
    if (right.uri.toString() === left.uri.toString()) {
      throw new UserError('This is the selected record itself. Choose another one to compare.');
    }
    const title = compareTitle(left, right);
    await vscode.commands.executeCommand('vscode.diff', left.uri, right.uri, title);
  }

  /** Records are decoded or masked otherwise: open documents show it. */
  refresh(): void {
    for (const { uri } of this.kept.values()) this.changed.fire(uri);
  }

  dispose(): void {
    for (const listening of this.listening) listening.dispose();
    this.changed.dispose();
  }

  private async keep({ connection, stream, tail, asked }: RecordOfTail): Promise<Kept> {
    const found = await this.worker.call('keepRecord', { tail, ...asked });
    if (!found) {
      throw new UserError('This record is held no longer: newer ones took its place.');
    }
    const record = { connection, stream, ...found };
    const uri = uriOf(record);
    const known = this.kept.get(uri.toString());
    if (known) this.release(known.document);
    const kept = { ...record, uri };
    this.kept.set(uri.toString(), kept);
    if (known && this.selectedRecord === known) this.selectedRecord = kept;
    return kept;
  }

  private closed(uri: vscode.Uri): void {
    const record = this.kept.get(uri.toString());
    if (record && record !== this.selectedRecord) this.releaseUnused(record);
  }

  /** An editor that shows it has its text; one that is opened again asks for the record anew. */
  private releaseUnused(record: Kept): void {
    const key = record.uri.toString();
    if (vscode.workspace.textDocuments.some(({ uri }) => uri.toString() === key)) return;
    this.kept.delete(key);
    this.release(record.document);
  }

  private release(document: number): void {
    if (!this.worker.isRunning) return;
    this.worker.call('releaseRecord', { document }).catch(() => undefined);
  }

  private forgetAll(): void {
    this.kept.clear();
    this.selectedRecord = undefined;
    this.selectedAnew.fire();
  }
}

/** The editor takes a byte order mark for one of a file, and drops it: of two it shows the second. */
const forEditor = (text: string): string => (text.startsWith('\ufeff') ? `\ufeff${text}` : text);

/** Its name is the tab's title, and the editor tells the language by its ending. */
function uriOf(record: StreamPlace & KeptRecord): vscode.Uri {
  const { connection, stream, shardId, sequenceNumber, subSequenceNumber, isJson } = record;
  return vscode.Uri.from({
    scheme: recordScheme,
    path: `/${titleOf(record)}.${isJson ? 'json' : 'txt'}`,
    query: JSON.stringify([connection, stream, shardId, sequenceNumber, subSequenceNumber ?? null]),
  });
}
